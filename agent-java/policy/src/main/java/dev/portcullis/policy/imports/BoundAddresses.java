// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.imports;

import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Prefix;
import dev.portcullis.policy.validation.Quoted;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The local addresses of an interface. Where the file does not name them it is {@code local}, every
 * address of the host: never narrower than what the node is bound to.
 */
record BoundAddresses(List<String> addresses, List<Remark> remarks) {
    private static final String LOCAL = "local";
    private static final List<String> WILDCARDS = List.of("0.0.0.0", "::", "0");
    private static final List<Prefix> LOOPBACK =
            List.of(Prefix.of(Address.parse("127.0.0.0"), 8), Prefix.of(Address.parse("::1"), 128));

    BoundAddresses {
        addresses = List.copyOf(addresses);
        remarks = List.copyOf(remarks);
    }

    static BoundAddresses of(NodeSettings settings, NodeInterface at) {
        for (String name : at.hosts()) {
            Optional<List<NodeSettings.Value>> values =
                    settings.list(name).filter(v -> !v.isEmpty());
            if (values.isPresent()) {
                return of(name, values.get());
            }
        }
        return new BoundAddresses(List.of(LOCAL), List.of());
    }

    private static BoundAddresses of(String name, List<NodeSettings.Value> values) {
        List<String> addresses = new ArrayList<>();
        List<Remark> remarks = new ArrayList<>();
        boolean every = false;
        for (NodeSettings.Value value : values) {
            String text = value.text().replaceAll("^\\[|]$", "");
            Optional<Address> address = address(text);
            if (WILDCARDS.contains(text)) {
                every = true;
            } else if (address.isPresent()) {
                address.filter(a -> !isLoopback(a) && !addresses.contains(text))
                        .ifPresent(a -> addresses.add(text));
            } else if (!isLoopback(text)) {
                every = true;
                remarks.add(Remark.lost(name + ": " + unknown(value)));
            }
        }
        if (addresses.isEmpty() && !every) {
            remarks.add(
                    Remark.about(
                            name
                                    + " names loopback alone, so nothing reaches it from the network"
                                    + " as long as that is so"));
        }
        return addresses.isEmpty() || every
                ? new BoundAddresses(List.of(LOCAL), remarks)
                : new BoundAddresses(addresses, remarks);
    }

    private static Optional<Address> address(String text) {
        try {
            return Optional.of(Address.parse(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static boolean isLoopback(Address address) {
        return LOOPBACK.stream().anyMatch(prefix -> prefix.contains(address));
    }

    private static boolean isLoopback(String text) {
        return text.equals("localhost") || text.matches("_local(:ipv[46])?_");
    }

    private static String unknown(NodeSettings.Value value) {
        String why =
                value.isSubstituted()
                        ? "it comes from the node's environment"
                        : "which addresses that is only the node knows";
        return Quoted.of(value.text())
                + " is written as local, every address of the host: "
                + why
                + "; write the addresses if others have to stay out of it";
    }

    /** Whether a packet could be sent to both, for all that the file says. */
    boolean overlaps(BoundAddresses other) {
        return addresses.contains(LOCAL)
                || other.addresses.contains(LOCAL)
                || addresses.stream().anyMatch(other.addresses::contains);
    }
}
