// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import java.util.List;
import java.util.Optional;

/**
 * What a commit is tied to.
 *
 * @param confirmBy when the rule set before comes back unless this one is confirmed
 * @param keep connections that have to go on passing if they pass now
 */
public record CommitTerms(Optional<Deadline> confirmBy, List<Session> keep) {
    public static final CommitTerms NONE = new CommitTerms(Optional.empty(), List.of());

    public CommitTerms {
        keep = List.copyOf(keep);
    }
}
