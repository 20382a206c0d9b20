// SPDX-License-Identifier: Apache-2.0

/** The libbpf backend over jnr-ffi, for JDK 17 and newer. */
package dev.portcullis.libbpf.jnr;
