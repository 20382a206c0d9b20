// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.sets;

import com.google.common.hash.HashCode;
import com.google.common.hash.Hashing;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * HTTP clients by whom they trust, made when first asked for, and anew when the certificates
 * change.
 */
final class TrustedClients {
    /** How long a server may take to accept a connection. */
    static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    private static final String FIELD = "spec.ca";

    private final Map<Path, Client> clients = new HashMap<>();

    /**
     * Of those that Java trusts. Made when first asked for: reading these takes a tenth of a start.
     */
    private Optional<HttpClient> standard = Optional.empty();

    private record Client(HashCode certificates, HttpClient client) {}

    /** Redirects are followed but from https to http, which would make TLS pointless. */
    private static HttpClient.Builder builder() {
        return HttpClient.newBuilder()
                .connectTimeout(CONNECT_TIMEOUT)
                .followRedirects(HttpClient.Redirect.NORMAL);
    }

    /**
     * @param ca PEM certificates; empty for those that Java trusts
     */
    synchronized HttpClient client(Optional<Path> ca) throws SourceException {
        return ca.isEmpty() ? standard() : trusting(ca.get());
    }

    private HttpClient standard() {
        HttpClient client = standard.orElseGet(() -> builder().build());
        standard = Optional.of(client);
        return client;
    }

    private HttpClient trusting(Path file) throws SourceException {
        byte[] certificates = certificates(file);
        Client known = clients.get(file);
        HashCode hash = Hashing.sha256().hashBytes(certificates);
        if (known == null || !known.certificates.equals(hash)) {
            SSLContext trust = trust(file, certificates);
            known = new Client(hash, builder().sslContext(trust).build());
            clients.put(file, known);
        }
        return known.client;
    }

    private static byte[] certificates(Path file) throws SourceException {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new SourceException(
                    FIELD,
                    file
                            + " can't be read; put PEM certificates there that the agent's user"
                            + " may read");
        }
    }

    private static SSLContext trust(Path file, byte[] pem) throws SourceException {
        try {
            Collection<? extends Certificate> certificates =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(pem));
            if (certificates.isEmpty()) {
                throw new CertificateException("none");
            }
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (Certificate certificate : certificates) {
                store.setCertificateEntry("ca-" + number++, certificate);
            }
            TrustManagerFactory managers =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context;
        } catch (CertificateException e) {
            throw new SourceException(FIELD, file + " holds no PEM certificates; put them there");
        } catch (GeneralSecurityException | IOException e) {
            throw new SourceException(FIELD, file + " can't be used (" + e.getMessage() + ")");
        }
    }
}
