// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

/**
 * @param entries used, in the slot that is live
 */
public record MapUsage(String map, long entries, long capacity) {}
