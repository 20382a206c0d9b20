// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.policy.model.Peers;
import dev.portcullis.policy.model.PrivateEndpoint;
import dev.portcullis.policy.validation.Checked;
import dev.portcullis.policy.validation.Violation;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AzureConnectionsTest {
    private static final String REMEDY =
            "; put there what \"az network private-link-service show -g GROUP -n NAME -o json\""
                    + " prints";
    private static final String GUID = "7c0f05e4-e32b-4b10-a246-7b77f7dcc63c";
    private static final String OTHER_GUID = "c1b8a2d0-50f9-4d41-9fd8-1bb7a3b2a4e7";

    /** A connection as the command line prints it. */
    private static final String DEMO =
            """
            {
              "etag": "W/\\"65ab3a2e-76b2-4c2c-9a6f-7c3a0a2f3a35\\"",
              "id": "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/search/providers/Microsoft.Network/privateLinkServices/search-pls/privateEndpointConnections/azure-demo.7c0f05e4-e32b-4b10-a246-7b77f7dcc63c",
              "linkIdentifier": "536872449",
              "name": "azure-demo.7c0f05e4-e32b-4b10-a246-7b77f7dcc63c",
              "privateEndpoint": {
                "id": "/subscriptions/00000000-0000-0000-0000-000000000002/resourceGroups/clients/providers/Microsoft.Network/privateEndpoints/azure-demo",
                "resourceGroup": "clients"
              },
              "privateEndpointLocation": "westeurope",
              "privateLinkServiceConnectionState": {
                "actionsRequired": "None",
                "description": "Approved",
                "status": "Approved"
              },
              "provisioningState": "Succeeded",
              "resourceGroup": "search",
              "type": "Microsoft.Network/privateLinkServices/privateEndpointConnections"
            }
            """;

    /** One as the interface of Azure tells it. */
    private static final String OTHER =
            """
            {
              "name": "Team_B.pe.c1b8a2d0-50f9-4d41-9fd8-1bb7a3b2a4e7",
              "id": "/subscriptions/s/resourceGroups/search/providers/Microsoft.Network/privateLinkServices/search-pls/privateEndpointConnections/Team_B.pe.c1b8a2d0-50f9-4d41-9fd8-1bb7a3b2a4e7",
              "properties": {
                "provisioningState": "Succeeded",
                "privateEndpoint": {
                  "id": "/subscriptions/s/resourceGroups/b/providers/Microsoft.Network/privateEndpoints/Team_B.pe"
                },
                "privateEndpointLocation": "westeurope",
                "linkIdentifier": "134217729",
                "privateLinkServiceConnectionState": {"status": "Approved", "description": ""}
              },
              "type": "Microsoft.Network/privateLinkServices/privateEndpointConnections"
            }
            """;

    private static final Map<Peers.AzureEndpoint, PrivateEndpoint> BOTH =
            Map.of(
                    new Peers.AzureEndpoint("azure-demo", GUID), PrivateEndpoint.azure(536_872_449),
                    new Peers.AzureEndpoint("team_b.pe", OTHER_GUID),
                            PrivateEndpoint.azure(134_217_729));

    private static Checked<Map<Peers.AzureEndpoint, PrivateEndpoint>> check(String content) {
        return AzureConnections.read("/pls.json", content.getBytes(StandardCharsets.UTF_8));
    }

    private static Map<Peers.AzureEndpoint, PrivateEndpoint> read(String content) {
        Checked<Map<Peers.AzureEndpoint, PrivateEndpoint>> checked = check(content);
        assertThat(checked.violations()).isEmpty();
        return checked.value().orElseThrow();
    }

    private static List<String> violations(String content) {
        return check(content).violations().stream().map(Violation::toString).toList();
    }

    private static String service(String... connections) {
        return """
        {
          "alias": "search-pls.0e1f4c57-aa9f-4f5a-a1f5-8d1a7ff2ff7f.westeurope.azure.privatelinkservice",
          "enableProxyProtocol": true,
          "ipConfigurations": [{"name": "nat", "primary": true}],
          "location": "westeurope",
          "name": "search-pls",
          "privateEndpointConnections": [%s],
          "type": "Microsoft.Network/privateLinkServices"
        }
        """
                .formatted(String.join(",", connections));
    }

    @Test
    void a_service_as_the_command_line_shows_it_is_read() {
        assertThat(read(service(DEMO, OTHER))).isEqualTo(BOTH);
    }

    @Test
    void a_list_of_services_is_read_also_with_some_that_nobody_is_connected_to() {
        assertThat(read("[" + service(DEMO) + "," + service() + "," + service(OTHER) + "]"))
                .isEqualTo(BOTH);
    }

    @Test
    void a_list_of_connections_is_read() {
        assertThat(read("[" + DEMO + "," + OTHER + "]")).isEqualTo(BOTH);
    }

    @Test
    void one_connection_is_read() {
        assertThat(read(DEMO)).containsOnlyKeys(new Peers.AzureEndpoint("azure-demo", GUID));
    }

    @Test
    void answers_of_the_interface_are_read() {
        String service =
                "{\"name\": \"pls\", \"properties\": {\"privateEndpointConnections\": ["
                        + DEMO
                        + ","
                        + OTHER
                        + "]}}";

        assertThat(read(service)).isEqualTo(BOTH);
        assertThat(read("{\"value\": [" + service + "], \"nextLink\": null}")).isEqualTo(BOTH);
        assertThat(read("{\"value\": [" + DEMO + "," + OTHER + "]}")).isEqualTo(BOTH);
    }

    @Test
    void a_byte_order_mark_is_taken() {
        assertThat(read("\ufeff" + service(DEMO))).hasSize(1);
    }

    @Test
    void the_name_of_the_connection_is_enough() {
        assertThat(
                        read(
                                """
                                [{"name": "a.b.7C0F05E4-e32b-4b10-a246-7b77f7dcc63c",
                                  "linkIdentifier": "4294967295"}]
                                """))
                .isEqualTo(
                        Map.of(
                                new Peers.AzureEndpoint("a.b", GUID),
                                PrivateEndpoint.azure(4_294_967_295L)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"resourceGuid\": \"7c0f05e4-e32b-4b10-a246-7b77f7dcc63c\"",
                "\"properties\": {\"resourceGuid\": \"7c0f05e4-e32b-4b10-a246-7b77f7dcc63c\"}"
            })
    void what_the_private_endpoint_says_of_itself_is_believed_first(String guid) {
        assertThat(
                        read(
                                """
                                [{"name": "cut.%s", "linkIdentifier": 7,
                                  "privateEndpoint": {"id": "/x/privateendpoints/whole", %s}}]
                                """
                                        .formatted(OTHER_GUID, guid)))
                .isEqualTo(
                        Map.of(new Peers.AzureEndpoint("whole", GUID), PrivateEndpoint.azure(7)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    "linkIdentifier": "536872449" | "linkIdentifier": null | "azure-demo.GUID": has no linkIdentifier
                    "linkIdentifier": "536872449" | "linkIdentifier": "4294967296" | "azure-demo.GUID": has the linkIdentifier "4294967296", which is no number of 32 bits
                    "linkIdentifier": "536872449" | "linkIdentifier": "pls" | "azure-demo.GUID": has the linkIdentifier "pls", which is no number of 32 bits
                    "name": "azure-demo.7c0f05e4-e32b-4b10-a246-7b77f7dcc63c" | "name": "azure-demo" | "azure-demo": does not tell the resource GUID of its private endpoint, since it is not named NAME.GUID
                    "name": "azure-demo.7c0f05e4-e32b-4b10-a246-7b77f7dcc63c" | "x": 1 | does not tell the resource GUID of its private endpoint, since it is not named NAME.GUID
                    """)
    void a_connection_that_lacks_something_is_left_out_by_its_name(
            String part, String instead, String problem) {
        Checked<Map<Peers.AzureEndpoint, PrivateEndpoint>> checked =
                check(service(OTHER, DEMO.replace(part, instead)));

        assertThat(checked.value().orElseThrow())
                .containsOnlyKeys(new Peers.AzureEndpoint("team_b.pe", OTHER_GUID));
        assertThat(checked.warnings())
                .containsExactly(
                        "/pls.json: privateEndpointConnections[1]: "
                                + problem.replace("GUID\"", GUID + "\"")
                                + "; it is left out");
    }

    @Test
    void link_identifiers_that_contradict_each_other_are_none() {
        Checked<Map<Peers.AzureEndpoint, PrivateEndpoint>> checked =
                check(
                        "["
                                + service(DEMO, OTHER)
                                + ","
                                + service(DEMO.replace("536872449", "1"), DEMO)
                                + "]");

        assertThat(checked.value().orElseThrow())
                .containsOnlyKeys(new Peers.AzureEndpoint("team_b.pe", OTHER_GUID));
        assertThat(checked.warnings())
                .hasSize(2)
                .first()
                .asString()
                .contains(
                        "[1].privateEndpointConnections[0]",
                        "has the linkIdentifier 1, and another");
    }

    @Test
    void the_same_connection_twice_is_one() {
        assertThat(read("[" + service(DEMO) + "," + service(DEMO) + "]")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{\"privateEndpointConnections\": []}",
                "[{\"privateEndpointConnections\": []}]"
            })
    void a_file_without_connections_is_refused(String content) {
        assertThat(violations(content))
                .singleElement()
                .asString()
                .matches("/pls\\.json: (has no private endpoint connections|is not an object); .*");
    }

    @Test
    void another_file_is_refused_with_what_would_be_right() {
        assertThat(violations("{\"prefixes\": []}"))
                .containsExactly("/pls.json: has no privateEndpointConnections" + REMEDY);
    }

    @Test
    void a_file_of_which_nothing_can_be_used_is_refused_with_all_reasons() {
        String content = service(DEMO.replace("536872449", "x"));

        assertThat(violations(content))
                .containsExactly(
                        "/pls.json: has no private endpoint connection that tells name, GUID and"
                                + " linkIdentifier"
                                + REMEDY);
        assertThat(check(content).warnings()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    <html> | line 1, column 1: is not JSON
                    {"privateEndpointConnections": [ | line 1, column 33: is not JSON
                    [] [] | line 1, column 5: is not JSON
                    {"privateEndpointConnections": {}} | privateEndpointConnections: is not a list
                    {"value": 7} | value: is not a list
                    [7] | [0]: is not an object
                    {"privateEndpointConnections": ["a"]} | privateEndpointConnections[0]: is not an object
                    """)
    void what_is_no_export_is_refused_with_its_place(String content, String problem) {
        assertThat(violations(content)).containsExactly("/pls.json: " + problem + REMEDY);
    }

    @Test
    void what_is_no_text_is_refused() {
        assertThat(AzureConnections.read("/pls.json", new byte[] {(byte) 0xff}).violations())
                .extracting(Violation::toString)
                .containsExactly("/pls.json: is not UTF-8 text" + REMEDY);
    }

    @Test
    void a_document_of_very_deep_lists_is_refused() {
        assertThat(violations("[".repeat(100_000))).hasSize(1);
    }
}
