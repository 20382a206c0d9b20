// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.sets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;

class LimitedBodyTest {
    private boolean cancelled;

    private final Flow.Subscription subscription =
            new Flow.Subscription() {
                @Override
                public void request(long count) {}

                @Override
                public void cancel() {
                    cancelled = true;
                }
            };

    private CompletableFuture<byte[]> body(LimitedBody body, int... parts) {
        body.onSubscribe(subscription);
        for (int size : parts) {
            body.onNext(List.of(ByteBuffer.wrap(new byte[size])));
        }
        body.onComplete();
        return body.getBody().toCompletableFuture();
    }

    @Test
    void a_body_up_to_the_limit_is_taken_whole() {
        assertThat(body(new LimitedBody(10, 0), 4, 6).join()).hasSize(10);
        assertThat(cancelled).isFalse();
    }

    @Test
    void a_body_beyond_the_limit_is_cancelled() {
        CompletableFuture<byte[]> body = body(new LimitedBody(10, 0), 4, 7, 1);

        assertThatThrownBy(body::join).hasCauseInstanceOf(LimitedBody.TooLargeException.class);
        assertThat(cancelled).isTrue();
    }

    @Test
    void a_body_that_is_announced_as_too_large_is_cancelled_at_once() {
        CompletableFuture<byte[]> body = body(new LimitedBody(10, 11));

        assertThatThrownBy(body::join).hasCauseInstanceOf(LimitedBody.TooLargeException.class);
        assertThat(cancelled).isTrue();
    }
}
