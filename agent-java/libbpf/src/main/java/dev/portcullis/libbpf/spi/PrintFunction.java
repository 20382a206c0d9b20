// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf.spi;

/** Receives libbpf's log lines. */
@FunctionalInterface
public interface PrintFunction {
    /**
     * Called by libbpf for each line; must not throw.
     *
     * @param level 0 for a warning, 1 for information, 2 for debugging
     * @param format a format of printf
     * @param arguments the {@code va_list}, to be passed on to {@link LibcFunctions#vsnprintf}
     * @return ignored by libbpf
     */
    int print(int level, long format, long arguments);
}
