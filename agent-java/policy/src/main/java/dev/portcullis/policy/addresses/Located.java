// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.addresses;

/**
 * A text in a document.
 *
 * @param place its path, such as {@code prefixes[3].ip_prefix}
 */
record Located(String place, String text) {}
