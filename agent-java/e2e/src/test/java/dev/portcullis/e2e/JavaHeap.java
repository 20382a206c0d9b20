// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.e2e;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What is reachable in a daemon's heap: bytes of the objects of each class. */
record JavaHeap(Map<String, Long> bytesByClass) {
    private static final String JCMD =
            Path.of(System.getProperty("java.home"), "bin/jcmd").toString();

    /** Rank, instances, bytes and name of a class. */
    private static final Pattern ROW = Pattern.compile("(?m)^ *\\d+: +\\d+ +(\\d+) +(\\S+)");

    /** Objects in the place of garbage that the collector did not move others to. */
    private static final String FILLER = "jdk.internal.vm.Filler";

    /** Collects garbage first. */
    static JavaHeap of(long pid) {
        // What waits for a collection to be closed is garbage itself by the next one.
        jcmd(pid, "GC.run");
        jcmd(pid, "GC.run_finalization");
        Map<String, Long> bytes = new TreeMap<>();
        Matcher row = ROW.matcher(jcmd(pid, "GC.class_histogram"));
        while (row.find()) {
            if (!row.group(2).contains(FILLER)) {
                bytes.merge(row.group(2), Long.valueOf(row.group(1)), Long::sum);
            }
        }
        return new JavaHeap(bytes);
    }

    private static String jcmd(long pid, String command) {
        return Command.run(List.of(JCMD, Long.toString(pid), command)).ok().out();
    }

    long bytes() {
        return bytesByClass.values().stream().mapToLong(Long::longValue).sum();
    }

    /** The classes whose objects take most more than before. */
    String since(JavaHeap before) {
        Map<String, Long> growth = new TreeMap<>();
        bytesByClass.forEach((name, bytes) ->
                growth.put(name, bytes - before.bytesByClass.getOrDefault(name, 0L)));
        return growth.entrySet().stream()
                .filter(grown -> grown.getValue() > 0)
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
                .limit(15)
                .map(grown -> String.format("%,12d  %s", grown.getValue(), grown.getKey()))
                .collect(Collectors.joining("\n"));
    }
}
