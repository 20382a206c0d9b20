// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.control;

import com.google.protobuf.Message;
import dev.portcullis.agent.v1.StoredObject;
import java.util.List;
import java.util.function.Function;

/** Some objects of one revision, which are read as they are asked for. */
public final class Selection {
    private final long revision;
    private final List<StoredObject> objects;
    private final Function<StoredObject, Message> store;

    Selection(long revision, List<StoredObject> objects, Function<StoredObject, Message> store) {
        this.revision = revision;
        this.objects = List.copyOf(objects);
        this.store = store;
    }

    public long revision() {
        return revision;
    }

    public int size() {
        return objects.size();
    }

    public Message read(int index) {
        return store.apply(objects.get(index));
    }
}
