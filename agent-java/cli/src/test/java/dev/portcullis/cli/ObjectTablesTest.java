// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.api.v1.AddressSet;
import dev.portcullis.api.v1.AddressSetSpec;
import dev.portcullis.api.v1.Association;
import dev.portcullis.api.v1.AssociationSpec;
import dev.portcullis.api.v1.Metadata;
import dev.portcullis.api.v1.Resource;
import dev.portcullis.api.v1.ResourceSpec;
import dev.portcullis.api.v1.ResourceStatus;
import dev.portcullis.policy.model.ObjectKind;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ObjectTablesTest {
    private static Metadata named(String name) {
        return Metadata.newBuilder().setName(name).build();
    }

    private static Resource web(String... policies) {
        ResourceSpec spec = ResourceSpec.newBuilder().addAllPolicies(List.of(policies)).build();
        return Resource.newBuilder().setMetadata(named("web")).setSpec(spec).build();
    }

    private static List<ResourceStatus> status(String resource, String... policies) {
        return List.of(
                ResourceStatus.newBuilder()
                        .setName(resource)
                        .addAllPolicies(List.of(policies))
                        .build());
    }

    @Test
    void associations_and_address_sets_have_a_table_each() {
        Association association =
                Association.newBuilder()
                        .setMetadata(named("office-web"))
                        .setSpec(
                                AssociationSpec.newBuilder().setPolicy("office").setResource("web"))
                        .build();
        AddressSet set =
                AddressSet.newBuilder()
                        .setMetadata(named("aws"))
                        .setSpec(
                                AddressSetSpec.newBuilder()
                                        .setUrl("https://example.org/ip-ranges.json")
                                        .setFormat("aws"))
                        .build();

        assertThat(ObjectTables.of(List.of(association, set), List.of(), List.of()))
                .isEqualTo(
                        """
                        ASSOCIATION  POLICY  RESOURCE  DESCRIPTION
                        office-web   office  web       -

                        ADDRESS SET  FROM                                FORMAT  DESCRIPTION
                        aws          https://example.org/ip-ranges.json  aws     -
                        """);
    }

    @Test
    void a_resource_of_a_workload_names_it_beside_its_addresses() {
        Resource.Builder resource = web("out").toBuilder();
        resource.getSpecBuilder().getWorkloadBuilder().setUnit("nginx.service");

        String text = ObjectTables.of(List.of(resource.build()), List.of(), List.of());

        assertThat(text).contains("all of nginx.service");
    }

    @Test
    void a_resource_without_any_policy_is_shown_as_open() {
        String text = ObjectTables.of(List.of(web()), List.of(), status("web"));

        assertThat(text).contains("none (open)");
    }

    @Test
    void a_resource_that_an_association_closes_is_not_shown_as_open() {
        String text = ObjectTables.of(List.of(web()), List.of(), status("web", "office"));

        assertThat(text).contains("office").doesNotContain("open");
    }

    @Test
    void a_resource_shows_its_policies_in_the_order_in_which_they_are_asked() {
        assertThat(
                        ObjectTables.of(
                                List.of(web("vpn", "office")),
                                List.of(),
                                status("web", "vpn", "office", "abuse")))
                .contains("vpn,office,abuse\n");
    }

    @Test
    void resources_alone_make_no_table_of_policies() {
        String text = ObjectTables.of(List.of(web()), List.of(), status("web", "office"));

        assertThat(text).doesNotContain("PACKETS");
    }

    @Test
    void no_object_of_a_kind_is_not_told_as_an_empty_store() {
        assertThat(ObjectTables.none(Optional.of(ObjectKind.ADDRESS_SET)))
                .isEqualTo("no address set is stored: see \"portcullis get\"\n");
        assertThat(ObjectTables.none(Optional.empty())).contains("nothing is stored yet");
    }
}
