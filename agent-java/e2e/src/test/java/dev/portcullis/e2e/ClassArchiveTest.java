// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archives of loaded classes that make starts short, and must never be in the way. */
class ClassArchiveTest {
    private static final String LOADED = "PORTCULLIS_JAVA_OPTS=-Xlog:class+load";
    private static final String ARCHIVED = " source: shared objects file (top)";

    @TempDir private Path directory;

    @Test
    void a_command_takes_its_classes_from_the_archive() {
        Command version = run(LOADED, Agent.LAUNCHER, "version").ok();

        assertThat(version.out()).contains("dev.portcullis.cli.Main" + ARCHIVED);
    }

    @Test
    void the_daemon_takes_its_classes_from_the_archive() {
        Path none = directory.resolve("none.yaml");

        Command agent = run(LOADED, Agent.LAUNCHER, "agent", "--config", none.toString());

        assertThat(agent.out()).contains("dev.portcullis.agent.Agent" + ARCHIVED);
    }

    @Test
    void the_loader_of_a_boot_takes_its_classes_from_the_archive_of_the_daemon() {
        Path none = directory.resolve("none.yaml");

        Command restore = run(LOADED, Agent.LAUNCHER, "restore", "--config", none.toString());

        assertThat(restore.out()).contains("dev.portcullis.agent.config.ConfigFile" + ARCHIVED);
    }

    @Test
    void a_tree_that_was_copied_without_its_dates_works_and_says_nothing_of_archives() {
        Path home = Path.of(Agent.LAUNCHER).getParent().getParent();
        Command.run(List.of("cp", "-r", home.toString(), directory.toString())).ok();
        String launcher =
                directory.resolve(home.getFileName()).resolve("bin/portcullis").toString();

        Command version = run(launcher, "version").ok();

        assertThat(version.out()).startsWith("portcullis ").hasLineCount(1);
        assertThat(version.err()).isEmpty();
        assertThat(run(LOADED, launcher, "version").out()).doesNotContain(ARCHIVED);
    }

    private static Command run(String... line) {
        List<String> whole = new ArrayList<>(List.of("env"));
        whole.addAll(List.of(line));
        return Command.run(whole);
    }
}
