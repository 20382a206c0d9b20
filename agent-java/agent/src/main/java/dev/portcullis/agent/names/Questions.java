// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.names;

import dev.portcullis.agent.names.Reply.Answer;
import dev.portcullis.agent.names.Reply.Silence;
import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Family;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.ReverseMap;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * The two questions that are put to DNS: a name's addresses and an address' names. Aliases are
 * followed, by another query where a server does not follow them itself; only records of the names
 * on that way are believed.
 */
final class Questions {
    private static final int MOST_ALIASES = 8;

    private final Servers servers;

    Questions(Servers servers) {
        this.servers = servers;
    }

    /** The addresses of a name, of one family. */
    CompletableFuture<Reply<Address>> addresses(Name name, Family family, Runnable sent) {
        return family == Family.IPV4
                ? ask(name, Type.A, r -> Address.of(((ARecord) r).getAddress()), sent)
                : ask(name, Type.AAAA, r -> Address.of(((AAAARecord) r).getAddress()), sent);
    }

    /** The names that an address' reverse zone gives it, unconfirmed. */
    CompletableFuture<Reply<Name>> pointers(Address address, Runnable sent) {
        Name name = ReverseMap.fromAddress(address.bytes());
        return ask(name, Type.PTR, r -> ((PTRRecord) r).getTarget(), sent);
    }

    private <T> CompletableFuture<Reply<T>> ask(
            Name name, int type, Function<Record, T> value, Runnable sent) {
        Trail trail = new Trail(name, type, Long.MAX_VALUE, 0);
        return done(trail)
                .thenCompose(start -> follow(start, value, sent))
                .exceptionally(failure -> new Silence<>(problem(failure)));
    }

    private static String problem(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof DnsFailure ? cause.getMessage() : cause.toString();
    }

    private <T> CompletableFuture<Reply<T>> follow(
            Trail from, Function<Record, T> value, Runnable sent) {
        return servers.ask(from.name(), from.type(), sent)
                .thenCompose(message -> {
                    Trail end = from.through(message);
                    Set<T> values = new HashSet<>();
                    long ttl = end.ttl();
                    for (Record record : end.records(message, end.type())) {
                        values.add(value.apply(record));
                        ttl = Math.min(ttl, record.getTTL());
                    }
                    Optional<SOARecord> soa = soa(message);
                    if (values.isEmpty() && end.aliases() > MOST_ALIASES) {
                        return done(new Silence<>("has more than 8 aliases in a row"));
                    }
                    if (values.isEmpty() && soa.isEmpty() && !end.name().equals(from.name())) {
                        return follow(end, value, sent);
                    }
                    if (values.isEmpty()) {
                        ttl = Math.min(ttl, soa.map(Questions::negative).orElse(0L));
                    }
                    return done(new Answer<>(values, Duration.ofSeconds(ttl)));
                });
    }

    private static <T> CompletableFuture<T> done(T value) {
        return CompletableFuture.completedFuture(value);
    }

    private static Optional<SOARecord> soa(Message message) {
        return message.getSection(Section.AUTHORITY).stream()
                .filter(record -> record.getType() == Type.SOA)
                .map(record -> (SOARecord) record)
                .findFirst();
    }

    /** How long "there is none" holds (RFC 2308, section 5). */
    private static long negative(SOARecord soa) {
        return Math.min(soa.getTTL(), soa.getMinimum());
    }

    /**
     * How far a question has come.
     *
     * @param ttl the least of the aliases so far, in seconds
     */
    private record Trail(Name name, int type, long ttl, int aliases) {
        /** To the end of the aliases that a message holds. */
        Trail through(Message message) {
            Trail at = this;
            while (at.aliases <= MOST_ALIASES && at.records(message, type).isEmpty()) {
                List<Record> alias = at.records(message, Type.CNAME);
                if (alias.isEmpty()) {
                    break;
                }
                CNAMERecord next = (CNAMERecord) alias.get(0);
                long least = Math.min(at.ttl, next.getTTL());
                at = new Trail(next.getTarget(), type, least, at.aliases + 1);
            }
            return at;
        }

        List<Record> records(Message message, int wanted) {
            return message.getSection(Section.ANSWER).stream()
                    .filter(record -> record.getType() == wanted)
                    .filter(record -> record.getDClass() == DClass.IN)
                    .filter(record -> record.getName().equals(name))
                    .toList();
        }
    }
}
