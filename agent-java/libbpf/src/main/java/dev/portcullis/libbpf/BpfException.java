// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf;

/**
 * A call of libbpf or the kernel failed. The message names the operation, the object, and the
 * cause; for a program that the verifier rejected it ends with the last lines of the verifier's
 * log.
 */
public final class BpfException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int errno;
    private final String operation;
    private final String object;
    private final String verifierLog;

    public BpfException(String operation, String object, int errno) {
        this(operation, object, errno, "");
    }

    /**
     * @param detail what is known beyond the error number, or an empty string
     */
    public BpfException(String operation, String object, int errno, String detail) {
        this(operation, object, errno, detail, "");
    }

    private BpfException(
            String operation, String object, int errno, String detail, String verifierLog) {
        super(
                operation
                        + " "
                        + object
                        + ": "
                        + Errno.describe(errno)
                        + (detail.isEmpty() ? "" : ": " + detail));
        this.errno = errno;
        this.operation = operation;
        this.object = object;
        this.verifierLog = verifierLog;
    }

    static BpfException rejected(String object, int errno, String verifierLog) {
        String tail = VerifierLog.tail(verifierLog);
        return new BpfException("load", object, errno, tail, verifierLog);
    }

    /** The error number, positive. */
    public int errno() {
        return errno;
    }

    /** The error number's name in C, such as {@code EACCES}. */
    public String errnoName() {
        return Errno.nameOf(errno);
    }

    /** What was attempted, such as {@code pin}. */
    public String operation() {
        return operation;
    }

    /** On what it was attempted, such as {@code map flows}. */
    public String object() {
        return object;
    }

    /** The whole log of the verifier if it rejected a program, else empty. */
    public String verifierLog() {
        return verifierLog;
    }
}
