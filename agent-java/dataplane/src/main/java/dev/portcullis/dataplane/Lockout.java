// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.compiler.Image;
import dev.portcullis.policy.model.Decision;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * Which connections a rule set would cut: packets of both of their directions are judged by the
 * loaded program, by what packets are judged by now and by the rule set that may come.
 */
final class Lockout {
    private final SlotProbe now;
    private final SlotProbe next;
    private final GuardedInterfaces interfaces;
    private final IntFunction<Decision> decisions;

    /**
     * @param decisions of the rule set that may come, by number
     */
    Lockout(
            SlotProbe now,
            SlotProbe next,
            GuardedInterfaces interfaces,
            IntFunction<Decision> decisions) {
        this.now = now;
        this.next = next;
        this.interfaces = interfaces;
        this.decisions = decisions;
    }

    /** One finding for each that is cut. */
    List<CutSession> cut(List<Session> sessions) {
        List<CutSession> cut = new ArrayList<>();
        for (Session session : sessions) {
            interfaces.at(session.local()).stream()
                    .flatMap(one -> cut(session, one).stream())
                    .findFirst()
                    .ifPresent(cut::add);
        }
        return cut;
    }

    private Optional<CutSession> cut(Session session, HostInterface at) {
        ProbePacket arriving =
                ProbePacket.established(
                        session.remote(),
                        session.remotePort(),
                        session.local(),
                        session.localPort());
        ProbePacket leaving =
                ProbePacket.established(
                        session.local(),
                        session.localPort(),
                        session.remote(),
                        session.remotePort());
        return finding(
                        session,
                        at,
                        now.arriving(arriving.frame(), at.index()),
                        next.arriving(arriving.frame(), at.index()))
                .or(() ->
                        finding(
                                session,
                                at,
                                now.leaving(leaving.frame(), at.index(), 0),
                                next.leaving(leaving.frame(), at.index(), 0)));
    }

    private Optional<CutSession> finding(
            Session session, HostInterface at, Probe.Answer before, Probe.Answer after) {
        return before.drops() || !after.drops()
                ? Optional.empty()
                : Optional.of(
                        new CutSession(
                                session,
                                at.name(),
                                decisions.apply(after.decision() & Image.NUMBER)));
    }
}
