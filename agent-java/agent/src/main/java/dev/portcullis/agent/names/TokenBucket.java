// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.names;

/**
 * So many queries a second, of which a second's worth may come at once. What was begun is finished,
 * on credit that is paid back first. Belongs to one thread.
 */
final class TokenBucket {
    private static final long SECOND = 1_000_000_000;

    private final int perSecond;

    /** When all credit is paid back and the bucket is full, on the caller's clock. */
    private long full;

    TokenBucket(int perSecond, long now) {
        this.perSecond = perSecond;
        this.full = now;
    }

    void take(long now) {
        full = Math.max(full, now) + SECOND / perSecond;
    }

    /** Nanoseconds until something may begin; 0 if it may now. */
    long delay(long now) {
        return Math.max(0, full - now - SECOND + SECOND / perSecond);
    }
}
