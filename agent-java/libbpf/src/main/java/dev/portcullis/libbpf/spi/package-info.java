// SPDX-License-Identifier: Apache-2.0

/**
 * What a backend provides: libbpf's functions as they are in C, with {@code int} for everything of
 * 32 bits and {@code long} for sizes, pointers and everything of 64 bits. Structures and strings
 * are laid out above, in direct buffers, so that a backend has nothing to decide.
 */
package dev.portcullis.libbpf.spi;
