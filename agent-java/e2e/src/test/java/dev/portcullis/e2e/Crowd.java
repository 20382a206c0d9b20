// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.util.List;

/** Clients in one namespace who open many TCP connections at a time: crowd.py. */
final class Crowd {
    private final Writer asked;
    private final BufferedReader answered;

    private Crowd(Process process) {
        asked = process.outputWriter();
        answered = process.inputReader();
    }

    /** Starts it; it ends with the network. */
    static Crowd in(Network network, String namespace) {
        return new Crowd(
                network.start(
                        namespace,
                        List.of("python3", Network.resource("crowd.py"), "go"),
                        "started"));
    }

    /** Starts what the crowd's connections are answered by. */
    static void serve(Network network, String namespace, int port) {
        network.start(
                namespace,
                List.of("python3", Network.resource("crowd.py"), "serve", Integer.toString(port)),
                "ready");
    }

    /** Opens and closes connections, and tells how many of them were answered. */
    int visit(String address, int port, int count) throws IOException {
        return ask("visit", address, port, count);
    }

    /** Sends datagrams. */
    void knock(String address, int port, int count) throws IOException {
        ask("knock", address, port, count);
    }

    private int ask(String what, String address, int port, int count) throws IOException {
        asked.write(what + " " + address + " " + port + " " + count + "\n");
        asked.flush();
        return Integer.parseInt(answered.readLine());
    }
}
