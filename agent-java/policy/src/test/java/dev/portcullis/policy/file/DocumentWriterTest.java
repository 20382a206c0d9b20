// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.file;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import dev.portcullis.api.v1.Metadata;
import dev.portcullis.api.v1.Policy;
import dev.portcullis.api.v1.PolicySpec;
import dev.portcullis.api.v1.Port;
import dev.portcullis.api.v1.Resource;
import dev.portcullis.api.v1.ResourceSpec;
import dev.portcullis.api.v1.Rule;
import java.util.List;
import org.junit.jupiter.api.Test;

class DocumentWriterTest {
    private static final Policy OFFICE =
            Policy.newBuilder()
                    .setMetadata(Metadata.newBuilder().setName("office"))
                    .setSpec(
                            PolicySpec.newBuilder()
                                    .setType("ip")
                                    .addRules(
                                            Rule.newBuilder()
                                                    .setSource("203.0.113.0/24")
                                                    .setDescription("head office"))
                                    .addRules(Rule.newBuilder().setSource("2001:db8:7::/48")))
                    .build();
    private static final Resource WEB =
            Resource.newBuilder()
                    .setMetadata(Metadata.newBuilder().setName("web"))
                    .setSpec(
                            ResourceSpec.newBuilder()
                                    .addAddresses("10.20.0.0/16")
                                    .addPorts(Port.newBuilder().setProtocol("TCP").setPort(9200))
                                    .addPorts(
                                            Port.newBuilder()
                                                    .setProtocol("TCP")
                                                    .setPort(9300)
                                                    .setEndPort(9310))
                                    .addPolicies("office"))
                    .build();

    /** Texts that YAML would take for something else, or that need escapes. */
    private static final List<String> AWKWARD =
            List.of(
                    "null",
                    "~",
                    "true",
                    "10",
                    "0x1F",
                    "1e3",
                    "1.5",
                    "1.",
                    "1_000",
                    "2026-01-01",
                    "12:30:45",
                    "No",
                    "y",
                    "1.2.3",
                    "10/8",
                    "/8",
                    "- x",
                    "a: b",
                    "a #b",
                    "*a",
                    "&a",
                    "!x",
                    "'",
                    "\"",
                    "\\",
                    " lead",
                    "trail ",
                    "two\nlines\n",
                    "tab\t.",
                    "---",
                    "ä€😀",
                    "\u0007\u0085\u2028",
                    "{}",
                    "[",
                    "%",
                    "@",
                    "`",
                    "<<",
                    "=",
                    "x".repeat(500) + " " + "y".repeat(5_000));

    @Test
    void yaml_is_a_document_for_each_object_in_the_form_that_people_write() {
        String yaml = DocumentWriter.yaml(List.of(OFFICE, WEB));

        assertThat(yaml)
                .isEqualTo(
                        """
                        ---
                        apiVersion: portcullis.dev/v1
                        kind: Policy
                        metadata: {name: office}
                        spec:
                          type: ip
                          rules:
                            - {source: 203.0.113.0/24, description: head office}
                            - {source: "2001:db8:7::/48"}
                        ---
                        apiVersion: portcullis.dev/v1
                        kind: Resource
                        metadata: {name: web}
                        spec:
                          addresses: [10.20.0.0/16]
                          ports:
                            - {protocol: TCP, port: 9200}
                            - {protocol: TCP, port: 9300, endPort: 9310}
                          policies: [office]
                        """);
    }

    @Test
    void json_is_one_object_for_one() {
        String json = DocumentWriter.json(WEB);

        assertThat(json)
                .isEqualTo(
                        """
                        {
                          "apiVersion": "portcullis.dev/v1",
                          "kind": "Resource",
                          "metadata": {
                            "name": "web"
                          },
                          "spec": {
                            "addresses": [
                              "10.20.0.0/16"
                            ],
                            "ports": [
                              {
                                "protocol": "TCP",
                                "port": 9200
                              },
                              {
                                "protocol": "TCP",
                                "port": 9300,
                                "endPort": 9310
                              }
                            ],
                            "policies": [
                              "office"
                            ]
                          }
                        }
                        """);
    }

    @Test
    void yaml_is_read_back_to_equal_objects() {
        List<Message> objects = List.of(OFFICE, WEB, Resource.getDefaultInstance(), awkward());

        assertThat(readBack(DocumentWriter.yaml(objects))).isEqualTo(objects);
    }

    @Test
    void json_of_several_is_read_back_to_equal_objects() {
        List<Message> objects = List.of(OFFICE, WEB, Resource.getDefaultInstance(), awkward());

        assertThat(readBack(DocumentWriter.json(objects))).isEqualTo(objects);
    }

    @Test
    void json_of_one_is_read_back_to_an_equal_object() {
        assertThat(readBack(DocumentWriter.json(awkward()))).containsExactly(awkward());
    }

    @Test
    void letters_of_every_language_are_written_as_they_are() {
        Resource resource =
                Resource.newBuilder()
                        .setSpec(ResourceSpec.newBuilder().setDescription("Büro 東京"))
                        .build();

        assertThat(DocumentWriter.yaml(List.of(resource))).contains("{description: \"Büro 東京\"}");
        assertThat(DocumentWriter.json(resource)).contains("\"description\": \"Büro 東京\"");
    }

    @Test
    void no_objects_are_an_empty_yaml_text_and_an_empty_json_array() {
        assertThat(DocumentWriter.yaml(List.of())).isEmpty();
        assertThat(DocumentWriter.json(List.of())).isEqualTo("[]\n");
    }

    @Test
    void the_largest_unsigned_number_is_read_back() {
        Resource resource =
                Resource.newBuilder()
                        .setSpec(
                                ResourceSpec.newBuilder()
                                        .addPorts(Port.newBuilder().setPort(-1).setEndPort(0)))
                        .build();

        assertThat(readBack(DocumentWriter.json(resource))).containsExactly(resource);
    }

    private static Resource awkward() {
        return Resource.newBuilder()
                .setMetadata(Metadata.newBuilder().setName("awkward"))
                .setSpec(
                        ResourceSpec.newBuilder()
                                .addAllAddresses(AWKWARD)
                                .addPorts(Port.newBuilder()))
                .build();
    }

    private static List<Message> readBack(String text) {
        return DocumentReader.read(List.of(new SourceText("-", text))).objects();
    }

    @Test
    void comments_are_before_all_documents_and_below_the_line_that_begins_one() {
        String yaml =
                DocumentWriter.yaml(
                        List.of("about the file"),
                        List.of(
                                new CommentedObject(OFFICE, List.of("about it", "  - a detail")),
                                new CommentedObject(WEB, List.of())));

        assertThat(yaml)
                .startsWith("# about the file\n---\n# about it\n#   - a detail\napiVersion: ")
                .contains("\n---\napiVersion: portcullis.dev/v1\nkind: Resource\n");
        assertThat(readBack(yaml)).containsExactly(OFFICE, WEB);
    }

    @Test
    void whatever_a_comment_holds_it_stays_a_comment() {
        for (String text : AWKWARD) {
            String yaml =
                    DocumentWriter.yaml(
                            List.of(text), List.of(new CommentedObject(OFFICE, List.of(text))));

            assertThat(readBack(yaml)).as(text).containsExactly(OFFICE);
        }
    }

    @Test
    void a_long_comment_is_broken_between_words() {
        String line = "  word".repeat(100);

        String yaml = DocumentWriter.yaml(List.of(line), List.of());

        assertThat(yaml.lines())
                .hasSizeGreaterThan(4)
                .allSatisfy(each -> assertThat(each).startsWith("#   word").hasSizeLessThan(101));
    }
}
