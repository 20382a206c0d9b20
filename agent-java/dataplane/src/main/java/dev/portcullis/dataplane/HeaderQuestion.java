// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.compiler.Image;
import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Decision;
import dev.portcullis.policy.model.Reason;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntFunction;

/** Asks whether a rule set wants a header of a connection. */
final class HeaderQuestion {
    private final SlotProbe ruleSet;
    private final GuardedInterfaces interfaces;
    private final IntFunction<Decision> decisions;
    private final Map<Way, Boolean> answers = new HashMap<>();

    /** All that the answer depends on. */
    private record Way(Address from, Address to, int toPort) {}

    /**
     * @param decisions of the rule set, by number
     */
    HeaderQuestion(
            SlotProbe ruleSet, GuardedInterfaces interfaces, IntFunction<Decision> decisions) {
        this.ruleSet = ruleSet;
        this.interfaces = interfaces;
        this.decisions = decisions;
    }

    boolean asks(Socket socket) {
        Way way = new Way(socket.remote(), socket.local(), socket.localPort());
        return answers.computeIfAbsent(way, key -> asks(key, socket.remotePort()));
    }

    private boolean asks(Way way, int fromPort) {
        ProbePacket syn = new ProbePacket(way.from, fromPort, way.to, way.toPort, Socket.TCP);
        return interfaces.at(way.to).stream()
                .map(at -> ruleSet.arriving(syn.frame(), at.index()).decision() & Image.NUMBER)
                .anyMatch(number -> decisions.apply(number).reason() == Reason.PROXY_HANDSHAKE);
    }
}
