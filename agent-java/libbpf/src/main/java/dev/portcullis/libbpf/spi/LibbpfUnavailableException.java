// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf.spi;

/** libbpf can't be used here; the message is one sentence that says why and what helps. */
public final class LibbpfUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public LibbpfUnavailableException(String message) {
        super(message);
    }

    public LibbpfUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }

    /** What a backend throws when the library itself is missing; tells why up to a line's end. */
    public static LibbpfUnavailableException missingLibrary(Throwable cause) {
        String why = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
        return new LibbpfUnavailableException(
                "libbpf.so.1 can't be loaded (" + why + "): install Debian's package libbpf1",
                cause);
    }
}
