// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.compiler.diff;

import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Prefix;
import java.util.BitSet;
import java.util.Optional;
import java.util.SortedSet;

/**
 * Local endpoints: each of the addresses with each of the ports on each of the interfaces.
 *
 * @param ports entries of the {@link dev.portcullis.compiler.PortTable}
 * @param remotePorts the same of the other side; empty for what comes in, where all are meant
 * @param senders paths of cgroups whose processes are meant, with those below that are not named
 */
public record Endpoints(
        SortedSet<Prefix> addresses,
        BitSet ports,
        Selection interfaces,
        Optional<BitSet> remotePorts,
        Selection senders) {

    /**
     * @param portEntry a place in the port table
     */
    public boolean contains(Address address, int portEntry, String interfaceName) {
        return ports.get(portEntry)
                && interfaces.contains(interfaceName)
                && addresses.stream().anyMatch(prefix -> prefix.contains(address));
    }

    Endpoints withRemotePorts(BitSet entries) {
        return new Endpoints(addresses, ports, interfaces, Optional.of(entries), senders);
    }

    /** For people: {@code 10.20.0.0/16 9200/tcp on eth0}, {@code every address to 443/tcp}. */
    @Override
    public String toString() {
        String local = EndpointText.addresses(addresses);
        String where = interfaces.text(" on ", " on interfaces other than ");
        if (remotePorts.isEmpty()) {
            return local + " " + EndpointText.ports(ports) + where;
        }
        return local
                + (EndpointText.isEvery(ports) ? "" : " " + EndpointText.ports(ports))
                + " to "
                + EndpointText.ports(remotePorts.get())
                + where
                + senders.text(" from cgroup ", " from cgroups other than ");
    }
}
