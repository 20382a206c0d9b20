// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.server;

import dev.portcullis.agent.control.Selection;
import dev.portcullis.api.v1.GetResponse;
import dev.portcullis.api.v1.ObjectPart;
import dev.portcullis.policy.transfer.ObjectParts;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Supplier;

/** Objects on their way to one client, read from the disk no faster than the client takes them. */
final class ObjectSender {
    private final Selection selection;
    private final ServerCallStreamObserver<GetResponse> client;
    private final Queue<ObjectPart> parts = new ArrayDeque<>();
    private int next;
    private boolean ended;

    private ObjectSender(Selection selection, ServerCallStreamObserver<GetResponse> client) {
        this.selection = selection;
        this.client = client;
    }

    static void send(Supplier<Selection> objects, ServerCallStreamObserver<GetResponse> client) {
        try {
            Selection selection = objects.get();
            client.onNext(GetResponse.newBuilder().setRevision(selection.revision()).build());
            client.setOnReadyHandler(new ObjectSender(selection, client)::sendMore);
        } catch (RuntimeException e) {
            client.onError(Failures.of(e));
        }
    }

    private synchronized void sendMore() {
        try {
            while (!ended && client.isReady()) {
                if (!parts.isEmpty()) {
                    client.onNext(GetResponse.newBuilder().setObject(parts.remove()).build());
                } else if (next < selection.size()) {
                    ObjectParts.send(selection.read(next++), parts::add);
                } else {
                    ended = true;
                    client.onCompleted();
                }
            }
        } catch (RuntimeException e) {
            ended = true;
            client.onError(Failures.of(e));
        } catch (InterruptedException e) {
            throw new IllegalStateException("a queue does not wait", e);
        }
    }
}
