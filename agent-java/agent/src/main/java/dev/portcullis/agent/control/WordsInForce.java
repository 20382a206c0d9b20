// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.control;

import dev.portcullis.dataplane.CommitTerms;
import dev.portcullis.dataplane.Dataplane;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Environment;
import dev.portcullis.policy.validation.Quota;
import dev.portcullis.policy.validation.Violation;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the words in the policies stand for, as the kernel judges by it: from when they are asked
 * for on behalf of a state, over the commit of that state, to each change of theirs after it.
 *
 * <p>To ask may take minutes. Whoever changes something here holds the monitor of {@link Control}.
 */
final class WordsInForce {
    /** A line of the log begins with this name, by which operators look for it. */
    private static final Logger LOG = LoggerFactory.getLogger(Control.class);

    /**
     * The words of a state that may become the one in force.
     *
     * @param changes how many there had been when the words were asked for
     */
    record Prepared(DesiredState state, Vocabulary.Prepared words, long changes) {
        /** For the log, where nobody waits for an answer. */
        void tell() {
            words.warnings().forEach(w -> LOG.warn("event=start_warning message=\"{}\"", w));
            words.violations()
                    .forEach(v -> LOG.error("event=address_set_missing message=\"{}\"", v));
        }
    }

    private final Vocabulary vocabulary;
    private final Dataplane dataplane;
    private final Quota quota;
    private final InForce inForce;
    private final WordRefresh refresh = new WordRefresh(this::takeUpChange, System::nanoTime);

    /** Address sets of the stored state that could not be had when the agent started. */
    private volatile List<String> missing = List.of();

    WordsInForce(Vocabulary vocabulary, Dataplane dataplane, Quota quota, InForce inForce) {
        this.vocabulary = vocabulary;
        this.dataplane = dataplane;
        this.quota = quota;
        this.inForce = inForce;
    }

    /** Asks for the words of a state that is to replace the one in force. */
    Prepared prepareNext(DesiredState next) {
        long changes = refresh.changes();
        return new Prepared(next, vocabulary.prepare(inForce.revision().state(), next), changes);
    }

    /** Asks for the words of a state that is in force, or was before. */
    Prepared prepare(DesiredState state) {
        long changes = refresh.changes();
        return new Prepared(state, vocabulary.prepare(state), changes);
    }

    /**
     * @throws Refusal if the words stand for more than there is room for
     */
    void requireRoom(Prepared prepared) {
        Transaction.requireRoom(prepared.state, prepared.words.sets(), quota);
    }

    Dataplane.Plan plan(Prepared prepared) {
        return inForce.plan(
                prepared.state, vocabulary.environment(prepared.words, dataplane.hostAddresses()));
    }

    /**
     * Makes the kernel judge by the words of the state in force. Sets that can't be had hold
     * nothing for now: the rules that don't name them count.
     */
    void takeUp(Prepared prepared, CommitTerms terms) {
        inForce.commit(plan(prepared), terms);
        follow(prepared);
    }

    /** Keeps the words up to date of a state that has come into force. */
    void follow(Prepared prepared) {
        vocabulary.follow(prepared.state, prepared.words);
        missing = prepared.words.violations().stream().map(Violation::toString).toList();
        refresh.stateChanged(prepared.changes);
    }

    /** To be called after a word came to stand for something else. */
    void changed() {
        refresh.wordsChanged();
    }

    /** Takes up what was refused before. To be called again and again. */
    void retry() {
        refresh.retry();
    }

    private void takeUpChange() {
        if (inForce.isTooLate()) {
            return;
        }
        DesiredState state = inForce.revision().state();
        Environment words = environment();
        Transaction.requireRoom(state, words.sets(), quota);
        inForce.commit(inForce.plan(state, words), CommitTerms.NONE);
        LOG.debug("event=words_changed generation={}", dataplane.generation());
    }

    /** What the words stand for now. */
    Environment environment() {
        return vocabulary.environment(dataplane.hostAddresses());
    }

    /** Whether there are words that could not be had. */
    boolean areMissing() {
        return !missing.isEmpty();
    }

    /** What an operator should know, a sentence each. */
    List<String> problems() {
        List<String> problems = new ArrayList<>(missing);
        problems.addAll(vocabulary.problems());
        return problems;
    }
}
