// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import com.google.protobuf.Message;
import dev.portcullis.api.v1.Policy;
import dev.portcullis.api.v1.Port;
import dev.portcullis.api.v1.Resource;
import dev.portcullis.api.v1.ResourceSpec;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Objects for people, a table a kind. */
final class ObjectTables {
    private static final int SHOWN = 3;

    private ObjectTables() {}

    static String of(List<Message> objects) {
        Table policies = Table.of("POLICY", "TYPE", "RULES", "DESCRIPTION").right(2);
        Table resources = Table.of("RESOURCE", "ADDRESSES", "PORTS", "INTERFACES", "POLICIES");
        for (Message object : objects) {
            if (object instanceof Policy policy) {
                policies.row(
                        policy.getMetadata().getName(),
                        policy.getSpec().getType(),
                        String.format(Locale.ROOT, "%,d", policy.getSpec().getRulesCount()),
                        policy.getSpec().getDescription());
            } else if (object instanceof Resource resource) {
                addTo(resources, resource);
            }
        }
        if (policies.isEmpty() && resources.isEmpty()) {
            return "nothing is stored yet: push objects with \"portcullis apply -f FILE\"\n";
        }
        String gap = policies.isEmpty() || resources.isEmpty() ? "" : "\n";
        return (policies.isEmpty() ? "" : policies)
                + gap
                + (resources.isEmpty() ? "" : resources.toString());
    }

    private static void addTo(Table table, Resource resource) {
        ResourceSpec spec = resource.getSpec();
        table.row(
                resource.getMetadata().getName(),
                some(spec.getAddressesList(), "all"),
                some(spec.getPortsList().stream().map(ObjectTables::port).toList(), "all"),
                some(spec.getInterfacesList(), "all"),
                some(spec.getPoliciesList(), "none (open)"));
    }

    /** The first few, and how many more. */
    private static String some(List<String> values, String none) {
        if (values.isEmpty()) {
            return none;
        }
        String more = values.size() > SHOWN ? ",+" + (values.size() - SHOWN) : "";
        return values.stream().limit(SHOWN).collect(Collectors.joining(",")) + more;
    }

    private static String port(Port port) {
        String protocol = port.getProtocol().isEmpty() ? "any" : port.getProtocol();
        String name = protocol.toLowerCase(Locale.ROOT);
        if (!port.hasPort()) {
            return name;
        }
        String last = port.hasEndPort() ? "-" + port.getEndPort() : "";
        return port.getPort() + last + "/" + name;
    }
}
