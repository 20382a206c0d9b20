// SPDX-License-Identifier: Apache-2.0
/**
 * From files of other systems to objects: pure functions from a text to objects with comments,
 * which say what could not be carried over.
 */
package dev.portcullis.policy.imports;
