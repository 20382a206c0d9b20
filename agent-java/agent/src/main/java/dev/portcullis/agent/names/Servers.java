// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.names;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/**
 * Sends a query to the servers in their order, and once more to those that were silent, each time
 * for its share of the timeout: a packet that is lost costs no answer. A server that refuses or
 * fails is not asked twice. Over UDP, and over TCP when an answer is too large for that.
 *
 * <p>dnsjava sends from a random port with a random id, and takes only what comes from the server
 * with both and with the question. Its one thread for all I/O is a daemon and ends with the JVM.
 */
final class Servers {
    private static final int TRIES = 2;

    private final Supplier<List<InetSocketAddress>> servers;
    private final Duration timeout;
    private final Executor executor;

    /**
     * @param executor runs what follows an answer
     */
    Servers(Supplier<List<InetSocketAddress>> servers, Duration timeout, Executor executor) {
        this.servers = servers;
        this.timeout = timeout;
        this.executor = executor;
    }

    /**
     * @param sent is called for each message to a server
     * @return a message that answers, perhaps that there is nothing; or a {@link DnsFailure}
     */
    CompletableFuture<Message> ask(Name name, int type, Runnable sent) {
        List<InetSocketAddress> order = servers.get();
        Deque<InetSocketAddress> tries = new ArrayDeque<>();
        for (int i = 0; i < TRIES; i++) {
            tries.addAll(order);
        }
        Query query =
                new Query(
                        Record.newRecord(name, type, DClass.IN),
                        timeout.dividedBy(Math.max(1, tries.size())),
                        sent);
        return next(query, tries, "no DNS server is known");
    }

    private record Query(Record question, Duration share, Runnable sent) {}

    private CompletableFuture<Message> next(
            Query query, Deque<InetSocketAddress> tries, String problem) {
        InetSocketAddress server = tries.poll();
        if (server == null) {
            return CompletableFuture.failedFuture(new DnsFailure(problem));
        }
        query.sent().run();
        return send(query, server)
                .handleAsync(Outcome::new, executor)
                .thenCompose(outcome -> {
                    if (outcome.problem().isEmpty()) {
                        return CompletableFuture.completedFuture(outcome.message());
                    }
                    if (!outcome.isSilence()) {
                        tries.removeIf(server::equals);
                    }
                    return next(query, tries, text(server) + " " + outcome.problem());
                });
    }

    /** What came of one message to a server: another one, or a failure; the other is null. */
    private record Outcome(Message message, Throwable failure) {
        boolean isSilence() {
            return failure != null;
        }

        /** Empty if the message answers. */
        String problem() {
            return failure == null ? Servers.problem(message) : Servers.problem(failure);
        }
    }

    private CompletableFuture<Message> send(Query query, InetSocketAddress server) {
        try {
            SimpleResolver resolver = new SimpleResolver(server);
            resolver.setTimeout(query.share());
            return resolver.sendAsync(Message.newQuery(query.question()), executor)
                    .toCompletableFuture()
                    // dnsjava looks at its clock about once a second only.
                    .orTimeout(query.share().toMillis(), TimeUnit.MILLISECONDS);
        } catch (RuntimeException e) {
            // It can't make sockets while the JVM ends.
            return CompletableFuture.failedFuture(e);
        }
    }

    private static String problem(Message message) {
        int code = message.getRcode();
        if (code != Rcode.NOERROR && code != Rcode.NXDOMAIN) {
            return "says " + Rcode.string(code);
        }
        boolean referral =
                code == Rcode.NOERROR
                        && !message.getHeader().getFlag(Flags.AA)
                        && message.getSection(Section.ANSWER).isEmpty()
                        && has(message, Type.NS)
                        && !has(message, Type.SOA);
        return referral ? "only names other servers: it does not resolve for others" : "";
    }

    private static boolean has(Message message, int type) {
        return message.getSection(Section.AUTHORITY).stream()
                .anyMatch(record -> record.getType() == type);
    }

    private static String problem(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
        if (cause instanceof TimeoutException || cause instanceof java.net.SocketTimeoutException) {
            return "does not answer";
        }
        String message = cause.getMessage();
        return "can't be asked (" + (message == null ? cause.toString() : message) + ")";
    }

    private static String text(InetSocketAddress server) {
        return server.getAddress().getHostAddress() + " port " + server.getPort();
    }
}
