// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.portcullis.api.v1.HostFinding;
import dev.portcullis.api.v1.HostReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the command finds on the server, before, beside and without an agent. */
class DoctorTest {
    @TempDir private Path directory;
    private Network network;
    private Agent agent;

    @BeforeEach
    void start() {
        network = new Network(1);
        agent = new Agent(network.server(), directory, "interfaces: [c1]\nmetrics: null\n");
    }

    @AfterEach
    void stop() {
        agent.close();
        network.close();
    }

    private Command doctor(String... options) {
        List<String> line = new ArrayList<>(List.of(Agent.LAUNCHER, "doctor"));
        line.addAll(List.of("--config", directory.resolve("agent.yaml").toString()));
        line.addAll(List.of(options));
        return agent.inside(line.toArray(String[]::new));
    }

    private static HostReport report(Command doctor) throws InvalidProtocolBufferException {
        HostReport.Builder report = HostReport.newBuilder();
        JsonFormat.parser().merge(doctor.out(), report);
        return report.build();
    }

    private static HostFinding finding(Command doctor, String check)
            throws InvalidProtocolBufferException {
        return report(doctor).getFindingsList().stream()
                .filter(finding -> finding.getCheck().equals(check))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_host_that_an_agent_can_guard_is_told_so_before_and_while_it_does() throws Exception {
        Command before = doctor("-o", "json").ok();
        assertThat(report(before).getFailed()).isZero();
        assertThat(finding(before, "c1 driver").getFound()).isEqualTo("veth has native XDP");
        assertThat(finding(before, "programs").getResult()).isEqualTo("ok");

        agent.start();

        Command meanwhile = doctor("-o", "json").ok();
        assertThat(finding(meanwhile, "c1 driver").getFound())
                .isEqualTo("veth; guarded in the driver (native)");
        assertThat(finding(meanwhile, "c1 program").getFound()).isEqualTo("Portcullis is there");
        assertThat(agent.portcullis("status").ok().out()).contains("native");
    }

    @Test
    void the_table_is_quiet_beside_it_and_fits_100_columns() {
        Command table = doctor().ok();

        assertThat(table.err()).isEmpty();
        assertThat(table.out()).startsWith("CONFIGURATION\n  ok ").contains("\nINTERFACES\n");
        assertThat(table.out().lines().filter(line -> !line.contains(directory.toString())))
                .allMatch(line -> line.length() <= 100);
    }

    @Test
    void a_configuration_that_is_wrong_ends_with_1_and_each_remedy() throws Exception {
        agent.write("agent.yaml", "interfaces: [lo]\nxdpMode: fast\n");

        Command doctor = doctor("-o", "json");

        assertThat(doctor.exit()).isEqualTo(1);
        assertThat(report(doctor).getFindingsList())
                .filteredOn(finding -> finding.getSubject().equals("configuration"))
                .extracting(HostFinding::getRemedy)
                .containsExactly("take it out", "write native or generic");
        assertThat(finding(doctor, "libbpf").getResult()).isEqualTo("ok");
    }

    @Test
    void a_user_without_rights_learns_what_it_can_and_how_to_ask_for_the_rest() throws Exception {
        Command.run(List.of("chmod", "0755", directory.toString())).ok();
        List<String> line =
                List.of(
                        "setpriv",
                        "--reuid=nobody",
                        "--clear-groups",
                        "--inh-caps=-all",
                        Agent.LAUNCHER,
                        "doctor",
                        "-o",
                        "json",
                        "--config",
                        directory.resolve("agent.yaml").toString());

        Command doctor = agent.inside(line.toArray(String[]::new));

        assertThat(doctor.err()).isEmpty();
        assertThat(finding(doctor, "version").getResult()).isEqualTo("ok");
        assertThat(finding(doctor, "c1 driver").getResult()).isEqualTo("ok");
        assertThat(report(doctor).getFindingsList())
                .filteredOn(finding -> finding.getSubject().equals("rights"))
                .extracting(HostFinding::getResult)
                .containsOnly("unknown");
        assertThat(finding(doctor, "programs").getRemedy()).contains("sudo portcullis doctor");
    }
}
