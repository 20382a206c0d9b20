// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.control;

import dev.portcullis.dataplane.Original;
import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.PrivateEndpoint;
import dev.portcullis.policy.validation.Findings;
import dev.portcullis.policy.validation.Quoted;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whom a balancer sends something on for, in the interface's messages and in sentences. */
public final class OriginalText {
    private OriginalText() {}

    /**
     * @param findings gets what is wrong
     * @return empty if anything is
     */
    static Optional<Original> read(dev.portcullis.api.v1.Original message, Findings findings) {
        Optional<Address> source = Optional.empty();
        if (!message.getSource().isEmpty()) {
            try {
                source = Optional.of(Address.parse(message.getSource()));
            } catch (IllegalArgumentException e) {
                findings.violation(
                        "original.source",
                        Quoted.of(message.getSource()) + " is not an IPv4 or IPv6 address");
                return Optional.empty();
            }
        }
        List<PrivateEndpoint> endpoints = new ArrayList<>();
        if (!message.getVpce().isEmpty()) {
            try {
                endpoints.add(PrivateEndpoint.aws(message.getVpce()));
            } catch (IllegalArgumentException e) {
                findings.violation("original.vpce", e.getMessage());
                return Optional.empty();
            }
        }
        if (message.hasAzureLinkId()) {
            endpoints.add(PrivateEndpoint.azure(Integer.toUnsignedLong(message.getAzureLinkId())));
        }
        if (message.hasPscConnectionId()) {
            endpoints.add(PrivateEndpoint.gcp(message.getPscConnectionId()));
        }
        if (endpoints.size() > 1) {
            findings.violation(
                    "original", "names more than one private endpoint; a client came by one");
            return Optional.empty();
        }
        return Optional.of(new Original(source, endpoints.stream().findFirst()));
    }

    public static dev.portcullis.api.v1.Original message(Original original) {
        dev.portcullis.api.v1.Original.Builder message =
                dev.portcullis.api.v1.Original.newBuilder()
                        .setSource(original.source().map(Address::toString).orElse(""));
        original.endpoint()
                .ifPresent(endpoint -> {
                    switch (endpoint.kind()) {
                        case AWS -> message.setVpce(endpoint.toString());
                        case AZURE ->
                                message.setAzureLinkId(
                                        Integer.parseUnsignedInt(endpoint.toString()));
                        case GCP ->
                                message.setPscConnectionId(
                                        Long.parseUnsignedLong(endpoint.toString()));
                    }
                });
        return message.build();
    }

    /** As in "198.51.100.7 by vpce-08d2bf15fac5001c9". */
    static String subject(Original original) {
        String endpoint =
                original.endpoint()
                        .map(e ->
                                switch (e.kind()) {
                                    case AWS -> e.toString();
                                    case AZURE -> "Azure's link " + e;
                                    case GCP -> "PSC connection " + e;
                                })
                        .orElse("");
        if (original.source().isEmpty()) {
            return endpoint.isEmpty() ? "a client that the header does not name" : endpoint;
        }
        return original.source().get() + (endpoint.isEmpty() ? "" : " by " + endpoint);
    }
}
