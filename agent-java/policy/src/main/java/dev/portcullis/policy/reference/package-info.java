// SPDX-License-Identifier: Apache-2.0
/**
 * The verdict written down to be obviously right: a list and a loop. It shares nothing with the
 * compiler and the kernel, which are tested against it.
 */
package dev.portcullis.policy.reference;
