// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.compiler.Compiler;
import dev.portcullis.compiler.DecisionIds;
import dev.portcullis.compiler.IdlePolicies;
import dev.portcullis.compiler.IdlePolicy;
import dev.portcullis.compiler.Image;
import dev.portcullis.compiler.diff.AccessChange;
import dev.portcullis.compiler.diff.AccessDiff;
import dev.portcullis.libbpf.BpfException;
import dev.portcullis.libbpf.BpfProgram;
import dev.portcullis.libbpf.Libbpf;
import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Cgroup;
import dev.portcullis.policy.model.Decision;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Environment;
import dev.portcullis.policy.model.Failsafe;
import dev.portcullis.policy.model.HostAddresses;
import dev.portcullis.policy.model.PolicyType;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The kernel's judging of packets, as the daemon sees it.
 *
 * <p>After {@link #open} nothing has changed for packets: what an earlier agent left goes on
 * judging. The first {@link #commit} writes the desired state, and only then are this agent's
 * programs attached.
 */
public final class Dataplane implements AutoCloseable {
    /**
     * @param bpffs the directory of the pins, on a bpffs
     * @param interfaces what to guard
     * @param generic whether to attach in the stack even where the driver could
     * @param clsact whether to attach at egress by a queueing discipline even where the kernel has
     *     tcx
     * @param failsafe what passes whatever the policies say
     */
    public record Options(
            Path bpffs,
            InterfacePatterns interfaces,
            boolean generic,
            boolean clsact,
            List<Failsafe> failsafe,
            Limits limits) {
        public Options {
            failsafe = List.copyOf(failsafe);
        }

        /** In whatever way the driver and the kernel do best. */
        public Options(
                Path bpffs, InterfacePatterns interfaces, List<Failsafe> failsafe, Limits limits) {
            this(bpffs, interfaces, false, false, failsafe, limits);
        }
    }

    /** A desired state and what it compiled to, for as long as nothing it depends on changes. */
    public static final class Plan {
        private final DesiredState state;
        private final Environment environment;
        private final DecisionIds before;
        private final Image image;

        private Plan(DesiredState state, Environment environment, DecisionIds before, Image image) {
            this.state = state;
            this.environment = environment;
            this.before = before;
            this.image = image;
        }

        /** The decision numbers that are in force once this plan is. */
        public DecisionIds decisions() {
            return image.decisions();
        }

        /** Entries of the source tries. */
        public int prefixes() {
            return image.prefixes();
        }

        /** Policies that never decide, whatever the words in others stand for. */
        public List<IdlePolicy> idlePolicies() {
            return IdlePolicies.of(state, image);
        }
    }

    /**
     * How the loaded program judges a packet.
     *
     * @param isJudged whether policies have a say in its direction
     */
    public record Judgement(
            Decision decision, long generation, String interfaceName, boolean isJudged) {}

    private static final Logger LOG = LoggerFactory.getLogger(Dataplane.class);

    private final Libbpf libbpf;
    private final Options options;
    private final Pins pins;
    private final KernelObject object;
    private final Probe probe;
    private final Generations generations;
    private final Attachments attachments;
    private final Conversations conversations;
    private final ProxiedConnections proxied;
    private final RuleTimes times;
    private final Counters counters;
    private final DroppedSources dropped;
    private final RingReader<Drop> drops;
    private final RingReader<Address> asks;

    private final DecisionBook decisions;
    private final LiveRules live;
    private DesiredState state = DesiredState.EMPTY;
    private Environment environment;

    /** The host's addresses by which packets are judged. */
    private HostAddresses judged = HostAddresses.of(List.of());

    private volatile GuardedInterfaces interfaces;
    private boolean attached;
    private boolean detached;

    private Dataplane(Libbpf libbpf, Options options, DecisionIds decisions) {
        this.libbpf = libbpf;
        this.options = options;
        this.decisions = new DecisionBook(decisions);
        pins = new Pins(options.bpffs());
        pins.prepare();
        object = KernelObject.load(libbpf, pins, options.limits());
        probe = object.probe();
        times = new RuleTimes(object.matched());
        counters = object.counters();
        dropped = new DroppedSources(object);
        generations = new Generations(libbpf, object, options.limits(), probe, times);
        live = new LiveRules(probe, generations, this.decisions);
        conversations = new Conversations(object);
        proxied = new ProxiedConnections(object, options.limits().proxied());
        attachments = new Attachments(libbpf, pins, options, this::makeKnown);
        environment = Environment.of(HostInterfaces.addresses());
        interfaces = guardedInterfaces();
        RingRecords records = new RingRecords(this.decisions::decision, this::interfaceName);
        drops = new RingReader<>(libbpf, object.map("drops"), records::drop);
        asks = new RingReader<>(libbpf, object.map("asks"), RingRecords::ask);
    }

    /**
     * Loads the programs, over the maps that an earlier agent left if they fit.
     *
     * @param decisions the numbers that the maps' counters are known by
     * @throws DataplaneException in one sentence, if the kernel or the rights don't suffice
     */
    public static Dataplane open(Libbpf libbpf, Options options, DecisionIds decisions) {
        try {
            return new Dataplane(libbpf, options, decisions);
        } catch (BpfException e) {
            String remedy =
                    switch (e.errnoName()) {
                        case "EPERM", "EACCES" ->
                                ": the agent needs CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON, or root";
                        case "ENOSYS", "EINVAL" ->
                                ": Linux 6.1 or newer with CONFIG_BPF_SYSCALL is needed";
                        default -> "";
                    };
            throw new DataplaneException(
                    "the kernel programs can't be loaded: " + e.getMessage() + remedy, e);
        }
    }

    /**
     * Compiles and checks, and changes nothing.
     *
     * @param words what the words in the state stand for; its host addresses are not looked at
     * @throws dev.portcullis.compiler.CompileException if the state does not fit any tables
     * @throws CapacityException if it does not fit these
     */
    public synchronized Plan plan(DesiredState next, Environment words) {
        Environment current = words.withHost(environment.host());
        Image image = Compiler.compile(next, options.failsafe(), current, decisions.basis());
        generations.checkCapacity(image);
        return new Plan(next, current, decisions.inForce(), image);
    }

    /** What a plan would change in verdicts; everything, if none was committed yet. */
    public List<AccessChange> changes(Plan plan) {
        // Without the lock: it may take long, and interfaces that come have to be guarded
        // meanwhile.
        Image now =
                generations
                        .image()
                        .orElseGet(() ->
                                Compiler.compile(
                                        DesiredState.EMPTY,
                                        List.of(),
                                        plan.environment,
                                        plan.before));
        return AccessDiff.between(now, plan.image);
    }

    /**
     * Makes the kernel judge by a plan, and attaches to the interfaces if that was not done yet.
     *
     * @return the new generation
     * @throws DataplaneException if the kernel refused; packets are judged as before
     * @throws LockoutException if it would cut a connection that has to go on; packets are judged
     *     as before
     */
    public synchronized long commit(Plan plan, CommitTerms terms) {
        long generation = writeAndFlip(plan, terms);
        if (!attached) {
            attach();
        }
        if (!detached) {
            reconcileAttachments();
        }
        return generation;
    }

    /** What is committed stays so, whatever happens here: {@link #reconcile} comes again. */
    private void reconcileAttachments() {
        try {
            attachments.reconcile(object, interfaces);
        } catch (BpfException e) {
            LOG.warn("event=reconcile_failed error=\"{}\"", e.getMessage());
        }
    }

    /** The same, tied to nothing. */
    public long commit(Plan plan) {
        return commit(plan, CommitTerms.NONE);
    }

    /**
     * Writes what the first commit of this agent is to fall back to; nothing is attached yet. Not
     * needed where {@link #confirmBy} tells that the kernel has it.
     */
    public synchronized void commitBeneath(Plan plan) {
        writeAndFlip(plan, CommitTerms.NONE);
    }

    private long writeAndFlip(Plan plan, CommitTerms terms) {
        boolean current =
                plan.environment.host().equals(environment.host())
                        && plan.before == decisions.inForce();
        Plan latest = current ? plan : plan(plan.state, plan.environment);
        boolean begins = attached && Conversations.begin(state, latest.state);
        boolean asks = mayBeginToAsk(latest);
        Optional<KeptConnections> kept = Optional.empty();
        long generation;
        try {
            if (begins) {
                // Everybody who begins while the tables are read is noted, so that nobody is
                // missed.
                conversations.noteAll();
                conversations.seed(SocketTables.read());
            }
            Generations.Staged staged =
                    generations.stage(latest.image, decisions.inForce(), interfaces.indexes());
            try {
                if (asks) {
                    kept = Optional.of(kept(staged.probe(), latest.state, latest.decisions()));
                    kept.get().keep(SocketTables.read());
                }
                requireKept(staged, latest, terms.keep());
            } catch (RuntimeException e) {
                staged.abandon();
                throw e;
            }
            generation = staged.commit(terms.confirmBy());
        } catch (BpfException e) {
            throw Generations.refused(e);
        } finally {
            if (begins) {
                conversations.noteNoMore();
            }
        }
        if (terms.confirmBy().isPresent()) {
            decisions.hold(decisions.inForce());
        }
        decisions.commit(latest.image.decisions());
        state = latest.state;
        environment = latest.environment;
        judged = latest.environment.host();
        kept.ifPresent(KeptConnections::keepLate);
        return generation;
    }

    /**
     * Whether headers may be asked for that were not: other words alone change nothing in who is
     * asked.
     */
    private boolean mayBeginToAsk(Plan plan) {
        return !plan.state.proxied().isEmpty()
                && (!plan.state.equals(state) || !plan.environment.host().equals(judged));
    }

    /**
     * The connections whose headers a rule set would ask for, where that in force does not.
     *
     * @param next asks the rule set
     * @param numbers of its decisions
     */
    private KeptConnections kept(SlotProbe next, DesiredState nextState, DecisionIds numbers) {
        return proxied.whereAsked(
                question(generations.live(), decisions.inForce()),
                question(next, numbers),
                nextState);
    }

    private HeaderQuestion question(SlotProbe ruleSet, DecisionIds numbers) {
        return new HeaderQuestion(ruleSet, interfaces, new DecisionBook(numbers)::decision);
    }

    private void requireKept(Generations.Staged staged, Plan plan, List<Session> keep) {
        List<CutSession> cut = cut(staged, plan, keep);
        if (!cut.isEmpty()) {
            throw new LockoutException(cut);
        }
    }

    private List<CutSession> cut(Generations.Staged staged, Plan plan, List<Session> sessions) {
        DecisionBook next = new DecisionBook(plan.decisions());
        return new Lockout(probe.live(), staged.probe(), interfaces, next::decision).cut(sessions);
    }

    /** What goes on where nothing was judged before is made known, before anything is. */
    private void makeKnown() {
        List<Socket> sockets = SocketTables.read();
        conversations.seed(sockets);
        proxied.whereGuarded(question(generations.live(), decisions.inForce()), state)
                .keep(sockets);
    }

    /** The maps are to be found by the next agent before any program uses them. */
    private void attach() {
        try {
            object.pin(pins);
            attachments.adopt(object, interfaces.interfaces());
            generations.awaitReaders();
            object.retireEarlier(pins);
        } catch (BpfException | UncheckedIOException e) {
            throw new DataplaneException(
                    "can't take over from the agent before this one, whose rules are still enforced"
                            + " where the programs were not replaced yet: "
                            + e.getMessage(),
                    e);
        }
        conversations.noteNoMore();
        attached = true;
    }

    /**
     * Which of these connections a plan would cut; nothing is changed for packets.
     *
     * @throws DataplaneException if the kernel refused to be asked
     */
    public synchronized List<CutSession> cut(Plan plan, List<Session> sessions) {
        if (sessions.isEmpty()) {
            return List.of();
        }
        try {
            if (attached && Conversations.begin(state, plan.state)) {
                // As it would be, so that their answers count as such.
                conversations.seed(SocketTables.read());
            }
            Generations.Staged staged =
                    generations.stage(plan.image, decisions.inForce(), interfaces.indexes());
            try {
                return cut(staged, plan, sessions);
            } finally {
                staged.abandon();
            }
        } catch (BpfException e) {
            throw Generations.refused(e);
        }
    }

    /** Whether the rule sets of an agent before this one, of the same version, are the kernel's. */
    public boolean isAdopted() {
        return object.isAdopted();
    }

    /** What the options ask for and the kernel can't have as long as rules are in force. */
    public List<String> postponed() {
        return object.postponed(options.limits());
    }

    /** Whether an agent before this one, of any version, has left rules in force. */
    public boolean follows() {
        return object.follows();
    }

    /** When the rule set before comes back; empty if that in force needs no confirmation. */
    public synchronized Optional<Deadline> confirmBy() {
        return generations.confirmBy();
    }

    /**
     * Says what an agent before this one has left waiting for confirmation, if {@link #confirmBy}
     * tells that there is something.
     *
     * @param mayComeBack the decision numbers of the rule set before
     */
    public synchronized void resume(DecisionIds mayComeBack) {
        decisions.hold(mayComeBack);
    }

    /** What is in force stays, whatever {@link #confirmBy} says. */
    public synchronized void confirm() {
        generations.confirm();
        decisions.release();
    }

    /**
     * What {@link #confirmBy} is about comes back at once. What its words stand for now takes a
     * commit.
     *
     * @param before the state that it is of
     */
    public synchronized void revert(DesiredState before) {
        HeaderQuestion now = question(generations.live(), decisions.inForce());
        decisions.comeBack();
        if (!before.proxied().isEmpty()) {
            HeaderQuestion then = question(generations.fallback(), decisions.inForce());
            KeptConnections kept = proxied.whereAsked(now, then, before);
            kept.keepLate();
            generations.revert();
            kept.keepLate();
        } else {
            generations.revert();
        }
        state = before;
    }

    /** Plans and commits. */
    public synchronized long commit(DesiredState next, Environment words) {
        return commit(plan(next, words));
    }

    /**
     * Follows the host: interfaces that came or went, addresses that changed.
     *
     * @return whether that took a commit
     */
    public synchronized boolean reconcile() {
        if (detached) {
            return false;
        }
        GuardedInterfaces seen = guardedInterfaces();
        HostAddresses addresses = HostInterfaces.addresses();
        boolean named =
                state.resources().values().stream()
                        .flatMap(resource -> resource.interfaces().stream())
                        .anyMatch(name ->
                                !Objects.equals(
                                        seen.indexes().get(name), interfaces.indexes().get(name)));
        boolean local = !addresses.equals(environment.host()) && dependsOnHost(state);
        GuardedInterfaces interfacesBefore = interfaces;
        Environment environmentBefore = environment;
        interfaces = seen;
        environment = environment.withHost(addresses);
        if (named || local) {
            try {
                commit(state, environment);
            } catch (RuntimeException e) {
                // To be seen as a change again.
                interfaces = interfacesBefore;
                environment = environmentBefore;
                throw e;
            }
            return true;
        }
        attachments.reconcile(object, interfaces);
        return false;
    }

    /**
     * Looks whether somebody else has removed or replaced what judges packets, and puts it back.
     * Costs a few system calls an interface.
     */
    public synchronized List<Drift> repair() {
        if (!attached || detached) {
            return List.of();
        }
        if (pins.areDetached()) {
            detached = true;
            attachments.forget();
            return List.of();
        }
        List<Drift> found = new ArrayList<>();
        if (generations.repairWord()) {
            found.add(new Drift(Drift.Kind.MAP, "the word that says which rule set is live"));
        }
        if (!generations.isInPlace()) {
            found.add(new Drift(Drift.Kind.MAP, "the rule set"));
            generations.forget();
            commit(state, environment);
        }
        pins.makeDirectories();
        found.addAll(attachments.repair(object));
        object.pinAgain(pins).forEach(name -> found.add(new Drift(Drift.Kind.PIN, "map " + name)));
        return found;
    }

    private GuardedInterfaces guardedInterfaces() {
        return GuardedInterfaces.choose(options.interfaces(), HostInterfaces.read(libbpf));
    }

    /** By the word {@code local}, or by a policy that lets the host's own addresses in. */
    private static boolean dependsOnHost(DesiredState state) {
        return state.resources().values().stream().anyMatch(r -> r.addresses().host())
                || state.policies().values().stream()
                        .anyMatch(policy -> policy.type() == PolicyType.ALLOW_DENY);
    }

    /**
     * How the loaded program judges a packet that comes in at an interface; empty means the first
     * that is guarded.
     *
     * @throws DataplaneException if there is no such interface
     */
    public synchronized Judgement judge(ProbePacket packet, Optional<String> interfaceName) {
        return live.judge(packet, at(interfaceName));
    }

    /**
     * The same for one that goes out by an interface.
     *
     * @param sender the cgroup of the process that sends it; empty for one in no workload
     */
    public synchronized Judgement judgeLeaving(
            ProbePacket packet, Optional<String> interfaceName, Optional<Cgroup> sender) {
        return live.judgeLeaving(packet, at(interfaceName), sender);
    }

    private HostInterface at(Optional<String> interfaceName) {
        HostInterfaces host = interfaces.interfaces();
        String name =
                interfaceName.orElseGet(() ->
                        attachments.states().stream()
                                .map(InterfaceState::name)
                                .findFirst()
                                .orElse("lo"));
        return host.named(name)
                .orElseThrow(() ->
                        new DataplaneException(
                                "interface "
                                        + name
                                        + " does not exist (there are: "
                                        + String.join(", ", host.names())
                                        + ")"));
    }

    private String interfaceName(int index) {
        return interfaces.interfaces().name(index);
    }

    /** Every counter in use. */
    public List<Counter> counters() {
        return counters.read(decisions.all());
    }

    /**
     * Who was denied for what, in no order: those that are denied again and again, and of others
     * the last. What a decision has denied goes when no resource makes it any more.
     */
    public List<DroppedSource> droppedSources() {
        return dropped.read(decisions.all());
    }

    /** The program that judges, for who measures it. */
    public BpfProgram program() {
        return object.ingress();
    }

    /** The program at egress, for who measures it. */
    public BpfProgram egressProgram() {
        return object.egress();
    }

    public long generation() {
        return generations.generation();
    }

    /** What {@code local} stands for now. */
    public synchronized HostAddresses hostAddresses() {
        return environment.host();
    }

    /** The numbers that the counters are known by, for the next start. */
    public DecisionIds decisions() {
        return decisions.inForce();
    }

    public List<InterfaceState> interfaces() {
        return attachments.states();
    }

    /** The interfaces that match, and that are not guarded because others stand for them. */
    public synchronized List<LeftAlone> leftAlone() {
        return detached ? List.of() : interfaces.leftAlone();
    }

    public List<MapUsage> maps() {
        List<MapUsage> maps = new ArrayList<>(generations.usage());
        maps.add(proxied.usage());
        return maps;
    }

    /**
     * Lets go of what the kernel programs know of connections that have ended; takes a look at all.
     */
    public void sweep() {
        proxied.sweep();
    }

    /** What PROXY headers were out of the ordinary. */
    public ProxyTotals proxyTotals() {
        return ProxyTotals.read(object.map("proxying"));
    }

    public ReportTotals reports() {
        return ReportTotals.read(object.map("reporting"));
    }

    /**
     * Calls the watcher for each reported denial until the handle is closed. The watcher must not
     * block.
     */
    public AutoCloseable watchDrops(Consumer<Drop> watcher) {
        return drops.watch(watcher);
    }

    /**
     * Calls the watcher for each address whose name would decide on a packet, at most once a second
     * for one address, until the handle is closed. The watcher must not block.
     */
    public AutoCloseable watchAsks(Consumer<Address> watcher) {
        return asks.watch(watcher);
    }

    /** When rules last decided. */
    public RuleTimes ruleTimes() {
        return times;
    }

    /**
     * Brings back what {@link RuleTimes#save} gave an agent before this one; to be called before
     * the first commit. Matches since the saving are found, too, if no commit came after it.
     *
     * @throws IllegalArgumentException if the bytes are something else; no rule has matched then
     */
    public synchronized void restoreTimes(byte[] saved) {
        times.restore(saved, object.matchedBefore(), generations.generation());
    }

    /** Whether the kernel answers. */
    public boolean isHealthy() {
        return object.map("noting").lookup(Slot.word(0), Slot.word(0));
    }

    /** Whether {@link #detach} was called. */
    public synchronized boolean isDetached() {
        return detached;
    }

    /**
     * Stops judging: takes the programs off every interface and removes the pins. This agent
     * attaches no more; the next one does.
     *
     * @return the names of the interfaces that were guarded; none when it was done before
     */
    public synchronized List<String> detach() {
        detached = true;
        List<String> names = attachments.detach();
        if (pins.exist()) {
            Pins.detachAll(libbpf, options.bpffs());
        }
        return names;
    }

    /** Lets go of everything; what is pinned goes on judging. */
    @Override
    public synchronized void close() {
        drops.close();
        asks.close();
        attachments.close();
        generations.close();
        object.close();
    }
}
