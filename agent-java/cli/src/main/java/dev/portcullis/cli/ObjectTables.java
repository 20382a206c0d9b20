// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import com.google.protobuf.Message;
import dev.portcullis.api.v1.AddressSet;
import dev.portcullis.api.v1.Association;
import dev.portcullis.api.v1.ListUsageResponse;
import dev.portcullis.api.v1.Policy;
import dev.portcullis.api.v1.Port;
import dev.portcullis.api.v1.Resource;
import dev.portcullis.api.v1.ResourceSpec;
import dev.portcullis.api.v1.ResourceStatus;
import dev.portcullis.policy.model.ObjectKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Objects for people, a table a kind. */
final class ObjectTables {
    private static final int SHOWN = 3;

    private ObjectTables() {}

    /**
     * @param usage of the policies among the objects
     * @param statuses of the resources among them
     */
    static String of(
            List<Message> objects, List<ListUsageResponse> usage, List<ResourceStatus> statuses) {
        Map<String, String> descriptions = new HashMap<>();
        Map<String, List<String>> associated = new HashMap<>();
        statuses.forEach(status -> associated.put(status.getName(), status.getPoliciesList()));
        Table resources = Table.of("RESOURCE", "ADDRESSES", "PORTS", "INTERFACES", "POLICIES");
        Table associations = Table.of("ASSOCIATION", "POLICY", "RESOURCE", "DESCRIPTION");
        Table sets = Table.of("ADDRESS SET", "FROM", "FORMAT", "DESCRIPTION");
        for (Message object : objects) {
            if (object instanceof Policy policy) {
                descriptions.put(policy.getMetadata().getName(), policy.getSpec().getDescription());
            } else if (object instanceof Resource resource) {
                addTo(resources, resource, associated);
            } else if (object instanceof Association association) {
                associations.row(
                        association.getMetadata().getName(),
                        association.getSpec().getPolicy(),
                        association.getSpec().getResource(),
                        association.getSpec().getDescription());
            } else if (object instanceof AddressSet set) {
                sets.row(
                        set.getMetadata().getName(),
                        set.getSpec().getFile() + set.getSpec().getUrl(),
                        set.getSpec().getFormat(),
                        set.getSpec().getDescription());
            }
        }
        List<String> tables = new ArrayList<>();
        if (!descriptions.isEmpty()) {
            tables.add(UsageTables.of(usage, descriptions));
        }
        Stream.of(resources, associations, sets)
                .filter(table -> !table.isEmpty())
                .map(Table::toString)
                .forEach(tables::add);
        return String.join("\n", tables);
    }

    /**
     * @param kind that was asked for; empty for all
     */
    static String none(Optional<ObjectKind> kind) {
        return kind.map(k -> "no " + k.label() + " is stored: see \"portcullis get\"\n")
                .orElse("nothing is stored yet: push objects with \"portcullis apply -f FILE\"\n");
    }

    /** With the policies of associations, where the agent knows of the resource by now. */
    private static void addTo(
            Table table, Resource resource, Map<String, List<String>> associated) {
        String name = resource.getMetadata().getName();
        ResourceSpec spec = resource.getSpec();
        table.row(
                name,
                some(spec.getAddressesList(), "all") + workload(spec),
                some(spec.getPortsList().stream().map(ObjectTables::port).toList(), "all"),
                some(spec.getInterfacesList(), "all"),
                some(associated.getOrDefault(name, spec.getPoliciesList()), "none (open)"));
    }

    /** One of unit and cgroup is empty. */
    private static String workload(ResourceSpec spec) {
        return spec.hasWorkload()
                ? " of " + spec.getWorkload().getUnit() + spec.getWorkload().getCgroup()
                : "";
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
