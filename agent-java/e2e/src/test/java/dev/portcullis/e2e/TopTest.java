// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portcullis.api.v1.StatusRequest;
import dev.portcullis.api.v1.StatusResponse;
import dev.portcullis.api.v1.TopRequest;
import dev.portcullis.api.v1.TopResponse;
import dev.portcullis.api.v1.TopSource;
import io.grpc.stub.BlockingClientCall;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is denied most, from the packet to the table. */
class TopTest {
    private static final String OFFICE_ONLY =
            """
            apiVersion: portcullis.dev/v1
            kind: Policy
            metadata: {name: office}
            spec: {type: ip, rules: [{source: 10.77.1.0/24}]}
            ---
            apiVersion: portcullis.dev/v1
            kind: Resource
            metadata: {name: web}
            spec: {ports: [{protocol: TCP, port: 9200}], policies: [office]}
            """;

    @TempDir private Path directory;

    @Test
    void a_denied_client_is_at_the_top_in_status_and_has_a_rate() throws Exception {
        try (Network network = new Network(2);
                Agent agent =
                        new Agent(
                                        network.server(),
                                        directory,
                                        "interfaces: [c1, c2]\nmetrics: null\n")
                                .start();
                Client client = new Client(agent.socket())) {
            network.serve(9200);
            agent.apply(OFFICE_ONLY).ok();
            BlockingClientCall<?, TopResponse> top =
                    client.portcullis().top(TopRequest.newBuilder().setInterval("1s").build());
            assertThat(top.read().getSourcesList()).isEmpty();

            assertThat(network.connect(1, "tcp", "10.77.1.1", 9200)).isEqualTo("answered");
            assertThat(network.connect(2, "tcp", "10.77.2.1", 9200)).isEqualTo("silent");

            TopSource denied = firstWithRate(top);
            assertThat(denied.getAddress()).isEqualTo("10.77.2.2");
            assertThat(denied.getResource()).isEqualTo("web");
            assertThat(denied.getReason()).isEqualTo("no_policy_match");
            assertThat(denied.getDirection()).isEqualTo("ingress");

            StatusResponse status = client.portcullis().status(StatusRequest.getDefaultInstance());
            assertThat(status.getTopSourcesList())
                    .extracting(TopSource::getAddress)
                    .containsExactly("10.77.2.2");
            assertThat(status.getTopSources(0).getPackets())
                    .isEqualTo(status.getResources(0).getDroppedPackets());

            assertThat(agent.portcullis("top", "--once", "-o", "json").ok().out())
                    .contains("\"address\": \"10.77.2.2\"", "\"reason\": \"no_policy_match\"")
                    .doesNotContain("10.77.1.2");
            assertThat(agent.portcullis("status").ok().out())
                    .containsPattern("DROPPED SOURCE +RESOURCE +REASON")
                    .containsPattern("10\\.77\\.2\\.2 +web +no_policy_match");
            assertThat(agent.portcullis("top", "--once", "--resource", "wed").err())
                    .isEqualTo(
                            "portcullis: resource: no resource is named \"wed\" (did you mean"
                                    + " \"web\"?)\n");
            assertThatThrownBy(() ->
                            client.portcullis()
                                    .top(TopRequest.newBuilder().setInterval("0s").build())
                                    .read())
                    .hasMessageContaining("interval: \"0s\" is not a time from 1s to 1h");
        }
    }

    /** The client sends its SYN again for some seconds. */
    private static TopSource firstWithRate(BlockingClientCall<?, TopResponse> top)
            throws Exception {
        while (true) {
            TopResponse next = top.read();
            if (next.getSourcesCount() > 0 && next.getSources(0).getPacketsPerSecond() > 0) {
                top.cancel("seen", null);
                return next.getSources(0);
            }
        }
    }
}
