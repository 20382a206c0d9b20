// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pushes that would cut who pushes them, and pushes that go unless they are confirmed. */
class LockedOutTest {
    private static final String DENY_ALL =
            """
            apiVersion: portcullis.dev/v1
            kind: Policy
            metadata: {name: nobody}
            spec: {type: ip, rules: []}
            ---
            apiVersion: portcullis.dev/v1
            kind: Resource
            metadata: {name: host}
            spec: {policies: [nobody]}
            """;

    /** Not one of a host's own, since a server of SSH may run beside the test. */
    private static final int SSH = 2222;

    private static final String SERVICE = "9200";

    @TempDir private Path directory;
    private Network network;
    private Agent agent;

    @BeforeEach
    void start() {
        network = new Network(1);
        network.serve(9200);
        agent =
                new Agent(
                        network.server(),
                        directory,
                        "interfaces: [c1]\nmetrics: null\nfailsafe: []\nsshPorts: [" + SSH + "]\n");
    }

    @AfterEach
    void stop() {
        agent.close();
        network.close();
    }

    private String answer() {
        return network.connect(1, "tcp", "10.77.1.1", Integer.parseInt(SERVICE));
    }

    @Test
    void a_push_that_cuts_a_session_of_ssh_is_refused_with_the_session_unless_it_is_forced() {
        agent.start();
        network.hold(1, "10.77.1.1", SSH);

        Command warned = agent.apply(DENY_ALL, "--dry-run").ok();
        Command refused = agent.apply(DENY_ALL);

        assertThat(warned.err()).contains("this would cut 10.77.1.2 port").contains("--force");
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.err())
                .contains("this would cut 10.77.1.2 port")
                .contains("to 10.77.1.1 port 2222: its packets, coming in at c1, would be denied")
                .contains("resource host (no_policy_match)")
                .contains("nothing was changed");
        assertThat(answer()).isEqualTo("answered");

        agent.apply(DENY_ALL, "--force").ok();

