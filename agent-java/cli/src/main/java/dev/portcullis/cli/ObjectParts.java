// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import com.google.protobuf.Message;
import dev.portcullis.api.v1.MoreRules;
import dev.portcullis.api.v1.ObjectPart;
import dev.portcullis.api.v1.Policy;
import dev.portcullis.api.v1.PolicySpec;
import dev.portcullis.api.v1.Resource;
import dev.portcullis.api.v1.Rule;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts objects into parts that any gRPC peer takes (at most 4 MiB by default), and joins parts
 * again. A policy of a million rules thus needs no setting on either side.
 */
final class ObjectParts {
    /** Far below the limit of a message, and large enough that framing costs nothing. */
    private static final int TARGET_BYTES = 256 << 10;

    /** Takes the parts of an object, in order. */
    interface Sink<E extends Exception> {
        void accept(ObjectPart part) throws E, InterruptedException;
    }

    private ObjectParts() {}

    static <E extends Exception> void send(Message object, Sink<E> sink)
            throws E, InterruptedException {
        if (object instanceof Policy policy) {
            sendPolicy(policy, sink);
        } else {
            sink.accept(ObjectPart.newBuilder().setResource((Resource) object).build());
        }
    }

    private static <E extends Exception> void sendPolicy(Policy policy, Sink<E> sink)
            throws E, InterruptedException {
        List<Rule> rules = policy.getSpec().getRulesList();
        int end = endOfPart(rules, 0);
        Policy.Builder first = policy.toBuilder();
        if (end < rules.size()) {
            PolicySpec.Builder spec = first.getSpecBuilder();
            spec.clearRules().addAllRules(rules.subList(0, end));
        }
        sink.accept(ObjectPart.newBuilder().setPolicy(first).build());
        while (end < rules.size()) {
            int begin = end;
            end = endOfPart(rules, begin);
            MoreRules more = MoreRules.newBuilder().addAllRules(rules.subList(begin, end)).build();
            sink.accept(ObjectPart.newBuilder().setMoreRules(more).build());
        }
    }

    /** At least one rule, and as many as fit. */
    private static int endOfPart(List<Rule> rules, int begin) {
        int bytes = 0;
        int end = begin;
        while (end < rules.size() && bytes < TARGET_BYTES) {
            bytes += rules.get(end).getSerializedSize() + 6;
            end++;
        }
        return end;
    }

    /** Collects parts as they come. */
    static final class Joiner {
        private final List<Message> objects = new ArrayList<>();
        private Policy.Builder open;

        void add(ObjectPart part) {
            switch (part.getPartCase()) {
                case POLICY -> {
                    close();
                    open = part.getPolicy().toBuilder();
                }
                case MORE_RULES -> {
                    if (open == null) {
                        throw CommandFailure.refused(
                                "the agent sent rules that belong to no policy: use the portcullis"
                                        + " command of its own version");
                    }
                    open.getSpecBuilder().addAllRules(part.getMoreRules().getRulesList());
                }
                case RESOURCE -> {
                    close();
                    objects.add(part.getResource());
                }
                case PART_NOT_SET -> {}
            }
        }

        private void close() {
            if (open != null) {
                objects.add(open.build());
                open = null;
            }
        }

        List<Message> objects() {
            close();
            return List.copyOf(objects);
        }
    }
}
