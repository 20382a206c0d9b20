// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.file;

import com.google.protobuf.Message;
import java.util.List;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** Writes objects as texts that {@link DocumentReader} reads back to equal objects. */
public final class DocumentWriter {
    private DocumentWriter() {}

    /** A YAML document for each object. */
    public static String yaml(List<? extends Message> objects) {
        DumpSettings settings =
                DumpSettings.builder()
                        .setSchema(new CoreSchema())
                        .setDefaultFlowStyle(FlowStyle.AUTO)
                        .setExplicitStart(true)
                        .setIndent(2)
                        .setIndicatorIndent(2)
                        .setIndentWithIndicator(true)
                        .setWidth(4_096)
                        .setSplitLines(false)
                        .setDereferenceAliases(true)
                        .build();
        return new Dump(settings).dumpAllToString(objects.stream().map(ObjectTree::of).iterator());
    }

    /** One JSON object. */
    public static String json(Message object) {
        return JsonText.of(ObjectTree.of(object));
    }

    /** A JSON array of the objects. */
    public static String json(List<? extends Message> objects) {
        return JsonText.of(objects.stream().map(ObjectTree::of).toList());
    }
}
