// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import com.google.protobuf.Message;
import dev.portcullis.api.v1.ApplyResponse;
import dev.portcullis.api.v1.Plan;
import java.io.PrintWriter;

/** Prints what a transaction did, or would do. */
final class PlanPrinter {
    private final Portcullis portcullis;
    private final OutputOption output;

    PlanPrinter(Portcullis portcullis, OutputOption output) {
        this.portcullis = portcullis;
        this.output = output;
    }

    void print(ApplyResponse response, boolean dryRun) {
        print(
                response,
                response.getPlan(),
                response.getRevision(),
                dryRun,
                MessageText.time(response.hasConfirmBy(), response.getConfirmBy()));
    }

    /**
     * @param response the whole answer, that the plan and the revision are of
     * @param confirmBy until when it has to be confirmed; empty if it has not
     */
    void print(Message response, Plan plan, long revision, boolean dryRun, String confirmBy) {
        PrintWriter out = portcullis.out();
        switch (output.format) {
            case table -> {
                out.print(PlanText.of(plan, revision, dryRun));
                if (!confirmBy.isEmpty()) {
                    out.println(
                            "until "
                                    + confirmBy
                                    + ", unless it is confirmed: portcullis confirm "
                                    + Long.toUnsignedString(revision));
                }
                warn(plan);
            }
            case yaml -> out.print(MessageText.yaml(response));
            case json -> out.print(MessageText.json(response));
        }
        out.flush();
    }

    /** After what was printed before, also where both streams are one. */
    void warn(Plan plan) {
        portcullis.out().flush();
        plan.getWarningsList().forEach(warning -> portcullis.err().println("warning: " + warning));
    }
}
