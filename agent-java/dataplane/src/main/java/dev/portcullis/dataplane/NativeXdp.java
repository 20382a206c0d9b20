// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

/** Whether an interface's driver can run XDP programs itself, in its present setting. */
public enum NativeXdp {
    SUPPORTED,
    MISSING,
    /** The kernel does not tell: it is older than 6.3. */
    UNKNOWN
}
