// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** libbpf itself: its version and its log. */
public abstract class LogContract extends Contract {
    private final Logger logger = (Logger) LoggerFactory.getLogger("dev.portcullis.libbpf.log");
    private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

    @BeforeEach
    void listen() {
        appender.start();
        logger.addAppender(appender);
        logger.setAdditive(false);
    }

    @AfterEach
    void stop_listening() {
        logger.detachAppender(appender);
        logger.setAdditive(true);
        logger.setLevel(null);
    }

    @Test
    void the_librarys_version_is_known() {
        assertThat(libbpf.version()).matches("[1-9]\\.[0-9]+(\\.[0-9]+)?");
    }

    @Test
    void libbpfs_warnings_are_logged_as_such() {
        logger.setLevel(Level.WARN);

        assertThatThrownBy(() -> libbpf.open("nonsense", new byte[100]))
                .isInstanceOf(BpfException.class);

        assertThat(appender.list)
                .isNotEmpty()
                .allSatisfy(event -> assertThat(event.getLevel()).isEqualTo(Level.WARN))
                .anySatisfy(event ->
                        assertThat(event.getFormattedMessage())
                                .startsWith("libbpf: ")
                                .contains("nonsense")
                                .doesNotEndWith("\n"));
    }

    @Test
    void libbpfs_debugging_lines_are_logged_as_such() {
        logger.setLevel(Level.DEBUG);

        opened().close();

        assertThat(appender.list)
                .anySatisfy(event -> {
                    assertThat(event.getLevel()).isEqualTo(Level.DEBUG);
                    assertThat(event.getFormattedMessage()).contains("entries");
                });
    }

    @Test
    void nothing_is_logged_below_the_loggers_level() {
        logger.setLevel(Level.WARN);

        opened().close();

        assertThat(appender.list).isEmpty();
    }

    @Test
    void an_appender_that_throws_does_not_harm_libbpf() {
        logger.setLevel(Level.DEBUG);
        ThrowingAppender thrower = new ThrowingAppender();
        thrower.start();
        logger.addAppender(thrower);
        try (BpfObject object = opened()) {
            object.load();

            assertThat(thrower.calls).isPositive();
        } finally {
            logger.detachAppender(thrower);
        }
    }

    private static final class ThrowingAppender extends ListAppender<ILoggingEvent> {
        private int calls;

        @Override
        public synchronized void doAppend(ILoggingEvent event) {
            calls++;
            throw new IllegalStateException("disk full");
        }
    }
}
