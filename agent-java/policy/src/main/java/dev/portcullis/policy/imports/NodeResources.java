// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.imports;

import dev.portcullis.api.v1.Metadata;
import dev.portcullis.api.v1.Port;
import dev.portcullis.api.v1.Resource;
import dev.portcullis.api.v1.ResourceSpec;
import dev.portcullis.policy.model.PortRange;
import dev.portcullis.policy.model.Protocol;
import java.util.ArrayList;
import java.util.List;

/** The resources for a node's interfaces, none of which ties with another. */
final class NodeResources {
    private record Placed(BoundAddresses addresses, List<PortRange> ports) {}

    private final NodeSettings settings;
    private final PlaceholderAddresses placeholders = new PlaceholderAddresses();
    private final List<Placed> placed = new ArrayList<>();

    NodeResources(NodeSettings settings) {
        this.settings = settings;
    }

    /** The resource that the filter's policy is for; earlier ones keep the ports that both have. */
    ImportedObject resource(NodeFilter filter, List<Remark> more) {
        NodeInterface at = filter.at();
        BoundAddresses addresses = BoundAddresses.of(settings, at);
        BoundPorts ports = BoundPorts.of(settings, at);
        List<Remark> remarks = new ArrayList<>(more);
        remarks.addAll(ports.remarks());
        List<PortRange> others =
                placed.stream()
                        .filter(other -> other.addresses.overlaps(addresses))
                        .flatMap(other -> other.ports.stream())
                        .toList();
        List<PortRange> own = ports.without(others);
        ResourceSpec.Builder spec =
                ResourceSpec.newBuilder()
                        .setDescription("Elasticsearch's " + at.title())
                        .addPolicies(filter.name());
        if (own.isEmpty()) {
            remarks.add(Remark.lost(placeholder(at, ports)));
            spec.addAddresses(placeholders.next()).addPorts(port(new PortRange(9300, 9300)));
        } else {
            if (!own.equals(ports.ranges())) {
                remarks.add(Remark.about(shared(at)));
            }
            remarks.addAll(addresses.remarks());
            spec.addAllAddresses(addresses.addresses());
            own.forEach(range -> spec.addPorts(port(range)));
            placed.add(new Placed(addresses, own));
        }
        Metadata metadata = Metadata.newBuilder().setName(filter.name()).build();
        Resource resource = Resource.newBuilder().setMetadata(metadata).setSpec(spec).build();
        return new ImportedObject(resource, remarks);
    }

    private static String placeholder(NodeInterface at, BoundPorts ports) {
        String why =
                ports.ranges().isEmpty()
                        ? "the file sets no port for it, and Elasticsearch has no default"
                        : "another interface above has the same";
        return "the port of "
                + at.title()
                + ": "
                + why
                + "; write the addresses and the port that it listens on in place of these, which"
                + " protect nothing";
    }

    private static String shared(NodeInterface at) {
        return "ports of "
                + at.title()
                + " that an interface above has too are left to that one, since two resources must"
                + " not tie";
    }

    private static Port port(PortRange range) {
        Port.Builder port =
                Port.newBuilder().setProtocol(Protocol.TCP.name()).setPort(range.first());
        if (range.width() > 1) {
            port.setEndPort(range.last());
        }
        return port.build();
    }
}
