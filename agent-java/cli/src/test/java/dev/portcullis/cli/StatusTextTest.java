// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.api.v1.InterfaceStatus;
import dev.portcullis.api.v1.ResourceStatus;
import dev.portcullis.api.v1.StatusResponse;
import dev.portcullis.api.v1.TopSource;
import org.junit.jupiter.api.Test;

class StatusTextTest {
    private static ResourceStatus.Builder resource(String name, String mode) {
        return ResourceStatus.newBuilder().setName(name).setMode(mode).setProtected(true);
    }

    @Test
    void policies_are_counted_by_their_use() {
        StatusResponse status =
                StatusResponse.newBuilder().setPolicies(7).setPoliciesInUse(3).build();

        assertThat(StatusText.of(status)).contains("policies     3 of 7 in use\n");
    }

    @Test
    void an_interface_that_is_left_alone_has_its_reason() {
        StatusResponse status =
                StatusResponse.newBuilder()
                        .addInterfaces(
                                InterfaceStatus.newBuilder()
                                        .setName("bond0")
                                        .setIndex(7)
                                        .setMode("native"))
                        .addInterfaces(
                                InterfaceStatus.newBuilder()
                                        .setName("eth0")
                                        .setIndex(2)
                                        .setMode("left_alone")
                                        .setReason("is a member of bond0"))
                        .build();

        assertThat(StatusText.of(status))
                .contains(
                        """
                        INTERFACE  INDEX  MODE        REASON
                        bond0          7  native      -
                        eth0           2  left_alone  is a member of bond0
                        """);
    }

    @Test
    void what_passed_in_audit_mode_has_a_column_where_a_resource_is_in_it() {
        StatusResponse status =
                StatusResponse.newBuilder()
                        .addResources(resource("shop", "audit").setAuditedPackets(1_234))
                        .addResources(resource("web", "enforce").setDroppedPackets(5))
                        .build();

        assertThat(StatusText.of(status))
                .contains(
                        """
                        RESOURCE  PROTECTED  MODE     POLICIES  PASSED  DROPPED  AUDITED
                        shop      yes        audit    -              0        0    1,234
                        web       yes        enforce  -              0        5        0
                        """);
    }

    @Test
    void where_all_enforce_there_is_no_column_for_audit() {
        StatusResponse status =
                StatusResponse.newBuilder().addResources(resource("web", "enforce")).build();

        assertThat(StatusText.of(status)).contains("MODE", "enforce").doesNotContain("AUDITED");
    }

    @Test
    void of_the_sources_dropped_most_it_has_the_first_three() {
        StatusResponse.Builder status = StatusResponse.newBuilder();
        for (int i = 1; i <= 4; i++) {
            status.addTopSources(
                    TopSource.newBuilder()
                            .setAddress("198.51.100." + i)
                            .setDirection("ingress")
                            .setResource("web")
                            .setReason("blocklist")
                            .setPolicy("threats")
                            .setPackets(10 - i));
        }

        assertThat(StatusText.of(status.build()))
                .contains(
                        """
                        DROPPED SOURCE  RESOURCE  REASON     POLICY   PACKETS  BYTES  LAST
                        198.51.100.1    web       blocklist  threats        9      0  -
                        198.51.100.2    web       blocklist  threats        8      0  -
                        198.51.100.3    web       blocklist  threats        7      0  -
                        """)
                .doesNotContain("198.51.100.4");
    }

    @Test
    void warnings_stand_at_the_end_a_line_each() {
        StatusResponse status =
                StatusResponse.newBuilder()
                        .addWarnings("address set aws: is 3 hours old")
                        .addWarnings("resource web: is open to all")
                        .build();

        assertThat(StatusText.of(status))
                .endsWith(
                        """

                        warning: address set aws: is 3 hours old
                        warning: resource web: is open to all
                        """);
    }
}
