// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import static dev.portcullis.cli.CommandLineTest.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.cli.CommandLineTest.Result;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImportCommandTest {
    private static final Path PAGE = Path.of("../../docs/imports.md");
    private static final Pattern BLOCK =
            Pattern.compile("(?ms)^(?:`([\\w.]+)`:\\n\\n)?```(\\w+)\\n(.*?)^```$");
    private static final String FILTER = "xpack.security.http.filter.deny: [_all, \"${OFFICE}\"]\n";

    @TempDir private Path directory;

    private String file(String name, String content) throws IOException {
        return Files.writeString(directory.resolve(name), content).toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"elasticsearch", "elastic-cloud"})
    void help_of_an_import_has_examples_and_exit_codes(String system) {
        Result help = run("import", system, "--help");

        assertThat(help.exit()).isZero();
        assertThat(help.out())
                .contains("Usage: portcullis import " + system)
                .contains("portcullis import " + system)
                .contains("Examples:")
                .contains("Exit codes:");
    }

    @Test
    void objects_go_to_standard_output_and_what_is_lost_is_summed_up_on_the_other()
            throws IOException {
        Result result = run("import", "elasticsearch", file("elasticsearch.yml", FILTER));

        assertThat(result.exit()).isZero();
        assertThat(result.out()).contains("kind: Policy").contains("# Not carried over: ");
        assertThat(result.err().lines())
                .satisfiesExactly(
                        lost ->
                                assertThat(lost)
                                        .startsWith("not carried over: xpack.security.http.filter")
                                        .contains("${OFFICE}"),
                        sum ->
                                assertThat(sum)
                                        .isEqualTo(
                                                "imported: 3 policies, 3 resources; not carried"
                                                        + " over: 1 thing, which the comments tell"
                                                        + " too"));
    }

    @Test
    void a_dash_is_standard_input() {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(FILTER.getBytes(StandardCharsets.UTF_8)));
        try {
            Result result = run("import", "elasticsearch", "-");

            assertThat(result.exit()).isZero();
            assertThat(result.out()).contains("Made from - by portcullis import elasticsearch");
        } finally {
            System.setIn(before);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "elasticsearch | 'http.port: 0x10' | :1: http.port: ",
                "elasticsearch | 'a: [1' | :1: is not YAML: ",
                "elastic-cloud | '{\"rulesets\": [{\"name\": \"a\", \"type\": \"geo\"}]}' | \"geo\"",
                "elastic-cloud | '{}' | :1: rulesets: is missing",
            })
    void a_file_that_can_not_be_used_ends_with_1_and_every_violation(
            String system, String content, String expected) throws IOException {
        Result result = run("import", system, file("input", content));

        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .contains(expected)
                .endsWith("portcullis: 1 violation; nothing was imported\n")
                .doesNotContain("Exception");
    }

    @Test
    void a_file_that_is_not_there_or_is_a_directory_is_one_sentence() {
        Result missing = run("import", "elastic-cloud", directory.resolve("none").toString());
        Result folder = run("import", "elastic-cloud", directory.toString());

        assertThat(missing.exit()).isEqualTo(1);
        assertThat(missing.err().lines()).singleElement().asString().contains("no such file");
        assertThat(folder.exit()).isEqualTo(1);
        assertThat(folder.err().lines()).singleElement().asString().contains("is a directory");
    }

    @ParameterizedTest
    @CsvSource({"elasticsearch, elasticsearch.yml", "elastic-cloud, rulesets.json"})
    void an_example_of_the_page_is_imported_as_it_says(String system, String name)
            throws IOException {
        String input = block(name);
        String output = block("filters.yaml", name);

        Result result = run("import", system, file(name, input));

        assertThat(result.out().replace(directory + "/", "")).isEqualTo(output);
        assertThat(run("validate", "-f", file("filters.yaml", result.out())).exit()).isZero();
    }

    private static String block(String name) throws IOException {
        return block(name, name);
    }

    /** The first block of a name after the one of another. */
    private static String block(String name, String after) throws IOException {
        List<String[]> blocks =
                BLOCK.matcher(Files.readString(PAGE))
                        .results()
                        .map(match -> new String[] {match.group(1), match.group(3)})
                        .toList();
        boolean reached = false;
        for (String[] block : blocks) {
            reached |= after.equals(block[0]);
            if (reached && name.equals(block[0])) {
                return block[1];
            }
        }
        throw new AssertionError("docs/imports.md has no block " + name + " after " + after);
    }
}
