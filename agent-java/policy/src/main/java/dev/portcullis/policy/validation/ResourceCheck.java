// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.validation;

import dev.portcullis.api.v1.Port;
import dev.portcullis.api.v1.ResourceSpec;
import dev.portcullis.policy.model.Enforcement;
import dev.portcullis.policy.model.LocalAddresses;
import dev.portcullis.policy.model.ObjectKind;
import dev.portcullis.policy.model.ObjectName;
import dev.portcullis.policy.model.PortMatch;
import dev.portcullis.policy.model.Prefix;
import dev.portcullis.policy.model.Resource;
import dev.portcullis.policy.model.Workload;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A resource as it came in, to a {@link Resource}. */
final class ResourceCheck {
    /** The word for the host's own addresses. */
    private static final String LOCAL = "local";

    private final dev.portcullis.api.v1.Resource resource;
    private final Findings findings;

    ResourceCheck(dev.portcullis.api.v1.Resource resource) {
        this.resource = resource;
        String name = resource.getMetadata().getName();
        this.findings = new Findings(new ObjectName(ObjectKind.RESOURCE, name).toString());
    }

    Checked<Resource> check() {
        ResourceSpec spec = resource.getSpec();
        CommonCheck.name(resource.getMetadata(), ObjectKind.RESOURCE, findings);
        if (!resource.hasSpec()) {
            findings.violation("spec", "is missing; write {} for all that arrives");
        }
        CommonCheck.description(spec.getDescription(), "spec", findings);
        LocalAddresses addresses = addresses(spec.getAddressesList());
        List<PortMatch> ports = ports(spec.getPortsList());
        Set<String> interfaces = interfaces(spec.getInterfacesList());
        policies(spec.getPoliciesList());
        Optional<Workload> workload =
                spec.hasWorkload()
                        ? WorkloadCheck.check(spec.getWorkload(), "spec.workload", findings)
                        : Optional.empty();
        CommonCheck.region(spec.getRegion(), findings);
        Enforcement enforcement = enforcement(spec);
        int remoteClusterPort = remoteClusterPort(spec);
        Set<Prefix> balancers = balancers(spec);
        return findings.checked(() ->
                new Resource(
                        resource.getMetadata().getName(),
                        addresses,
                        ports,
                        interfaces,
                        workload,
                        spec.getPoliciesList(),
                        enforcement,
                        remoteClusterPort,
                        balancers,
                        spec.getRegion(),
                        spec.getDescription()));
    }

    /** In audit mode nothing is denied, so that what a denial does is without effect. */
    private Enforcement enforcement(ResourceSpec spec) {
        boolean audit = choice("mode", spec.getMode(), List.of("enforce", "audit"));
        boolean reset = choice("onDeny", spec.getOnDeny(), List.of("drop", "reset"));
        if (audit) {
            return Enforcement.AUDIT;
        }
        return reset ? Enforcement.RESET : Enforcement.DROP;
    }

    /** Whether the second of two words is chosen; the first is the default. */
    private boolean choice(String field, String text, List<String> words) {
        if (!text.isEmpty() && !words.contains(text)) {
            findings.violation(
                    "spec." + field,
                    Quoted.of(text)
                            + " is not known"
                            + Suggestion.didYouMean(text, words)
                            + "; write "
                            + String.join(" or ", words));
        }
        return text.equals(words.get(1));
    }

    private int remoteClusterPort(ResourceSpec spec) {
        if (!spec.hasRemoteClusterPort()) {
            return Resource.REMOTE_CLUSTER_PORT;
        }
        int port = spec.getRemoteClusterPort();
        if (port < 1 || port > 65_535) {
            findings.violation(
                    "spec.remoteClusterPort",
                    Integer.toUnsignedString(port) + " is not a port; write 1 to 65535");
        }
        return port;
    }

    private Set<Prefix> balancers(ResourceSpec spec) {
        Set<Prefix> prefixes = new HashSet<>();
        List<String> given = spec.getProxyProtocol().getFromList();
        if (spec.hasProxyProtocol() && given.isEmpty()) {
            findings.violation(
                    "spec.proxyProtocol.from",
                    "is empty; write the addresses or CIDRs of the load balancers, or leave"
                            + " proxyProtocol out");
        }
        if (spec.hasProxyProtocol() && spec.hasWorkload()) {
            findings.violation(
                    "spec.proxyProtocol",
                    "can't stand beside workload, which is about packets that leave");
        }
        for (int i = 0; i < given.size(); i++) {
            String field = "spec.proxyProtocol.from[" + i + "]";
            try {
                prefix(PrefixText.parse(given.get(i)), given.get(i), field, prefixes);
            } catch (IllegalArgumentException e) {
                findings.violation(field, e.getMessage());
            }
        }
        return prefixes;
    }

    private LocalAddresses addresses(List<String> given) {
        Set<Prefix> prefixes = new HashSet<>();
        boolean host = false;
        for (int i = 0; i < given.size(); i++) {
            String text = given.get(i);
            String field = "spec.addresses[" + i + "]";
            if (text.equals(LOCAL)) {
                if (host) {
                    Warnings.repeated(findings, field, LOCAL);
                }
                host = true;
            } else {
                prefix(text, field, prefixes);
            }
        }
        return prefixes.isEmpty() && !host
                ? LocalAddresses.EVERY
                : new LocalAddresses(prefixes, host);
    }

    private void prefix(String text, String field, Set<Prefix> prefixes) {
        try {
            prefix(PrefixText.parse(text), text, field, prefixes);
        } catch (IllegalArgumentException e) {
            boolean word = Suggestion.of(text, List.of(LOCAL)).isPresent();
            findings.violation(
                    field, e.getMessage() + ", or local" + (word ? " in lower case" : ""));
        }
    }

    private void prefix(PrefixText parsed, String text, String field, Set<Prefix> prefixes) {
        if (parsed.hostBits()) {
            Warnings.hostBits(findings, field, text, parsed.prefix());
        }
        if (!prefixes.add(parsed.prefix())) {
            Warnings.repeated(findings, field, parsed.prefix().toString());
        }
    }

    private List<PortMatch> ports(List<Port> given) {
        List<PortMatch> ports = new ArrayList<>();
        for (int i = 0; i < given.size(); i++) {
            String field = "spec.ports[" + i + "]";
            PortCheck.check(given.get(i), field, findings)
                    .ifPresent(match -> {
                        if (ports.contains(match)) {
                            Warnings.repeated(findings, field, "this entry");
                        }
                        ports.add(match);
                    });
        }
        return ports.isEmpty() ? List.of(PortMatch.EVERYTHING) : ports;
    }

    private Set<String> interfaces(List<String> given) {
        Set<String> interfaces = new HashSet<>();
        for (int i = 0; i < given.size(); i++) {
            String field = "spec.interfaces[" + i + "]";
            InterfaceName.check(given.get(i), field, findings);
            if (!interfaces.add(given.get(i))) {
                Warnings.repeated(findings, field, given.get(i));
            }
        }
        return interfaces;
    }

    private void policies(List<String> given) {
        Map<String, Integer> first = new HashMap<>();
        for (int i = 0; i < given.size(); i++) {
            Integer earlier = first.putIfAbsent(given.get(i), i);
            if (earlier != null) {
                findings.violation(
                        "spec.policies[" + i + "]",
                        Quoted.of(given.get(i))
                                + " is associated already, as spec.policies["
                                + earlier
                                + "]; take one out");
            }
        }
    }
}
