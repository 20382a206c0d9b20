/** Objects in the parts in which they travel over gRPC. */
package dev.portcullis.policy.transfer;
