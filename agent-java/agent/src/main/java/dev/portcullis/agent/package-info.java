/** The daemon. */
package dev.portcullis.agent;
