// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.file;

import com.google.protobuf.Message;
import dev.portcullis.api.v1.AddressSet;
import dev.portcullis.api.v1.Association;
import dev.portcullis.api.v1.Policy;
import dev.portcullis.api.v1.Resource;
import dev.portcullis.policy.model.ObjectKind;
import java.util.Set;

/** The fields around an object, which say what it is. */
public final class Envelope {
    static final String API_VERSION = "apiVersion";
    static final String KIND = "kind";
    static final Set<String> FIELDS = Set.of(API_VERSION, KIND);

    /** The only version so far. */
    static final String CURRENT_VERSION = "portcullis.dev/v1";

    private Envelope() {}

    /** An object of a kind, still empty. */
    public static Message.Builder newObject(ObjectKind kind) {
        return switch (kind) {
            case POLICY -> Policy.newBuilder();
            case RESOURCE -> Resource.newBuilder();
            case ASSOCIATION -> Association.newBuilder();
            case ADDRESS_SET -> AddressSet.newBuilder();
        };
    }

    /** What an object is. */
    public static ObjectKind kindOf(Message object) {
        return ObjectKind.of(object.getDescriptorForType().getName())
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                object.getDescriptorForType().getFullName()
                                        + " is no object of files"));
    }
}
