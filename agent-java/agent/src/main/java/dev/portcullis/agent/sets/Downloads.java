// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.sets;

import dev.portcullis.policy.addresses.AddressList;
import dev.portcullis.policy.model.AddressSet.Download;
import dev.portcullis.policy.validation.Quoted;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpResponse.ResponseInfo;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** Reads lists from HTTPS servers. */
final class Downloads {
    private static final String FIELD = "spec.url";
    private static final int OK = 200;
    private static final int NOT_MODIFIED = 304;

    /** How long a server may take to begin its answer. */
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);

    /** How long all of it may take. */
    static final Duration TIMEOUT = Duration.ofMinutes(2);

    private final TrustedClients clients = new TrustedClients();
    private final Duration timeout;

    /**
     * @param timeout how long one of them may take
     */
    Downloads(Duration timeout) {
        this.timeout = timeout;
    }

    /**
     * Asks for a document.
     *
     * @param last what the version was told by that is known; then {@link Answer.Unchanged} is an
     *     answer
     * @return fails with a {@link SourceException}
     */
    CompletableFuture<Answer> fetch(Download download, Validators last) {
        try {
            HttpClient client = clients.client(download.ca());
            return sent(client, request(download.url(), last))
                    .handle((response, failure) -> {
                        if (failure == null) {
                            return answer(response, last);
                        }
                        throw failed(DownloadFailure.sentence(failure, download));
                    });
        } catch (SourceException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static HttpRequest request(URI url, Validators last) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(url)
                        .timeout(ANSWER_TIMEOUT)
                        .header("User-Agent", "portcullis")
                        .header("Accept", "text/plain, application/json, */*;q=0.5");
        if (!last.etag().isEmpty()) {
            request.header("If-None-Match", last.etag());
        }
        if (!last.lastModified().isEmpty()) {
            request.header("If-Modified-Since", last.lastModified());
        }
        return request.build();
    }

    /** The client's own time-out ends with the answer's first line; a body may dribble for ever. */
    private CompletableFuture<HttpResponse<byte[]>> sent(HttpClient client, HttpRequest request) {
        CompletableFuture<HttpResponse<byte[]>> sent = client.sendAsync(request, Downloads::body);
        return sent.copy()
                .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((response, failure) -> sent.cancel(true));
    }

    private static BodySubscriber<byte[]> body(ResponseInfo info) {
        // A page that says what is wrong is not needed.
        if (info.statusCode() != OK) {
            return BodySubscribers.replacing(new byte[0]);
        }
        long announced = info.headers().firstValueAsLong("Content-Length").orElse(0);
        return new LimitedBody(AddressList.MOST_BYTES, announced);
    }

    private static Answer answer(HttpResponse<byte[]> response, Validators last) {
        int status = response.statusCode();
        HttpHeaders headers = response.headers();
        if (status == OK) {
            Validators validators =
                    new Validators(header(headers, "ETag"), header(headers, "Last-Modified"));
            return new Answer.Content(response.body(), validators);
        }
        if (status == NOT_MODIFIED && !last.equals(Validators.NONE)) {
            return new Answer.Unchanged();
        }
        Optional<String> elsewhere = headers.firstValue("Location");
        if (status / 100 == 3 && elsewhere.isPresent()) {
            throw failed(
                    "the server redirects to "
                            + Quoted.of(elsewhere.get())
                            + ", which is not https or too far; write the URL where the list is");
        }
        throw failed("the server answers with status " + status + "; see that the URL is right");
    }

    private static String header(HttpHeaders headers, String name) {
        return headers.firstValue(name).orElse("");
    }

    private static CompletionException failed(String sentence) {
        return new CompletionException(new SourceException(FIELD, sentence));
    }
}
