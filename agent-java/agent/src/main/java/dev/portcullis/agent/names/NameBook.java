// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.names;

import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Names;
import dev.portcullis.policy.model.Peers.NamePattern;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * What DNS says about the names and patterns in rules.
 *
 * <p>Exact host names are looked up when a rule first has them, and again when their TTL ends. The
 * names of an address are looked up when it is asked for: the kernel drops the first packets of an
 * address whose verdict hangs on its name, and their sender tries again.
 *
 * <p>All methods may be called from any thread. None but {@link #resolveNow} waits for DNS.
 * Everything in here has bounds: answers about addresses and those that wait ({@link DnsSettings}),
 * look-ups under way (64 for host names, 64 for refreshes, 64 for other addresses). Of host names
 * there are as many as rules name.
 *
 * <p>Answers are believed as the servers give them: DNSSEC is left to them.
 */
public final class NameBook implements AutoCloseable {
    private static final Path RESOLV_CONF = Path.of("/etc/resolv.conf");
    private static final Duration RESOLV_CONF_AGE = Duration.ofSeconds(5);

    private final DnsSettings settings;
    private final Clock clock = new Clock();
    private final LookupCounts counts = new LookupCounts();
    private final ChangeNotice notice = new ChangeNotice();
    private final Worker worker = new Worker("names", this::round);
    private final HostNames hosts;
    private final AddressNames addresses;

    /** Refreshes every address that has a name. */
    public NameBook(DnsSettings settings) {
        this(settings, Usage.NAMED);
    }

    /**
     * @param usage which answers about addresses to refresh
     */
    public NameBook(DnsSettings settings, Usage usage) {
        this.settings = settings;
        Supplier<List<InetSocketAddress>> servers =
                settings.servers().isEmpty()
                        ? new Fresh<>(new ResolvConf(RESOLV_CONF), RESOLV_CONF_AGE)
                        : settings::servers;
        Questions questions = new Questions(new Servers(servers, settings.timeout(), worker));
        hosts = new HostNames(settings, questions, counts, notice::changed, worker::wake, clock);
        addresses =
                new AddressNames(
                        settings,
                        new ReverseLookup(questions, settings.unansweredFor()),
                        counts,
                        usage,
                        notice::changed,
                        worker::wake,
                        clock);
    }

    private long round() {
        return Math.min(hosts.round(), addresses.round()) - clock.now();
    }

    /**
     * Which names rules have from now on; the others are forgotten.
     *
     * @param hostNames exact ones, in lower case, without a dot at the end
     * @param patterns while there is none, no address is looked up
     */
    public void follow(Set<String> hostNames, Set<NamePattern> patterns) {
        Set<String> exact = Set.copyOf(hostNames);
        Set<NamePattern> sought = Set.copyOf(patterns);
        worker.execute(() -> {
            hosts.follow(exact);
            addresses.follow(sought);
            worker.wake();
        });
    }

    /**
     * Has the names of an address looked up if they are not known, and does not wait for it. Where
     * too many ask it is left undone and counted: its sender comes again.
     */
    public void ask(Address address) {
        if (addresses.ask(address)) {
            worker.wake();
        }
    }

    /** All that is known now. */
    public Names names() {
        return new Names(hosts.all(), addresses.all());
    }

    /** What is known, for the book of the agent after this one. */
    public byte[] save() {
        return new SavedNames(hosts.answered(), addresses.answered()).write(clock);
    }

    /**
     * Takes over what {@link #save} wrote, before anything is followed. Host names are asked for
     * again at once, and stand for what they did until there is an answer; what is known of an
     * address ends when it would have ended.
     *
     * @throws IllegalArgumentException if the bytes are something else
     */
    public void restore(byte[] bytes) {
        SavedNames earlier = SavedNames.read(bytes, clock);
        CompletableFuture.runAsync(
                        () -> {
                            hosts.restore(earlier.hosts());
                            addresses.restore(earlier.addresses());
                        },
                        worker)
                .join();
    }

    /**
     * Has a listener called after {@link #names} has changed, on a thread of this book, which it
     * may keep: calls are never at the same time, and at most about ten a second.
     */
    public void onChange(Runnable listener) {
        notice.add(listener);
    }

    /**
     * Looks up the host names that have not been yet and waits for that, at most for the timeout of
     * the settings. They are kept fresh for a minute, within which {@link #follow} may take them
     * over.
     *
     * @return those that have no address, in order, each with the problem
     */
    public List<HostState> resolveNow(Set<String> hostNames) {
        Set<String> exact = Set.copyOf(hostNames);
        CompletableFuture<Void> settled =
                CompletableFuture.<Void>completedFuture(null)
                        .thenComposeAsync(start -> hosts.resolve(exact), worker);
        try {
            settled.get(settings.timeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // What has no answer by now is told of below.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return exact.stream()
                .sorted()
                .map(hosts::state)
                .filter(state -> state.addresses().isEmpty())
                .toList();
    }

    /** How it stands with each exact host name that is followed, in their order. */
    public List<HostState> states() {
        return hosts.states();
    }

    /** How many addresses are known so. */
    public long count(AddressState state) {
        return addresses.count(state);
    }

    public LookupCounts counts() {
        return counts;
    }

    /** Ends all look-ups; what is known stays, and listeners are not called again. */
    @Override
    public void close() {
        worker.close();
        notice.close();
    }
}
