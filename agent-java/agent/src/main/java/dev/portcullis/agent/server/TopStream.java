// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.server;

import dev.portcullis.api.v1.TopResponse;
import dev.portcullis.dataplane.Dataplane;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Answers to one client about who is denied most. One that does not take the last answer gets the
 * next when it has, with rates over the longer time.
 */
final class TopStream {
    /** One thread for all clients: a look at the kernel's counts takes it some milliseconds. */
    private static final ScheduledThreadPoolExecutor LOOKS =
            new ScheduledThreadPoolExecutor(
                    1,
                    task -> {
                        Thread thread = new Thread(task, "top");
                        thread.setDaemon(true);
                        return thread;
                    });

    static {
        // Else what a client had been told would be kept until its next turn.
        LOOKS.setRemoveOnCancelPolicy(true);
    }

    private final Dataplane dataplane;
    private final TopRanking ranking;
    private final ServerCallStreamObserver<TopResponse> client;

    private TopStream(
            Dataplane dataplane, TopRanking ranking, ServerCallStreamObserver<TopResponse> client) {
        this.dataplane = dataplane;
        this.ranking = ranking;
        this.client = client;
    }

    /** Sends until the client cancels. */
    static void start(
            Supplier<TopQuestion> question,
            Dataplane dataplane,
            ServerCallStreamObserver<TopResponse> client) {
        TopQuestion asked;
        try {
            asked = question.get();
        } catch (RuntimeException e) {
            client.onError(Failures.of(e));
            return;
        }
        TopStream stream = new TopStream(dataplane, new TopRanking(asked), client);
        long interval = asked.interval().toMillis();
        Future<?> looks =
                LOOKS.scheduleAtFixedRate(stream::look, 0, interval, TimeUnit.MILLISECONDS);
        client.setOnCancelHandler(() -> looks.cancel(false));
    }

    private void look() {
        if (client.isCancelled() || !client.isReady()) {
            return;
        }
        try {
            client.onNext(
                    ranking.next(
                            System.nanoTime(),
                            dataplane.droppedSources(),
                            dataplane.counters(),
                            dataplane.reports().sourcesLimited()));
        } catch (RuntimeException e) {
            client.onError(Failures.of(e));
            throw e;
        }
    }
}
