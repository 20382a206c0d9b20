// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.imports;

import dev.portcullis.policy.file.YamlTree;
import dev.portcullis.policy.file.YamlTree.Mapping;
import dev.portcullis.policy.file.YamlTree.Scalar;
import dev.portcullis.policy.file.YamlTree.Sequence;
import dev.portcullis.policy.validation.Quoted;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The fields of a JSON object, and where to tell that one is not as it has to be. */
final class Fields {
    private final SingleDocument document;
    private final Mapping map;
    private final String path;

    private Fields(SingleDocument document, Mapping map, String path) {
        this.document = document;
        this.map = map;
        this.path = path;
    }

    static Fields of(SingleDocument document) {
        return new Fields(document, document.root(), "");
    }

    /** A field that is there, and not null. */
    private Optional<YamlTree> find(String name) {
        return map.entry(name).map(YamlTree.Entry::value).filter(value -> !value.isNull());
    }

    /** Empty if it is not there. */
    String text(String name) {
        Optional<YamlTree> found = find(name);
        if (found.isPresent() && !(found.get() instanceof Scalar)) {
            refuse(name, "is " + found.get().describe() + ", and must be text");
            return "";
        }
        return found.map(value -> ((Scalar) value).text()).orElse("");
    }

    /** A text that must be there. */
    String required(String name) {
        String text = text(name);
        if (text.isBlank() && !(find(name).isPresent() && !(find(name).get() instanceof Scalar))) {
            refuse(name, "is missing");
        }
        return text;
    }

    boolean flag(String name) {
        String text = text(name);
        if (!List.of("", "true", "false").contains(text)) {
            refuse(name, Quoted.of(text) + " is not true or false");
        }
        return text.equals("true");
    }

    /** 0 if it is not there, or no number. */
    int number(String name) {
        String text = text(name);
        return text.matches("\\d{1,9}") ? Integer.parseInt(text) : 0;
    }

    boolean has(String name) {
        return find(name).isPresent();
    }

    /** The field as an object; one without fields if it is none. */
    Fields object(String name) {
        String at = path(name);
        Optional<YamlTree> found = find(name);
        if (found.isPresent() && found.get() instanceof Mapping nested) {
            return new Fields(document, nested, at);
        }
        found.ifPresent(v -> refuse(name, "is " + v.describe() + ", and must be an object"));
        return new Fields(document, new Mapping(line(), Optional.empty(), List.of()), at);
    }

    /** The objects of a list, which may be missing. */
    List<Fields> objects(String name) {
        List<Fields> objects = new ArrayList<>();
        List<YamlTree> items = items(name);
        for (int i = 0; i < items.size(); i++) {
            String at = path(name) + "[" + i + "]";
            if (items.get(i) instanceof Mapping item) {
                objects.add(new Fields(document, item, at));
            } else {
                document.refuse(
                        items.get(i).line(),
                        at,
                        "is " + items.get(i).describe() + ", and must be an object");
            }
        }
        return objects;
    }

    /** The texts of a list, which may be missing. */
    List<String> texts(String name) {
        return items(name).stream()
                .map(item -> item instanceof Scalar scalar ? scalar.text() : item.describe())
                .toList();
    }

    private List<YamlTree> items(String name) {
        Optional<YamlTree> found = find(name);
        if (found.isPresent() && found.get() instanceof Sequence list) {
            return list.items();
        }
        found.ifPresent(value -> refuse(name, "is " + value.describe() + ", and must be a list"));
        return List.of();
    }

    /** Tells what is wrong with a field, or with the object if it does not have it. */
    void refuse(String name, String message) {
        int line = map.entry(name).map(entry -> entry.key().line()).orElse(line());
        document.refuse(line, path(name), message);
    }

    private int line() {
        return map.line();
    }

    private String path(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
