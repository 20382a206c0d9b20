// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

/**
 * An interface that the patterns match and that is not guarded, because others are in its place.
 *
 * @param reason which ones, as what follows the name, such as {@code is a member of bond0, …}
 */
public record LeftAlone(String name, int index, String reason) {}
