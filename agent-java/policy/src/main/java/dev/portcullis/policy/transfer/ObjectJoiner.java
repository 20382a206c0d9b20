// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.transfer;

import com.google.protobuf.Message;
import dev.portcullis.api.v1.ObjectPart;
import dev.portcullis.api.v1.Policy;
import java.util.ArrayList;
import java.util.List;

/** Makes objects of parts as they come. */
public final class ObjectJoiner {
    private final List<Message> objects = new ArrayList<>();
    private Policy.Builder open;

    /**
     * @throws IllegalArgumentException if the part continues nothing; the message is for people
     */
    public void add(ObjectPart part) {
        switch (part.getPartCase()) {
            case POLICY -> {
                close();
                open = part.getPolicy().toBuilder();
            }
            case MORE_RULES -> {
                if (open == null) {
                    throw new IllegalArgumentException(
                            "more_rules follow no policy; send the policy first");
                }
                open.getSpecBuilder().addAllRules(part.getMoreRules().getRulesList());
            }
            case PART_NOT_SET ->
                    throw new IllegalArgumentException(
                            "a part is empty or of a kind that is not known here; use a client and"
                                    + " an agent of the same version");
            default -> {
                close();
                part.getAllFields().values().forEach(object -> objects.add((Message) object));
            }
        }
    }

    private void close() {
        if (open != null) {
            objects.add(open.build());
            open = null;
        }
    }

    /** Every object so far. */
    public List<Message> objects() {
        close();
        return List.copyOf(objects);
    }
}
