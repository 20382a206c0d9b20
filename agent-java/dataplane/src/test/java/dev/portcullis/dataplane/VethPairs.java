// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Interfaces of this test's own, removed with it. */
final class VethPairs implements AutoCloseable {
    private final List<String> names = new ArrayList<>();

    VethPairs(int pairs) {
        for (int i = 0; i < pairs; i++) {
            String name = "pcdp" + ProcessHandle.current().pid() % 100_000 + "x" + i;
            Bpffs.run("ip", "link", "add", name + "a", "type", "veth", "peer", "name", name + "b");
            names.add(name + "a");
            Bpffs.run("ip", "link", "set", name + "a", "up");
            Bpffs.run("ip", "link", "set", name + "b", "up");
        }
    }

    List<String> names() {
        return names;
    }

    /** The other ends. */
    List<String> peers() {
        return names.stream().map(name -> name.substring(0, name.length() - 1) + "b").toList();
    }

    /** Gives each of the other names one of the interfaces. */
    Map<String, Integer> indexesAs(List<String> others) {
        Map<String, Integer> indexes = new HashMap<>();
        for (int i = 0; i < others.size(); i++) {
            String line = Bpffs.run("ip", "-o", "link", "show", names.get(i));
            indexes.put(others.get(i), Integer.valueOf(line.substring(0, line.indexOf(':'))));
        }
        return indexes;
    }

    @Override
    public void close() {
        names.forEach(name -> Bpffs.run("ip", "link", "del", name));
    }
}
