// SPDX-License-Identifier: Apache-2.0
/**
 * Generated states and packets, for the modules that are compared with the reference model. Each is
 * a function of its seed. A parser of frames tells the model what packet one holds.
 */
package dev.portcullis.policy.testing;
