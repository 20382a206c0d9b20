// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import com.google.protobuf.Message;
import dev.portcullis.api.v1.ApplyOptions;
import dev.portcullis.api.v1.ApplyRequest;
import dev.portcullis.api.v1.ApplyResponse;
import dev.portcullis.api.v1.DiffResponse;
import dev.portcullis.api.v1.PortcullisGrpc.PortcullisBlockingV2Stub;
import dev.portcullis.policy.transfer.ObjectParts;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.util.ArrayList;
import java.util.List;

/** One transaction, sent in parts no faster than the agent takes them. */
final class Push {
    private Push() {}

    static ApplyResponse send(
            PortcullisBlockingV2Stub agent, ApplyOptions options, List<Message> objects)
            throws StatusException, InterruptedException {
        BlockingClientCall<ApplyRequest, ApplyResponse> call = agent.apply();
        send(call, options, objects);
        return answer(call.read());
    }

    /** The answer to what the same transaction would change in verdicts, in its parts. */
    static List<DiffResponse> diff(
            PortcullisBlockingV2Stub agent, ApplyOptions options, List<Message> objects)
            throws StatusException, InterruptedException {
        BlockingClientCall<ApplyRequest, DiffResponse> call = agent.diff();
        send(call, options, objects);
        List<DiffResponse> parts = new ArrayList<>(List.of(answer(call.read())));
        for (DiffResponse part = call.read(); part != null; part = call.read()) {
            parts.add(part);
        }
        return parts;
    }

    private static void send(
            BlockingClientCall<ApplyRequest, ?> call, ApplyOptions options, List<Message> objects)
            throws StatusException, InterruptedException {
        call.write(ApplyRequest.newBuilder().setOptions(options).build());
        for (Message object : objects) {
            ObjectParts.send(
                    object, part -> call.write(ApplyRequest.newBuilder().setObject(part).build()));
        }
        call.halfClose();
    }

    private static <T> T answer(T response) {
        if (response == null) {
            throw CommandFailure.refused(
                    "the agent ended the push without an answer: look into its log with"
                            + " \"journalctl -u portcullis\"");
        }
        return response;
    }
}
