// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.libbpf.BpfMap;
import dev.portcullis.policy.model.DesiredState;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** The connections of balancers that the kernel programs know: what they can't do themselves. */
final class ProxiedConnections {
    /** What was on its way when a connection ended has come by then. */
    private static final Duration ENDED = Duration.ofSeconds(10);

    private final KernelObject object;
    private final ProxiedLimits limits;
    private volatile int known;

    ProxiedConnections(KernelObject object, ProxiedLimits limits) {
        this.object = object;
        this.limits = limits;
    }

    /**
     * What was there before the headers of a state's connections are asked for.
     *
     * @param before asks the rule set that packets are judged by
     * @param next asks the state's
     */
    KeptConnections whereAsked(HeaderQuestion before, HeaderQuestion next, DesiredState state) {
        return new KeptConnections(object, limits, Optional.of(before), next, state);
    }

    /** The same where packets come in that were not judged. */
    KeptConnections whereGuarded(HeaderQuestion next, DesiredState state) {
        return new KeptConnections(object, limits, Optional.empty(), next, state);
    }

    /** Forgets those that have ended. */
    void sweep() {
        Set<ByteBuffer> ended = new HashSet<>();
        BpfMap map = object.map("proxied");
        int[] seen = {0};
        int before = now() - ConversationLimits.units(ENDED);
        MapEntries.forEach(
                map,
                (key, value) -> {
                    seen[0]++;
                    int end = value.getInt(KernelLayout.PROXIED_ENDED);
                    if (end != 0 && end - before < 0) {
                        ended.add(MapEntries.copy(key));
                    }
                });
        known = seen[0] - ended.size();
        if (!ended.isEmpty()) {
            // A RST that somebody made up ends nothing.
            SocketTables.read().stream().map(Conversations::key).forEach(ended::remove);
            ended.forEach(map::delete);
        }
    }

    /** How many there were when it was last looked. */
    MapUsage usage() {
        return new MapUsage("proxied", known, object.map("proxied").maxEntries());
    }

    /** CLOCK_MONOTONIC in the kernel programs' units. */
    static int now() {
        return (int) (System.nanoTime() >> KernelLayout.TIME_SHIFT);
    }
}
