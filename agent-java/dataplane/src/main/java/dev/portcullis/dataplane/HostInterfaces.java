// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.libbpf.Libbpf;
import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.HostAddresses;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** The interfaces and addresses of the network namespace that the agent runs in. */
final class HostInterfaces {
    /** Also lists interfaces without addresses, which java.net does not. */
    private static final Path DEVICES = Path.of("/proc/net/dev");

    private HostInterfaces() {}

    /** Indexes by name, loopback included. */
    static SortedMap<String, Integer> indexes(Libbpf libbpf) {
        SortedMap<String, Integer> indexes = new TreeMap<>();
        try {
            for (String line : Files.readAllLines(DEVICES)) {
                int colon = line.indexOf(':');
                if (colon > 0) {
                    String name = line.substring(0, colon).strip();
                    libbpf.interfaceIndex(name).ifPresent(index -> indexes.put(name, index));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return indexes;
    }

    static HostAddresses addresses() {
        Set<Address> own = new HashSet<>();
        Set<Address> broadcast = new HashSet<>();
        try {
            NetworkInterface.networkInterfaces()
                    .flatMap(network -> network.getInterfaceAddresses().stream())
                    .forEach(address -> {
                        own.add(Address.of(address.getAddress()));
                        if (address.getBroadcast() != null) {
                            broadcast.add(Address.of(address.getBroadcast()));
                        }
                    });
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
        return new HostAddresses(own, broadcast);
    }
}
