// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import java.util.List;

/** A rule set was not committed, because it would cut connections that have to go on. */
public final class LockoutException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient List<CutSession> cut;

    LockoutException(List<CutSession> cut) {
        super(
                "this would cut "
                        + String.join("; ", cut.stream().map(CutSession::toString).toList()));
        this.cut = List.copyOf(cut);
    }

    public List<CutSession> cut() {
        return cut;
    }
}
