// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.addresses;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.policy.file.DocumentReader;
import dev.portcullis.policy.file.OfflineCheck;
import dev.portcullis.policy.file.SourceText;
import dev.portcullis.policy.model.AddressSet;
import dev.portcullis.policy.model.AddressSet.Format;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds docs/address-sets.md to what the code does. */
class AddressSetsPageTest {
    private static final Path PAGE = Path.of("..", "..", "docs", "address-sets.md");
    private static final Pattern FORMAT =
            Pattern.compile(
                    "(?ms)^### `(\\w+)`$.*?^```\\w+\\n(.*?)^```\\n\\nGives ([^;.]*(?:\\.[^;.\\n]+)*)"
                            + "(?:;\\nwith `services: \\[(.*?)]` and `regions: \\[(.*?)]` (.*?))?\\.\\n");
    private static final Pattern YAML = Pattern.compile("(?ms)^```yaml\\n(.*?)^```$");
    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");

    private static String page() {
        try {
            return Files.readString(PAGE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<MatchResult> formats() {
        return FORMAT.matcher(page()).results();
    }

    private static Format format(String text) {
        return Arrays.stream(Format.values())
                .filter(format -> format.text().equals(text))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> read(
            Optional<Format> format, List<String> services, List<String> regions, String content) {
        AddressSet set =
                new AddressSet(
                        "s",
                        new AddressSet.LocalFile(Path.of("/etc/list")),
                        format,
                        services,
                        regions,
                        "");
        return AddressList.read(set, content.getBytes(StandardCharsets.UTF_8))
                .value()
                .orElseThrow()
                .stream()
                .map(Object::toString)
                .toList();
    }

    private static List<String> quoted(String text) {
        return QUOTED.matcher(text).results().map(result -> result.group(1)).toList();
    }

    private static List<String> names(String text) {
        return text.isEmpty() ? List.of() : List.of(text);
    }

    @Test
    void the_objects_are_sound() {
        String yaml =
                YAML.matcher(page())
                        .results()
                        .map(block -> block.group(1))
                        .collect(Collectors.joining("---\n"));

        OfflineCheck.Report report =
                OfflineCheck.state(
                        DocumentReader.read(List.of(new SourceText(PAGE.toString(), yaml))));

        assertThat(report.violations()).isEmpty();
        assertThat(report.state().sets()).containsOnlyKeys("elastic-cloud", "offenders");
        assertThat(report.state().policies()).containsOnlyKeys("no-offenders", "remote-search");
    }

    @Test
    void every_format_has_an_example() {
        assertThat(formats().map(format -> format(format.group(1))))
                .containsExactlyElementsOf(List.of(Format.values()));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void an_example_gives_what_the_page_says(MatchResult format) {
        Format named = format(format.group(1));
        List<String> given = quoted(format.group(3));

        assertThat(given).isNotEmpty();
        assertThat(read(Optional.of(named), List.of(), List.of(), format.group(2)))
                .isEqualTo(given);
        assertThat(read(Optional.empty(), List.of(), List.of(), format.group(2))).isEqualTo(given);
    }

    @ParameterizedTest
    @MethodSource("formats")
    void an_example_with_filters_gives_what_the_page_says(MatchResult format) {
        if (format(format.group(1)) == Format.CIDRS) {
            assertThat(format.group(4)).isNull();
            return;
        }

        assertThat(
                        read(
                                Optional.empty(),
                                names(format.group(4)),
                                names(format.group(5)),
                                format.group(2)))
                .isEqualTo(quoted(format.group(6)))
                .isNotEmpty();
    }
}
