// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.server;

import com.google.common.collect.Lists;
import dev.portcullis.agent.control.Difference;
import dev.portcullis.api.v1.AccessChange;
import dev.portcullis.api.v1.DiffResponse;
import dev.portcullis.policy.model.Prefix;
import java.util.ArrayList;
import java.util.List;

/** A difference in messages that any gRPC peer takes. */
final class DiffMessages {
    /** Prefixes of a message: far below the limit of 4 MiB. */
    private static final int PART = 20_000;

    private DiffMessages() {}

    static List<DiffResponse> of(Difference difference) {
        List<DiffResponse> messages = new ArrayList<>();
        messages.add(
                DiffResponse.newBuilder()
                        .setPlan(PortcullisService.response(difference.outcome()))
                        .build());
        for (dev.portcullis.compiler.diff.AccessChange change : difference.changes()) {
            for (List<Prefix> part : Lists.partition(change.gained(), PART)) {
                messages.add(message(change, part, List.of()));
            }
            for (List<Prefix> part : Lists.partition(change.lost(), PART)) {
                messages.add(message(change, List.of(), part));
            }
        }
        return messages;
    }

    private static DiffResponse message(
            dev.portcullis.compiler.diff.AccessChange change,
            List<Prefix> gained,
            List<Prefix> lost) {
        return DiffResponse.newBuilder()
                .setChange(
                        AccessChange.newBuilder()
                                .setDirection(change.direction().label())
                                .setResource(change.resource())
                                .setEndpoint(change.endpoint())
                                .addAllGained(Lists.transform(gained, Prefix::toString))
                                .addAllLost(Lists.transform(lost, Prefix::toString)))
                .build();
    }
}
