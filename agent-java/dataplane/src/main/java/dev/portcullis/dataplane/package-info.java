// SPDX-License-Identifier: Apache-2.0

/**
 * Owns the kernel side: loads or adopts the programs and maps, writes a rule set into the slot that
 * is not live and flips, attaches to interfaces, reads counters and reports of drops, and asks the
 * loaded program about test packets.
 */
package dev.portcullis.dataplane;
