// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.names;

import dev.portcullis.agent.names.Reply.Answer;
import dev.portcullis.agent.names.Reply.Silence;
import dev.portcullis.policy.model.Address;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.xbill.DNS.Name;

/**
 * The confirmed names of an address: those of its reverse zone that have the address themselves.
 * Whoever holds the address writes its reverse zone, and could claim any name there.
 */
final class ReverseLookup {
    /** Anybody can write more into a reverse zone of his own; each costs a query. */
    private static final int MOST_NAMES = 8;

    private final Questions questions;
    private final Duration unansweredFor;

    /**
     * @param unansweredFor how long to keep an answer that a name is missing from, perhaps, since
     *     DNS was silent about it
     */
    ReverseLookup(Questions questions, Duration unansweredFor) {
        this.questions = questions;
        this.unansweredFor = unansweredFor;
    }

    /**
     * @param sent is called for each message to a server
     * @return names, perhaps none, with the least TTL of all that was answered; silence if that
     *     leaves open whether there is any
     */
    CompletableFuture<Reply<String>> ask(Address address, Runnable sent) {
        return questions
                .pointers(address, sent)
                .thenCompose(reply -> {
                    if (reply instanceof Answer<Name> pointers) {
                        return confirm(address, pointers, sent);
                    }
                    String problem = ((Silence<Name>) reply).problem();
                    return CompletableFuture.completedFuture(new Silence<>(problem));
                });
    }

    private CompletableFuture<Reply<String>> confirm(
            Address address, Answer<Name> pointers, Runnable sent) {
        List<Name> claimed =
                pointers.values().stream()
                        .filter(name -> DomainName.text(name).isPresent())
                        .sorted()
                        .limit(MOST_NAMES)
                        .toList();
        List<CompletableFuture<Reply<Address>>> replies =
                claimed.stream()
                        .map(name -> questions.addresses(name, address.family(), sent))
                        .toList();
        return CompletableFuture.allOf(replies.toArray(CompletableFuture[]::new))
                .thenApply(all -> {
                    List<Reply<Address>> answers =
                            replies.stream().map(CompletableFuture::join).toList();
                    return judge(address, pointers.ttl(), claimed, answers);
                });
    }

    private Reply<String> judge(
            Address address, Duration ttl, List<Name> claimed, List<Reply<Address>> answers) {
        Set<String> confirmed = new HashSet<>();
        IntStream.range(0, claimed.size())
                .filter(i ->
                        answers.get(i) instanceof Answer<Address> answer
                                && answer.values().contains(address))
                .forEach(i -> DomainName.text(claimed.get(i)).ifPresent(confirmed::add));
        Duration least = ttl;
        for (Reply<Address> reply : answers) {
            if (reply instanceof Silence<Address> silence && confirmed.isEmpty()) {
                return new Silence<>(silence.problem());
            }
            Duration own = reply instanceof Answer<Address> answer ? answer.ttl() : unansweredFor;
            least = own.compareTo(least) < 0 ? own : least;
        }
        return new Answer<>(confirmed, least);
    }
}
