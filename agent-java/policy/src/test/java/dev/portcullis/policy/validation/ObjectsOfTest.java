// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.validation;

import dev.portcullis.api.v1.Metadata;
import dev.portcullis.api.v1.Policy;
import dev.portcullis.api.v1.PolicySpec;
import dev.portcullis.api.v1.Port;
import dev.portcullis.api.v1.Resource;
import dev.portcullis.api.v1.ResourceSpec;
import dev.portcullis.api.v1.Rule;

/** Objects in few words. */
final class ObjectsOfTest {
    private ObjectsOfTest() {}

    static Policy policy(String name, String... sources) {
        PolicySpec.Builder spec = PolicySpec.newBuilder().setType("ip");
        for (String source : sources) {
            spec.addRules(Rule.newBuilder().setSource(source));
        }
        return Policy.newBuilder().setMetadata(metadata(name)).setSpec(spec).build();
    }

    static Resource resource(String name, ResourceSpec.Builder spec) {
        return Resource.newBuilder().setMetadata(metadata(name)).setSpec(spec).build();
    }

    static ResourceSpec.Builder spec() {
        return ResourceSpec.newBuilder();
    }

    static Port port(String protocol) {
        return Port.newBuilder().setProtocol(protocol).build();
    }

    static Port port(String protocol, int port) {
        return Port.newBuilder().setProtocol(protocol).setPort(port).build();
    }

    static Port range(String protocol, int port, int endPort) {
        return Port.newBuilder().setProtocol(protocol).setPort(port).setEndPort(endPort).build();
    }

    private static Metadata metadata(String name) {
        return Metadata.newBuilder().setName(name).build();
    }
}
