// SPDX-License-Identifier: Apache-2.0

/**
 * The libbpf backend over {@code java.lang.foreign}, for JDK 22 and newer. Each C function has a
 * method handle in a constant, which the compiler sees through, so that a call costs what it costs
 * in C.
 */
package dev.portcullis.libbpf.panama;
