// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.model.Family;
import dev.portcullis.policy.reference.Fragment;
import dev.portcullis.policy.reference.ReferencePacket;
import dev.portcullis.policy.reference.ReferencePacket.Ip;
import java.nio.ByteBuffer;
import java.util.List;

/** What the kernel remembers of first fragments, probes' too: the keys are {@code fragment_key}. */
record FragmentMemory(KernelObject object) {
    private static final int KEY_SIZE = 36;

    /** Makes a fragment the first that the two hosts have sent each other. */
    void forget(ReferencePacket packet) {
        if (!(packet instanceof Ip ip) || ip.fragment() == Fragment.WHOLE) {
            return;
        }
        ByteBuffer key = ByteBuffer.allocateDirect(KEY_SIZE);
        key.put(0, ip.remote().bytes()).put(16, ip.local().bytes());
        boolean ipv4 = ip.family() == Family.IPV4;
        key.put(32, (byte) (ipv4 ? ip.protocol() : 0)).put(33, (byte) (ipv4 ? 4 : 6));
        key.put(34, (byte) (ip.direction() == Direction.INGRESS ? 0 : 1));
        for (String map : List.of("fragments", "denied_fragments")) {
            object.map(map).delete(key.duplicate());
        }
    }
}
