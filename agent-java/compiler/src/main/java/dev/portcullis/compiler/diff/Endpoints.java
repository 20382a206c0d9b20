// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.compiler.diff;

import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Prefix;
import java.util.BitSet;
import java.util.SortedSet;

/**
 * Local endpoints: each of the addresses with each of the ports on each of the interfaces.
 *
 * @param ports entries of the {@link dev.portcullis.compiler.PortTable}
 * @param interfaces names of those that it is about or, if {@code others}, is not about
 * @param others whether it is about all other interfaces
 */
public record Endpoints(
        SortedSet<Prefix> addresses, BitSet ports, SortedSet<String> interfaces, boolean others) {

    /**
     * @param portEntry a place in the port table
     */
    public boolean contains(Address address, int portEntry, String interfaceName) {
        return ports.get(portEntry)
                && interfaces.contains(interfaceName) != others
                && addresses.stream().anyMatch(prefix -> prefix.contains(address));
    }

    /** For people: {@code 10.20.0.0/16 9200/tcp on eth0}. */
    @Override
    public String toString() {
        return EndpointText.addresses(addresses)
                + " "
                + EndpointText.ports(ports)
                + EndpointText.interfaces(interfaces, others);
    }
}
