// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.sets;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** An HTTPS server on loopback with lists, whose certificate signed itself. */
final class ListServer implements AutoCloseable {
    /** A list as a server has it: with an ETag, it answers 304 to who knows it. */
    record Served(int status, String body, Map<String, String> headers) {}

    private static final int DRIBBLE = 0;

    private final Path certificate;
    private final HttpsServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, Served> lists = new ConcurrentHashMap<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final List<Integer> statuses = new CopyOnWriteArrayList<>();

    private ListServer(Path certificate, HttpsServer server) {
        this.certificate = certificate;
        this.server = server;
    }

    /** One whose certificate is for localhost. */
    static ListServer start(Path directory) {
        return start(directory, "localhost", 0);
    }

    /**
     * @param name the host that the certificate is for
     * @param port 0 for any
     */
    static ListServer start(Path directory, String name, int port) {
        try {
            Path certificate = directory.resolve(name + ".pem");
            Path keys = directory.resolve(name + ".p12");
            if (!Files.exists(keys)) {
                makeCertificate(certificate, keys, directory.resolve(name + ".key"), name);
            }
            HttpsServer server =
                    HttpsServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            server.setHttpsConfigurator(new HttpsConfigurator(context(keys)));
            ListServer lists = new ListServer(certificate, server);
            server.setExecutor(lists.threads);
            server.createContext("/", lists::answer);
            server.start();
            return lists;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("can't start an HTTPS server", e);
        }
    }

    private static void makeCertificate(Path certificate, Path keys, Path key, String name)
            throws IOException {
        run(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=" + name,
                "-addext",
                "subjectAltName=DNS:" + name,
                "-keyout",
                key.toString(),
                "-out",
                certificate.toString());
        run(
                "openssl",
                "pkcs12",
                "-export",
                "-passout",
                "pass:test",
                "-inkey",
                key.toString(),
                "-in",
                certificate.toString(),
                "-out",
                keys.toString());
    }

    private static void run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + ": " + output);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static SSLContext context(Path keys) throws IOException, GeneralSecurityException {
        char[] password = "test".toCharArray();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream file = Files.newInputStream(keys)) {
            store.load(file, password);
        }
        KeyManagerFactory managers =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Served list =
                    lists.getOrDefault(
                            exchange.getRequestURI().getPath(), new Served(404, "none", Map.of()));
            list.headers().forEach(exchange.getResponseHeaders()::set);
            String known = exchange.getRequestHeaders().getFirst("If-None-Match");
            String since = exchange.getRequestHeaders().getFirst("If-Modified-Since");
            boolean same =
                    known != null
                            ? known.equals(list.headers().get("ETag"))
                            : since != null && since.equals(list.headers().get("Last-Modified"));
            if (same && list.status() == 200) {
                statuses.add(304);
                exchange.sendResponseHeaders(304, -1);
                return;
            }
            if (list.status() == DRIBBLE) {
                exchange.sendResponseHeaders(200, 0);
                exchange.getResponseBody().write('1');
                exchange.getResponseBody().flush();
                awaitEnd();
                return;
            }
            byte[] body = list.body().getBytes(StandardCharsets.UTF_8);
            statuses.add(list.status());
            exchange.sendResponseHeaders(list.status(), body.length == 0 ? -1 : body.length);
            try (OutputStream stream = exchange.getResponseBody()) {
                stream.write(body);
            }
        }
    }

    private void awaitEnd() {
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void serve(String path, String body) {
        lists.put(path, new Served(200, body, Map.of()));
    }

    void serve(String path, int status, String body, Map<String, String> headers) {
        lists.put(path, new Served(status, body, headers));
    }

    /** Begins its answers to this path and never ends them. */
    void dribble(String path) {
        lists.put(path, new Served(DRIBBLE, "1", Map.of()));
    }

    URI url(String path) {
        return URI.create("https://localhost:" + port() + path);
    }

    int port() {
        return server.getAddress().getPort();
    }

    Path certificate() {
        return certificate;
    }

    /** Of its answers so far, in order. */
    List<Integer> statuses() {
        return List.copyOf(statuses);
    }

    @Override
    public void close() {
        ended.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
