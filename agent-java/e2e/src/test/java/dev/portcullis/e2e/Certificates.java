// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.e2e;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Authorities of their own, each with one certificate, and the agent's address to use them at. */
final class Certificates {
    private final Path directory;

    /**
     * @param names of the certificates' subjects, and of their files
     */
    Certificates(Path directory, String... names) {
        this.directory = directory;
        for (String name : names) {
            make(name);
        }
    }

    private void make(String name) {
        String script =
                """
                openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=%1$s-ca -keyout %1$s-ca.key -out %1$s-ca.pem
                openssl req -newkey rsa:2048 -nodes -subj /CN=%1$s -keyout %1$s.key -out %1$s.csr
                printf 'subjectAltName=IP:10.77.1.1\\n' > %1$s.ext
                openssl x509 -req -in %1$s.csr -CA %1$s-ca.pem -CAkey %1$s-ca.key -CAcreateserial -days 2 -extfile %1$s.ext -out %1$s.pem
                """
                        .formatted(name);
        Command.run(List.of("sh", "-ec", "cd " + directory + "\n" + script)).ok();
    }

    /** Lines of agent.yaml, for clients that the certificate {@code client} is of. */
    String listener() {
        return """
        listen: 10.77.1.1:7443
        tls: {certificate: %1$s/agent.pem, key: %1$s/agent.key, clientCa: %1$s/client-ca.pem}
        """
                .formatted(directory);
    }

    /** Runs the command over TLS in a client's namespace, with one of the certificates. */
    Command portcullis(String namespace, String who, String... arguments) {
        List<String> line =
                new ArrayList<>(
                        List.of(
                                Agent.LAUNCHER,
                                "--address",
                                "10.77.1.1:7443",
                                "--tls-ca",
                                directory.resolve("agent-ca.pem").toString(),
                                "--tls-certificate",
                                directory.resolve(who + ".pem").toString(),
                                "--tls-key",
                                directory.resolve(who + ".key").toString()));
        line.addAll(List.of(arguments));
        return Command.run(Network.inside(namespace, line));
    }
}
