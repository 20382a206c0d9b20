// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import java.time.Duration;

/**
 * How long a conversation is known after its last packet. The defaults are those of Linux's own
 * connection tracking (nf_conntrack_*_timeout*).
 */
public enum ConversationTimeout {
    /** Only one side was heard. */
    TCP_OPENING(KernelLayout.TIMEOUTS_TCP_OPENING, Duration.ofMinutes(2)),
    TCP_ESTABLISHED(KernelLayout.TIMEOUTS_TCP_ESTABLISHED, Duration.ofDays(5)),
    /** At least one side has sent FIN. */
    TCP_CLOSING(KernelLayout.TIMEOUTS_TCP_CLOSING, Duration.ofMinutes(2)),
    /** After RST. */
    TCP_CLOSED(KernelLayout.TIMEOUTS_TCP_CLOSED, Duration.ofSeconds(10)),
    /** Only one side was heard. */
    UDP(KernelLayout.TIMEOUTS_UDP, Duration.ofSeconds(30)),
    UDP_STREAM(KernelLayout.TIMEOUTS_UDP_STREAM, Duration.ofMinutes(2)),
    /** Only one side was heard. */
    SCTP_OPENING(KernelLayout.TIMEOUTS_SCTP_OPENING, Duration.ofSeconds(3)),
    SCTP_ESTABLISHED(KernelLayout.TIMEOUTS_SCTP_ESTABLISHED, Duration.ofSeconds(210)),
    /** After SHUTDOWN or ABORT. */
    SCTP_CLOSING(KernelLayout.TIMEOUTS_SCTP_CLOSING, Duration.ofSeconds(3)),
    ICMP(KernelLayout.TIMEOUTS_ICMP, Duration.ofSeconds(30));

    private final int offset;
    private final Duration standard;

    ConversationTimeout(int offset, Duration standard) {
        this.offset = offset;
        this.standard = standard;
    }

    /** In the kernel's {@code struct timeouts}. */
    int offset() {
        return offset;
    }

    public Duration standard() {
        return standard;
    }
}
