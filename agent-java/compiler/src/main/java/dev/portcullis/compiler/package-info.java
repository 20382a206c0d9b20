// SPDX-License-Identifier: Apache-2.0

/**
 * Compiles the desired state into an {@link dev.portcullis.compiler.Image}: plain values that the
 * data plane writes into maps. Overlap and precedence are solved here, once, so that the kernel
 * does a fixed number of look-ups a packet. Nothing here needs a kernel.
 */
package dev.portcullis.compiler;
