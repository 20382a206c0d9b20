// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf.jnr;

import dev.portcullis.libbpf.spi.MapFunctions;

/**
 * {@link MapFunctions} without a function of exactly six arguments: on x86-64 jnr-ffi spoils the
 * sixth one, but not that of a function of seven (<a
 * href="https://github.com/jnr/jnr-ffi/issues/181">jnr-ffi issue 181</a>). The seventh is in a
 * place that the function doesn't look at.
 */
@SuppressWarnings("MemberName") // The names are those of the C functions, by which they are found.
public interface JnrMapFunctions extends MapFunctions {
    int bpf_map_create(
            int type,
            long name,
            int keySize,
            int valueSize,
            int maxEntries,
            long options,
            long unused);

    @Override
    default int bpf_map_create(
            int type, long name, int keySize, int valueSize, int maxEntries, long options) {
        return bpf_map_create(type, name, keySize, valueSize, maxEntries, options, 0);
    }
}
