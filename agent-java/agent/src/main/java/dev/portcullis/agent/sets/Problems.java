// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.sets;

import dev.portcullis.policy.validation.Violation;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is wrong with a set's source: each problem is a warning in the log, once until it is over.
 */
final class Problems {
    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);
    private static final int REMEMBERED = 64;
    private static final int TOLD = 3;

    private final String set;
    private final Set<String> logged = new HashSet<>();
    private String last = "";

    Problems(String set) {
        this.set = set;
    }

    void failed(List<Violation> violations) {
        failed(sentence(violations));
    }

    private void failed(String problem) {
        last = problem;
        if (logged.size() < REMEMBERED && logged.add(problem)) {
            LOG.warn("event=address_set_refresh_failed set={} message=\"{}\"", set, problem);
        }
    }

    void over() {
        if (!last.isEmpty()) {
            LOG.info("event=address_set_recovered set={}", set);
        }
        last = "";
        logged.clear();
    }

    /** The newest, as a sentence; empty if all is well. */
    String last() {
        return last;
    }

    /** The first few as one sentence: a list of another format may have very many. */
    private static String sentence(List<Violation> violations) {
        String first =
                String.join(
                        "; ",
                        violations.stream()
                                .limit(TOLD)
                                .map(violation -> violation.field() + ": " + violation.message())
                                .toList());
        int more = violations.size() - TOLD;
        return more > 0 ? first + "; and " + more + " more" : first;
    }
}
