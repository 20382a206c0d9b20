// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.sets;

import com.google.common.base.Throwables;
import dev.portcullis.policy.model.AddressSet.Download;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/** What an HTTP client's failure means to the operator of a set. */
final class DownloadFailure {
    private DownloadFailure() {}

    static String sentence(Throwable failure, Download download) {
        List<Throwable> chain = Throwables.getCausalChain(failure);
        String host = download.url().getHost();
        if (has(chain, LimitedBody.TooLargeException.class)) {
            return "the list is larger than 64 MiB";
        }
        if (has(chain, UnresolvedAddressException.class)
                || has(chain, UnknownHostException.class)) {
            return "no address is known of " + host + "; see that the name and DNS are right";
        }
        if (has(chain, HttpConnectTimeoutException.class)) {
            return host + " takes no connection within 10 s; see that it can be reached";
        }
        if (has(chain, HttpTimeoutException.class) || has(chain, TimeoutException.class)) {
            return host + " is too slow: no answer within 30 s, or not all of it within 2 min";
        }
        if (has(chain, CertificateException.class)) {
            return certificate(chain, download);
        }
        if (has(chain, SSLException.class)) {
            return "TLS with " + host + " fails (" + reason(chain) + ")";
        }
        if (has(chain, ConnectException.class)) {
            return host + " takes no connection; see that it runs and can be reached";
        }
        return "the connection to " + host + " broke off (" + reason(chain) + ")";
    }

    private static String certificate(List<Throwable> chain, Download download) {
        String who = "the certificate of " + download.url().getHost();
        if (has(chain, CertificateExpiredException.class)) {
            return who + " has expired; the server needs a new one";
        }
        if (has(chain, CertificateNotYetValidException.class)) {
            return who + " is not valid yet; see that the clocks are right";
        }
        String reason = reason(chain);
        if (reason.contains("subject alternative") || reason.contains("No name matching")) {
            return who + " is for other names; write the name that it is for";
        }
        String trusted =
                download.ca()
                        .map(ca -> "is in " + ca)
                        .orElse("Java trusts; name its PEM file as ca");
        return who
                + " is signed by nobody who "
                + trusted
                + download.ca().map(ca -> "; add who signed it").orElse("");
    }

    private static boolean has(List<Throwable> chain, Class<? extends Throwable> type) {
        return chain.stream().anyMatch(type::isInstance);
    }

    /** What the innermost says. */
    private static String reason(List<Throwable> chain) {
        Throwable innermost = chain.get(chain.size() - 1);
        return Optional.ofNullable(innermost.getMessage())
                .orElse(innermost.getClass().getSimpleName());
    }
}
