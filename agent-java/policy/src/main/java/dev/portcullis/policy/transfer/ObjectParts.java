// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.transfer;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.portcullis.api.v1.MoreRules;
import dev.portcullis.api.v1.ObjectPart;
import dev.portcullis.api.v1.Policy;
import dev.portcullis.api.v1.Rule;
import java.util.List;

/**
 * Cuts objects into parts that any gRPC peer takes (at most 4 MiB by default). A policy of a
 * million rules thus needs no setting on either side.
 */
public final class ObjectParts {
    /** Far below the limit of a message, and large enough that framing costs nothing. */
    private static final int TARGET_BYTES = 256 << 10;

    /** Takes the parts of an object, in order. */
    public interface Sink<E extends Exception> {
        void accept(ObjectPart part) throws E, InterruptedException;
    }

    private ObjectParts() {}

    public static <E extends Exception> void send(Message object, Sink<E> sink)
            throws E, InterruptedException {
        if (object instanceof Policy policy) {
            sendPolicy(policy, sink);
        } else {
            sink.accept(part(object));
        }
    }

    private static ObjectPart part(Message object) {
        FieldDescriptor field =
                ObjectPart.getDescriptor().getFields().stream()
                        .filter(f -> f.getMessageType() == object.getDescriptorForType())
                        .findFirst()
                        .orElseThrow();
        return ObjectPart.newBuilder().setField(field, object).build();
    }

    private static <E extends Exception> void sendPolicy(Policy policy, Sink<E> sink)
            throws E, InterruptedException {
        List<Rule> rules = policy.getSpec().getRulesList();
        int end = endOfPart(rules, 0);
        Policy.Builder first = policy.toBuilder();
        if (end < rules.size()) {
            first.getSpecBuilder().clearRules().addAllRules(rules.subList(0, end));
        }
        sink.accept(part(first.build()));
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
}
