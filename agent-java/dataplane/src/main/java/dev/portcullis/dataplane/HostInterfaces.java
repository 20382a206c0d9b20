// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.libbpf.Libbpf;
import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.HostAddresses;
import java.io.UncheckedIOException;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The interfaces of a network namespace at a moment, loopback included, and how they are built on
 * each other.
 */
final class HostInterfaces {
    private final SortedMap<String, HostInterface> byName = new TreeMap<>();
    private final Map<Integer, HostInterface> byIndex = new HashMap<>();

    HostInterfaces(Collection<HostInterface> interfaces) {
        for (HostInterface one : interfaces) {
            byName.put(one.name(), one);
            byIndex.put(one.index(), one);
        }
    }

    /** Those of the namespace that the agent runs in. */
    static HostInterfaces read(Libbpf libbpf) {
        return new HostInterfaces(InterfaceQuestion.ask(libbpf));
    }

    /** In the order of their names. */
    Collection<HostInterface> all() {
        return Collections.unmodifiableCollection(byName.values());
    }

    Set<String> names() {
        return Collections.unmodifiableSet(byName.keySet());
    }

    Optional<HostInterface> named(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    Optional<HostInterface> at(int index) {
        return Optional.ofNullable(byIndex.get(index));
    }

    /** The name of the interface with this index, or the index in digits if there is none. */
    String name(int index) {
        return at(index).map(HostInterface::name).orElse(Integer.toString(index));
    }

    /** The members of a bond, or the ports of a bridge. */
    List<HostInterface> members(HostInterface master) {
        return byName.values().stream().filter(one -> one.master() == master.index()).toList();
    }

    /** Those that everything that comes in at an interface came in at before. */
    List<HostInterface> below(HostInterface upper) {
        if (upper.isVlan()) {
            return at(upper.parent()).stream().toList();
        }
        return upper.isBond() || upper.isBridge() ? members(upper) : List.of();
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