        assertThat(answer()).isEqualTo("silent");
    }

    @Test
    void a_push_over_the_network_that_cuts_its_own_connection_is_refused() {
        Certificates certificates = new Certificates(directory, "agent", "client");
        agent.write("agent.yaml", agent.config() + certificates.listener());
        agent.start();
        Path file = agent.write("deny-all.yaml", DENY_ALL);

        Command refused =
                certificates.portcullis(
                        network.client(1), "client", "apply", "-f", file.toString());

        assertThat(refused.err())
                .contains("this would cut 10.77.1.2 port")
                .contains("to 10.77.1.1 port 7443");
        assertThat(answer()).isEqualTo("answered");
    }

    @Test
    void a_start_with_a_failsafe_list_that_cuts_a_session_is_refused_unless_it_is_forced() {
        String config = agent.config();
        agent.write("agent.yaml", config.replace("failsafe: []", "failsafe: [{protocol: TCP}]"));
        agent.start();
        agent.apply(DENY_ALL).ok();
        network.hold(1, "10.77.1.1", SSH);
        agent.stop();

        agent.write("agent.yaml", config);
        int exit = agent.startAndFail();

        assertThat(exit).isEqualTo(1);
        assertThat(agent.log()).contains("this would cut 10.77.1.2 port").contains("--force");
        assertThat(answer()).isEqualTo("answered");
        agent.start("--force");
        assertThat(answer()).isEqualTo("silent");
    }

    @Test
    void what_is_not_confirmed_goes_by_itself_and_history_tells_so() {
        agent.start();

        Command pushed = agent.apply(DENY_ALL, "--confirm-timeout", "5s").ok();

        assertThat(pushed.out()).contains("unless it is confirmed: portcullis confirm 1");
        assertThat(agent.portcullis("status").ok().out()).contains("unconfirmed");
        assertThat(answer()).isEqualTo("silent");
        assertThat(agent.apply(DENY_ALL.replace("nobody", "others")).err())
                .contains("revision 1 by")
                .contains("waits to be confirmed until");
        Agent.await("it is taken back", () -> answer().equals("answered"));
        Agent.await(
                "history tells so",
                () -> agent.portcullis("history").out().contains("not confirmed, back to 0: "));
        assertThat(agent.portcullis("status").ok().out())
                .doesNotContain("unconfirmed")
                .containsPattern("revision +2\n");
        Command late = agent.portcullis("confirm");
        assertThat(late.exit()).isEqualTo(1);
        assertThat(late.err()).contains("nothing waits to be confirmed; the revision is 2");
    }

    @Test
    void what_is_confirmed_stays_over_a_restart() throws InterruptedException {
        agent.start();
        agent.apply(DENY_ALL, "--confirm-timeout", "5s").ok();

        assertThat(agent.portcullis("confirm", "7").exit()).isEqualTo(1);
        assertThat(agent.portcullis("confirm", "1").ok().out()).isEqualTo("revision 1 stays\n");

        Thread.sleep(5_500);
        assertThat(answer()).isEqualTo("silent");
        agent.kill();
        agent.start();
        assertThat(answer()).isEqualTo("silent");
        assertThat(agent.portcullis("history").ok().out()).contains("* 1 ").doesNotContain(" 2 ");
    }

    @Test
    void rollback_takes_back_at_once_what_waits() {
        agent.start();
        agent.apply(DENY_ALL, "--confirm-timeout", "1h").ok();

        assertThat(agent.portcullis("rollback").ok().out()).startsWith("back to revision 0");

        assertThat(answer()).isEqualTo("answered");
        assertThat(agent.portcullis("status").ok().out()).doesNotContain("unconfirmed");
    }

    @Test
    void the_kernel_goes_back_while_no_agent_runs_and_the_next_one_follows() {
        agent.start();
        agent.apply(DENY_ALL, "--confirm-timeout", "5s").ok();
        agent.kill();
        assertThat(answer()).isEqualTo("silent");

        Agent.await("the kernel goes back", () -> answer().equals("answered"));

        agent.start();
        assertThat(answer()).isEqualTo("answered");
        assertThat(agent.portcullis("history").ok().out()).contains("not confirmed, back to 0: ");
    }

    @Test
    void what_is_not_confirmed_goes_and_stays_away_while_the_disk_is_full() throws IOException {
        Path state = Files.createDirectory(directory.resolve("state"));
        Command.run(List.of("mount", "-t", "tmpfs", "-o", "size=1m", "none", state.toString()))
                .ok();
        try {
            agent.start();
            agent.apply(DENY_ALL, "--confirm-timeout", "5s").ok();
            Path filler = state.resolve("filler");
            Command.run(List.of("dd", "if=/dev/zero", "of=" + filler, "bs=1k"));

            Agent.await("it is taken back", () -> answer().equals("answered"));
            Agent.await(
                    "the disk refuses to keep that",
                    () -> agent.log().contains("can't write to the state directory"));
            Network.ip("-n", network.server(), "addr", "add", "10.77.1.9/24", "dev", "c1");
            assertThat(agent.apply(DENY_ALL).exit()).isEqualTo(1);
            assertThat(answer()).isEqualTo("answered");
            assertThat(agent.portcullis("confirm").err()).contains("it is too late");

            Files.delete(filler);
            Agent.await(
                    "it is kept once there is room",
                    () -> agent.portcullis("history").out().contains("not confirmed, back to 0"));
            assertThat(answer()).isEqualTo("answered");
        } finally {
            agent.close();
            Command.run(List.of("umount", state.toString())).ok();
        }
    }

    @Test
    void an_agent_that_starts_meanwhile_goes_on_waiting() {
        agent.start();
        agent.apply(DENY_ALL, "--confirm-timeout", "10s").ok();
        agent.kill();

        agent.start();

        assertThat(answer()).isEqualTo("silent");
        assertThat(agent.portcullis("status").ok().out()).contains("unconfirmed");
        Agent.await("it is taken back", () -> answer().equals("answered"));
        Agent.await(
                "the agent follows",
                () -> agent.portcullis("status").out().contains("revision     2"));
    }
}
