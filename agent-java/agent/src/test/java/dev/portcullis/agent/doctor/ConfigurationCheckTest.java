// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationCheckTest {
    @TempDir private Path directory;

    private ConfigurationCheck check(String yaml) throws IOException {
        return new ConfigurationCheck(Files.writeString(directory.resolve("agent.yaml"), yaml));
    }

    @Test
    void a_file_that_is_right_is_told_with_what_it_guards() throws IOException {
        ConfigurationCheck check = check("interfaces: [eth1, \"veth*\"]\n");

        assertThat(check.findings()).hasSize(1);
        assertThat(check.findings().get(0).result()).isEqualTo(Result.OK);
        assertThat(check.findings().get(0).found()).endsWith("agent.yaml guards eth1, veth*");
        assertThat(check.config()).isPresent();
    }

    @Test
    void every_violation_is_a_finding_with_its_line_and_its_remedy() throws IOException {
        ConfigurationCheck check = check("interfaces: [lo]\nxdpMode: fast\nsockte: /run/a\n");

        assertThat(check.config()).isEmpty();
        assertThat(check.findings())
                .hasSize(3)
                .extracting(Finding::result)
                .containsOnly(Result.FAILED);
        assertThat(check.findings())
                .extracting(Finding::found)
                .anyMatch(found -> found.endsWith("agent.yaml:2: xdpMode: \"fast\" is not known"))
                .anyMatch(found -> found.contains("agent.yaml:3: sockte"));
        assertThat(check.findings())
                .extracting(Finding::remedy)
                .contains("write native or generic", "take it out")
                .doesNotContain("");
    }

    @Test
    void a_file_that_is_not_there_is_a_finding_with_a_remedy() {
        ConfigurationCheck check = new ConfigurationCheck(directory.resolve("none.yaml"));

        assertThat(check.findings()).hasSize(1);
        assertThat(check.findings().get(0).result()).isEqualTo(Result.FAILED);
        assertThat(check.findings().get(0).found()).endsWith("none.yaml: is not there");
        assertThat(check.findings().get(0).remedy()).contains("--config");
    }
}
