// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.policy.file.DocumentReader;
import dev.portcullis.policy.file.Documents;
import dev.portcullis.policy.file.OfflineCheck;
import dev.portcullis.policy.file.SourceText;
import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Decision;
import dev.portcullis.policy.model.Environment;
import dev.portcullis.policy.model.Failsafe;
import dev.portcullis.policy.model.HostAddresses;
import dev.portcullis.policy.model.PortMatch;
import dev.portcullis.policy.model.PortRange;
import dev.portcullis.policy.model.Protocol;
import dev.portcullis.policy.model.Reason;
import dev.portcullis.policy.reference.ReferenceModel;
import dev.portcullis.policy.reference.ReferencePacket;
import dev.portcullis.policy.reference.ReferencePacket.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds docs/policy-reference.md to what the code does. */
class PolicyReferenceTest {
    private static final Path PAGE = Path.of("..", "..", "docs", "policy-reference.md");
    private static final String PAGE_TEXT = text();
    private static final Pattern YAML = Pattern.compile("(?ms)^```yaml\\n(.*?)^```$");
    private static final Pattern PACKET =
            Pattern.compile(
                    "(?m)^\\| (\\S+) \\| (\\S+):(\\d+)/(tcp|udp) \\| `(\\w+)` \\| (\\S*) ?\\|"
                            + " ?(\\S*) ?\\|$");

    @ParameterizedTest
    @MethodSource("examples")
    void an_example_is_sound(String yaml) {
        OfflineCheck.Report report = OfflineCheck.state(read(yaml));

        assertThat(report.violations()).isEmpty();
        assertThat(report.state().policies().size() + report.state().resources().size())
                .isPositive();
    }

    @Test
    void the_examples_together_are_sound() {
        String all = String.join("---\n", examples().toList());

        assertThat(OfflineCheck.state(read(all)).violations()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("packets")
    void a_packet_is_answered_as_the_page_says(MatchResult row) {
        OfflineCheck.Report first = OfflineCheck.state(read(examples().findFirst().orElseThrow()));
        Failsafe ssh =
                new Failsafe(
                        new PortMatch(Protocol.TCP, Optional.of(new PortRange(22, 22))), List.of());
        ReferencePacket packet =
                ReferencePacket.withPorts(
                        "eth0",
                        row.group(4).equals("tcp") ? ReferencePacket.TCP : ReferencePacket.UDP,
                        Address.parse(row.group(1)),
                        Address.parse(row.group(2)),
                        new Ports(40_000, Integer.parseInt(row.group(3))));

        Decision decision =
                ReferenceModel.judge(
                                first.state(),
                                List.of(ssh),
                                Environment.of(HostAddresses.of(List.of())),
                                packet)
                        .decision();

        assertThat(decision.reason().label()).isEqualTo(row.group(5));
        assertThat(decision.resource()).isEqualTo(row.group(6));
        assertThat(decision.policy()).isEqualTo(row.group(7));
    }

    @ParameterizedTest
    @EnumSource
    void a_reason_is_explained_with_its_verdict(Reason reason) {
        assertThat(PAGE_TEXT)
                .contains("\n| `" + reason.label() + "` | " + reason.verdict().label() + " | ");
    }

    @Test
    void the_page_has_the_examples_and_packets_that_are_looked_for() {
        assertThat(examples()).hasSizeGreaterThanOrEqualTo(3);
        assertThat(packets()).hasSizeGreaterThanOrEqualTo(8);
    }

    static Stream<String> examples() {
        return YAML.matcher(PAGE_TEXT).results().map(match -> match.group(1));
    }

    static Stream<MatchResult> packets() {
        return PACKET.matcher(PAGE_TEXT).results();
    }

    private static Documents read(String yaml) {
        return DocumentReader.read(List.of(new SourceText("policy-reference.md", yaml)));
    }

    private static String text() {
        try {
            return Files.readString(PAGE);
        } catch (IOException e) {
            throw new UncheckedIOException("docs/policy-reference.md can't be read", e);
        }
    }
}
