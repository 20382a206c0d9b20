// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.JdkLoggerFactory;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/**
 * What the libraries of the client log is no message for operators: errors reach them through
 * exceptions. With {@code java.util.logging} for Netty too, no other logging backend is loaded,
 * which takes longer than a whole command.
 */
final class ClientLogging {
    private static final Logger ROOT = Logger.getLogger("");

    private ClientLogging() {}

    static void quiet() {
        InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE);
        LogManager.getLogManager().reset();
        ROOT.setLevel(Level.OFF);
    }

    /**
     * For a command that calls libbpf itself, and tells what came of it: what libbpf logs is only
     * for those who ask for it.
     */
    static void quietLibbpf() {
        if (System.getenv("PORTCULLIS_LOG_LEVEL") == null) {
            System.setProperty("PORTCULLIS_LOG_LEVEL", "OFF"); // as logback.xml reads it
        }
    }

    /** The daemon logs through SLF4J. */
    static void handOver() {
        InternalLoggerFactory.setDefaultFactory(
                io.netty.util.internal.logging.Slf4JLoggerFactory.INSTANCE);
        ROOT.setLevel(Level.INFO);
        ROOT.addHandler(new org.slf4j.bridge.SLF4JBridgeHandler());
    }
}
