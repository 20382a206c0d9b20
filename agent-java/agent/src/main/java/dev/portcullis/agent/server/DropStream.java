// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.server;

import dev.portcullis.agent.control.OriginalText;
import dev.portcullis.agent.control.Times;
import dev.portcullis.api.v1.WatchDropsRequest;
import dev.portcullis.api.v1.WatchDropsResponse;
import dev.portcullis.dataplane.Dataplane;
import dev.portcullis.dataplane.Drop;
import dev.portcullis.dataplane.ReportTotals;
import dev.portcullis.policy.model.Address;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Drops on their way to one watcher. A watcher that takes them slower than they come misses some,
 * and is told how many; it never holds up the others or the agent.
 */
final class DropStream {
    private static final int QUEUE = 1_024;

    private final Dataplane dataplane;
    private final String resource;
    private final ServerCallStreamObserver<WatchDropsResponse> watcher;
    private final Queue<Drop> queue = new ArrayDeque<>();
    private AutoCloseable watch;
    private long missed;
    private long unreported;

    private DropStream(
            Dataplane dataplane,
            WatchDropsRequest request,
            ServerCallStreamObserver<WatchDropsResponse> watcher) {
        this.dataplane = dataplane;
        this.resource = request.getResource();
        this.watcher = watcher;
        this.unreported = unreported(dataplane);
    }

    /** Sends until the client cancels. */
    static void start(
            Dataplane dataplane,
            WatchDropsRequest request,
            ServerCallStreamObserver<WatchDropsResponse> watcher) {
        DropStream stream = new DropStream(dataplane, request, watcher);
        watcher.setOnReadyHandler(stream::drain);
        watcher.setOnCancelHandler(stream::close);
        stream.watch = dataplane.watchDrops(stream::add);
    }

    private static long unreported(Dataplane dataplane) {
        ReportTotals totals = dataplane.reports();
        return totals.limited() + totals.lost();
    }

    private void add(Drop drop) {
        if (!resource.isEmpty() && !resource.equals(drop.decision().resource())) {
            return;
        }
        synchronized (this) {
            if (queue.size() == QUEUE) {
                missed++;
            } else {
                queue.add(drop);
            }
        }
        drain();
    }

    private synchronized void drain() {
        while (watcher.isReady() && !queue.isEmpty()) {
            watcher.onNext(message(queue.remove()));
        }
    }

    private WatchDropsResponse message(Drop drop) {
        long unreportedNow = unreported(dataplane);
        WatchDropsResponse.Builder message =
                WatchDropsResponse.newBuilder()
                        .setTime(Times.timestamp(drop.time()))
                        .setInterface(drop.interfaceName())
                        .setSource(drop.source().map(Address::toString).orElse(""))
                        .setSourcePort(drop.sourcePort())
                        .setDestination(drop.destination().map(Address::toString).orElse(""))
                        .setDestinationPort(drop.destinationPort())
                        .setProtocol(protocol(drop.protocol()))
                        .setLength(drop.length())
                        .setResource(drop.decision().resource())
                        .setReason(drop.decision().reason().label())
                        .setPolicy(drop.decision().policy())
                        .setAudit(drop.decision().audit())
                        .addAllVlans(drop.vlans())
                        .setNotShown(missed + unreportedNow - unreported);
        drop.original().map(OriginalText::message).ifPresent(message::setOriginal);
        missed = 0;
        unreported = unreportedNow;
        return message.build();
    }

    private static String protocol(int number) {
        return switch (number) {
            case 1 -> "ICMP";
            case 6 -> "TCP";
            case 17 -> "UDP";
            case 58 -> "ICMPv6";
            case 132 -> "SCTP";
            default -> Integer.toString(number);
        };
    }

    private void close() {
        try {
            watch.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
