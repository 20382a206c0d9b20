// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the command does without an agent. */
class CommandLineTest {
    private static final Path DOCS = Path.of("../../docs");

    @TempDir private Path directory;

    record Result(int exit, String out, String err) {}

    static Result run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exit =
                CommandLines.create(new PrintWriter(out, true), new PrintWriter(err, true))
                        .execute(arguments);
        return new Result(exit, out.toString(), err.toString());
    }

    private String file(String content) throws IOException {
        return Files.writeString(directory.resolve("policies.yaml"), content).toString();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "apply",
                "diff",
                "get",
                "delete",
                "associate",
                "dissociate",
                "history",
                "rollback",
                "validate",
                "import",
                "status",
                "doctor",
                "explain",
                "drops",
                "top",
                "detach",
                "agent"
            })
    void help_of_a_command_has_examples_and_exit_codes(String command) {
        Result help = run(command, "--help");

        assertThat(help.exit).isZero();
        assertThat(help.out)
                .contains("Usage: portcullis " + command)
                .contains("Examples:\n  portcullis " + command)
                .contains("Exit codes:");
    }

    @ParameterizedTest
    @MethodSource
    void a_wrong_command_line_ends_with_2_and_says_where_help_is(List<String> arguments) {
        Result result = run(arguments.toArray(String[]::new));

        assertThat(result.exit).isEqualTo(2);
        assertThat(result.out).isEmpty();
        assertThat(result.err.lines()).hasSize(2);
        assertThat(result.err).startsWith("portcullis: ").contains("--help");
    }

    static Stream<List<String>> a_wrong_command_line_ends_with_2_and_says_where_help_is() {
        return Stream.of(
                List.of(),
                List.of("stauts"),
                List.of("apply"),
                List.of("diff"),
                List.of("diff", "-f", "policies.yaml", "--dry-run"),
                List.of("associate"),
                List.of("associate", "office"),
                List.of("associate", "office", "web", "shop"),
                List.of("associate", "office", "web", "--expected-revision", "last"),
                List.of("dissociate", "office"),
                List.of("dissociate", "office", "web", "--owner", "platform"),
                List.of("import"),
                List.of("import", "elasticsearch"),
                List.of("import", "ece", "rulesets.json"),
                List.of("status", "--outptu", "json"),
                List.of("status", "-o", "xml"),
                List.of("history", "-n", "0"),
                List.of("history", "last"),
                List.of("history", "12", "13"),
                List.of("rollback", "11"),
                List.of("rollback", "--to", "0"),
                List.of("doctor", "--config"),
                List.of("doctor", "eth0"),
                List.of("top", "-n", "0"),
                List.of("top", "--limit", "many"),
                List.of("top", "--count", "1"),
                List.of("get", "policys"),
                List.of("delete", "address-set"),
                List.of("delete", "rule", "office"),
                List.of("explain", "--from", "192.0.2.1"));
    }

    @Test
    void a_socket_that_is_not_there_ends_with_3_and_one_sentence() {
        Result status = run("--socket", directory.resolve("none.sock").toString(), "status");

        assertThat(status.exit).isEqualTo(3);
        assertThat(status.err.lines()).hasSize(1);
        assertThat(status.err).contains("none.sock").contains("systemctl start portcullis");
    }

    @Test
    void validate_tells_every_violation_with_file_and_line() throws IOException {
        Result validate =
                run(
                        "validate",
                        "-f",
                        file(
                                """
                                apiVersion: portcullis.dev/v1
                                kind: Policy
                                metadata: {name: office}
                                spec:
                                  type: ip
                                  rules:
                                    - {source: 203.0.113.0/33}
                                    - {sorce: 192.0.2.1}
                                """));

        assertThat(validate.exit).isEqualTo(1);
        assertThat(validate.err)
                .contains("policies.yaml:7: policy office: spec.rules[0].source: ")
                .contains("policies.yaml:8: policy office: spec.rules[1].sorce: ")
                .contains("2 violations");
    }

    @Test
    void validate_knows_associations_and_address_sets() throws IOException {
        Result validate =
                run(
                        "validate",
                        "-f",
                        file(
                                """
                                apiVersion: portcullis.dev/v1
                                kind: Policy
                                metadata: {name: office}
                                spec: {type: ip, rules: [{set: aws}, {set: partners}]}
                                ---
                                apiVersion: portcullis.dev/v1
                                kind: Resource
                                metadata: {name: web}
                                spec: {ports: [{protocol: TCP, port: 443}]}
                                ---
                                apiVersion: portcullis.dev/v1
                                kind: Association
                                metadata: {name: office-web}
                                spec: {policy: office, resource: web}
                                ---
                                apiVersion: portcullis.dev/v1
                                kind: AddressSet
                                metadata: {name: aws}
                                spec: {url: "https://ip-ranges.example.org/ip-ranges.json"}
                                ---
                                apiVersion: portcullis.dev/v1
                                kind: AddressSet
                                metadata: {name: partners}
                                spec: {file: /etc/portcullis/partners.txt}
                                """));

        assertThat(validate.err).isEmpty();
        assertThat(validate.out)
                .isEqualTo("valid: 1 policy, 1 resource, 1 association, 2 address sets\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "just text", "a: [1", "{\"a\": }"})
    void what_is_no_object_is_one_sentence(String content) throws IOException {
        Result validate = run("validate", "-f", file(content));

        assertThat(validate.exit).isEqualTo(1);
        assertThat(validate.err).contains("policies.yaml:1: ").doesNotContain("Exception");
    }

    @Test
    void a_file_that_is_not_there_is_one_sentence() {
        Result validate = run("validate", "-f", directory.resolve("none.yaml").toString());

        assertThat(validate.exit).isEqualTo(1);
        assertThat(validate.err.lines()).hasSize(1);
        assertThat(validate.err).contains("none.yaml");
    }

    @Test
    void detach_without_pins_says_what_to_name() {
        Result detach = run("detach", "--bpffs", directory.toString());

        assertThat(detach.exit).isEqualTo(1);
        assertThat(detach.err).contains("nothing is pinned below").contains("--bpffs");
    }

    @Test
    void completion_is_a_script_that_bash_takes() throws Exception {
        Path script = Files.writeString(directory.resolve("completion"), run("completion").out);

        Process bash = new ProcessBuilder("bash", "-n", script.toString()).inheritIO().start();

        assertThat(bash.waitFor()).isZero();
        assertThat(Files.readString(script)).contains("explain", "top", "--once");
    }

    static List<Path> examples() throws IOException {
        try (Stream<Path> files = Files.list(DOCS.resolve("examples"))) {
            return files.toList();
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void an_example_file_is_valid(Path example) {
        assertThat(run("validate", "-f", example.toString()).err).isEmpty();
    }

    @Test
    void the_policy_of_the_readme_is_valid() throws IOException {
        String readme = Files.readString(Path.of("../../README.md"));
        String policy =
                Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL)
                        .matcher(readme)
                        .results()
                        .map((MatchResult block) -> block.group(1))
                        .findFirst()
                        .orElseThrow();

        assertThat(run("validate", "-f", file(policy)).out).contains("1 policy, 1 resource");
    }
}
