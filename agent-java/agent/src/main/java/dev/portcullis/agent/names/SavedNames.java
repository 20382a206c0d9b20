// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.names;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import dev.portcullis.agent.v1.KnownHost;
import dev.portcullis.agent.v1.KnownNames;
import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Family;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The answers of a book as bytes, for the book after it. Times on a clock become times of day.
 *
 * @param hosts due at once
 * @param addresses none of those that DNS did not answer
 */
record SavedNames(List<HostAnswer> hosts, List<KnownAddress> addresses) {

    byte[] write(Clock clock) {
        KnownNames.Builder known = KnownNames.newBuilder();
        for (HostAnswer answer : hosts) {
            known.addHosts(
                    KnownHost.newBuilder()
                            .setName(answer.question().name())
                            .setIpv6(answer.question().family() == Family.IPV6)
                            .addAllAddresses(
                                    answer.current().stream()
                                            .map(Address::toString)
                                            .sorted()
                                            .toList()));
        }
        for (KnownAddress answer : addresses) {
            Instant ends = clock.instant(answer.ends());
            known.addAddresses(
                    dev.portcullis.agent.v1.KnownAddress.newBuilder()
                            .setAddress(answer.address().toString())
                            .addAllNames(answer.names().orElseThrow().stream().sorted().toList())
                            .setEnds(Timestamp.newBuilder().setSeconds(ends.getEpochSecond())));
        }
        return known.build().toByteArray();
    }

    /**
     * @throws IllegalArgumentException if the bytes are something else
     */
    static SavedNames read(byte[] bytes, Clock clock) {
        KnownNames known;
        try {
            known = KnownNames.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("not the answers of DNS", e);
        }
        return new SavedNames(
                known.getHostsList().stream().map(host -> host(host, clock.now())).toList(),
                known.getAddressesList().stream().map(address -> address(address, clock)).toList());
    }

    private static HostAnswer host(KnownHost host, long now) {
        Family family = host.getIpv6() ? Family.IPV6 : Family.IPV4;
        Set<Address> addresses =
                host.getAddressesList().stream().map(Address::parse).collect(Collectors.toSet());
        return HostAnswer.unasked(new HostQuestion(host.getName(), family), now)
                .answered(addresses, now);
    }

    private static KnownAddress address(dev.portcullis.agent.v1.KnownAddress address, Clock clock) {
        long ends = clock.at(Instant.ofEpochSecond(address.getEnds().getSeconds()));
        return new KnownAddress(
                Address.parse(address.getAddress()),
                Optional.of(Set.copyOf(address.getNamesList())),
                false,
                ends,
                ends,
                0);
    }
}
