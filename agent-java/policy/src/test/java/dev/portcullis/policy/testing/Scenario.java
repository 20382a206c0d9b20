// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.testing;

import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Environment;
import dev.portcullis.policy.model.Failsafe;
import dev.portcullis.policy.model.Verdict;
import dev.portcullis.policy.reference.Answer;
import dev.portcullis.policy.reference.ProxyHeader;
import dev.portcullis.policy.reference.ReferenceModel;
import dev.portcullis.policy.reference.ReferencePacket;
import dev.portcullis.policy.reference.ReferencePacket.Ip;
import dev.portcullis.policy.testing.ReferenceParser.Reading;
import java.util.List;

/**
 * A sound state without ties, and packets that hit it often.
 *
 * @param seed makes it again
 * @param interfaces every name that a packet arrives at or a resource may name
 */
public record Scenario(
        long seed,
        DesiredState state,
        List<Failsafe> failsafe,
        Environment environment,
        List<String> interfaces,
        List<ReferencePacket> packets) {
    public Scenario {
        failsafe = List.copyOf(failsafe);
        interfaces = List.copyOf(interfaces);
        packets = List.copyOf(packets);
    }

    /** What is right for a packet without data. */
    public Answer answer(ReferencePacket packet) {
        return answer(packet, new ProxyHeader.Incomplete());
    }

    /** What is right for a packet that has this for the beginning of a connection. */
    public Answer answer(ReferencePacket packet, ProxyHeader header) {
        return ReferenceModel.judge(state, failsafe, environment, packet, header);
    }

    /** What is right for a frame as it was read, where no conversation is known. */
    public Answer answer(Reading reading) {
        boolean related =
                reading.quoted().stream()
                        .anyMatch(quoted -> answer(quoted).decision().verdict() == Verdict.PASS);
        return answer(
                related ? ((Ip) reading.packet()).asRelated() : reading.packet(), reading.header());
    }
}
