// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.file;

/**
 * A text to read objects from.
 *
 * @param name the file's name, or {@code -} for standard input; messages begin with it
 */
public record SourceText(String name, String text) {}
