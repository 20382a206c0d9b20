// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static dev.portcullis.dataplane.KernelLayout.ASK_ADDRESS;
import static dev.portcullis.dataplane.KernelLayout.ASK_FAMILY;
import static dev.portcullis.dataplane.KernelLayout.DROP_DECISION;
import static dev.portcullis.dataplane.KernelLayout.DROP_DESTINATION;
import static dev.portcullis.dataplane.KernelLayout.DROP_DESTINATION_PORT;
import static dev.portcullis.dataplane.KernelLayout.DROP_FAMILY;
import static dev.portcullis.dataplane.KernelLayout.DROP_IFINDEX;
import static dev.portcullis.dataplane.KernelLayout.DROP_LENGTH;
import static dev.portcullis.dataplane.KernelLayout.DROP_ORIGINAL;
import static dev.portcullis.dataplane.KernelLayout.DROP_PROTOCOL;
import static dev.portcullis.dataplane.KernelLayout.DROP_PROXIED_SIZE;
import static dev.portcullis.dataplane.KernelLayout.DROP_SOURCE;
import static dev.portcullis.dataplane.KernelLayout.DROP_SOURCE_PORT;
import static dev.portcullis.dataplane.KernelLayout.DROP_TIME;
import static dev.portcullis.dataplane.KernelLayout.DROP_VLAN;

import dev.portcullis.compiler.Image;
import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Decision;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/** What the records in the ring buffers mean. */
final class RingRecords {
    private final IntFunction<Decision> decisions;
    private final IntFunction<String> interfaceNames;

    /**
     * @param decisions who a decision's number is, without its bits
     * @param interfaceNames the name of an interface's index
     */
    RingRecords(IntFunction<Decision> decisions, IntFunction<String> interfaceNames) {
        this.decisions = decisions;
        this.interfaceNames = interfaceNames;
    }

    /** A denial, in audit mode too. */
    Drop drop(ByteBuffer sample) {
        int family = sample.get(DROP_FAMILY);
        List<Integer> vlans = new ArrayList<>();
        for (int at = DROP_VLAN; at < DROP_VLAN + 2 * Short.BYTES; at += Short.BYTES) {
            if (sample.getShort(at) != 0) {
                vlans.add((int) sample.getShort(at));
            }
        }
        return new Drop(
                KernelClock.now().instant(sample.getLong(DROP_TIME)),
                interfaceNames.apply(sample.getInt(DROP_IFINDEX)),
                address(sample, family, DROP_SOURCE),
                sample.getChar(DROP_SOURCE_PORT),
                address(sample, family, DROP_DESTINATION),
                sample.getChar(DROP_DESTINATION_PORT),
                sample.get(DROP_PROTOCOL) & 0xff,
                sample.getInt(DROP_LENGTH),
                decisions.apply(sample.getInt(DROP_DECISION) & Image.NUMBER),
                vlans,
                sample.limit() < DROP_PROXIED_SIZE
                        ? Optional.empty()
                        : Optional.of(Original.read(sample, DROP_ORIGINAL)));
    }

    /** An address whose name is wanted. */
    static Address ask(ByteBuffer sample) {
        return address(sample, sample.getInt(ASK_FAMILY), ASK_ADDRESS).orElseThrow();
    }

    private static Optional<Address> address(ByteBuffer sample, int family, int at) {
        if (family != 4 && family != 6) {
            return Optional.empty();
        }
        byte[] bytes = new byte[family == 4 ? 4 : 16];
        sample.get(at, bytes);
        return Optional.of(Address.ofBytes(bytes));
    }
}
