// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.e2e;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The maps, programs and links that are alive in the kernel because of one daemon, as bpftool shows
 * them. Other daemons may run on the machine, so that counting all would not do.
 *
 * <p>A map lives as long as a descriptor, a pin, a program, or a map that it is in: those of this
 * daemon are followed. A program is this daemon's if it uses the daemon's maps, and a link if it is
 * of such a program, whoever holds them.
 */
final class KernelObjects {
    /** Arrays of maps. */
    private static final String OUTER = "array_of_maps";

    private static final Pattern MAP_OF_DESCRIPTOR = Pattern.compile("(?m)^map_id:\\s+(\\d+)$");

    private final Map<Integer, JsonObject> maps = new HashMap<>();
    private final List<JsonObject> programs = new ArrayList<>();
    private final List<JsonObject> links = new ArrayList<>();

    private KernelObjects() {}

    static KernelObjects of(Agent agent) {
        KernelObjects found = new KernelObjects();
        Map<Integer, JsonObject> all = new HashMap<>();
        for (JsonObject map : bpftool("-f", "map", "show")) {
            all.put(map.get("id").getAsInt(), map);
        }
        Set<Integer> known = mapsOfDescriptors(agent.pid());
        all.forEach((id, map) -> {
            if (isPinnedBelow(map, agent.bpffs())) {
                known.add(id);
            }
        });
        for (int id : Set.copyOf(known)) {
            if (all.containsKey(id) && all.get(id).get("type").getAsString().equals(OUTER)) {
                known.addAll(inside(id));
            }
        }
        known.stream().filter(all::containsKey).forEach(id -> found.maps.put(id, all.get(id)));
        found.addPrograms();
        return found;
    }

    private static Set<Integer> mapsOfDescriptors(long pid) {
        Set<Integer> ids = new HashSet<>();
        try (DirectoryStream<Path> descriptors =
                Files.newDirectoryStream(Path.of("/proc/" + pid + "/fdinfo"))) {
            for (Path descriptor : descriptors) {
                Matcher map = MAP_OF_DESCRIPTOR.matcher(content(descriptor));
                if (map.find()) {
                    ids.add(Integer.valueOf(map.group(1)));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ids;
    }

    /** Empty for one that was closed meanwhile. */
    private static String content(Path descriptor) throws IOException {
        try {
            return Files.readString(descriptor);
        } catch (NoSuchFileException e) {
            return "";
        }
    }

    private static boolean isPinnedBelow(JsonObject map, Path bpffs) {
        if (!map.has("pinned")) {
            return false;
        }
        for (JsonElement pin : map.getAsJsonArray("pinned")) {
            if (Path.of(pin.getAsString()).startsWith(bpffs)) {
                return true;
            }
        }
        return false;
    }

    private static Set<Integer> inside(int outer) {
        Set<Integer> ids = new HashSet<>();
        for (JsonObject entry : bpftool("map", "dump", "id", Integer.toString(outer))) {
            if (entry.has("value") && entry.get("value").isJsonArray()) {
                ids.add(number(entry.getAsJsonArray("value")));
            }
        }
        return ids;
    }

    /**
     * Its bytes as bpftool writes them, such as {@code 0x1f}; the host's order is little-endian.
     */
    private static int number(JsonArray bytes) {
        int number = 0;
        for (int i = 0; i < bytes.size(); i++) {
            number |= Integer.decode(bytes.get(i).getAsString()) << (8 * i);
        }
        return number;
    }

    private void addPrograms() {
        Set<Integer> ids = new HashSet<>();
        for (JsonObject program : bpftool("prog", "show")) {
            if (program.has("map_ids") && uses(program.getAsJsonArray("map_ids"))) {
                programs.add(program);
                ids.add(program.get("id").getAsInt());
            }
        }
        for (JsonObject link : bpftool("link", "show")) {
            if (link.has("prog_id") && ids.contains(link.get("prog_id").getAsInt())) {
                links.add(link);
            }
        }
    }

    private boolean uses(JsonArray mapIds) {
        for (JsonElement id : mapIds) {
            if (maps.containsKey(id.getAsInt())) {
                return true;
            }
        }
        return false;
    }

    private static List<JsonObject> bpftool(String... arguments) {
        List<String> line = new ArrayList<>(List.of("bpftool", "-j"));
        line.addAll(List.of(arguments));
        List<JsonObject> objects = new ArrayList<>();
        JsonParser.parseString(Command.run(line).ok().out())
                .getAsJsonArray()
                .forEach(object -> objects.add(object.getAsJsonObject()));
        return objects;
    }

    /** How many there are of each kind and name. */
    void count(SortedMap<String, Long> counts) {
        maps.values().forEach(map -> add(counts, "map " + map.get("name").getAsString()));
        programs.forEach(program -> add(counts, "program " + program.get("name").getAsString()));
        links.forEach(link -> add(counts, "link " + link.get("type").getAsString()));
    }

    private static void add(SortedMap<String, Long> counts, String what) {
        counts.merge(what, 1L, Long::sum);
    }

    /** Bytes of kernel memory that the maps take. */
    long memory() {
        return maps.values().stream().mapToLong(map -> map.get("bytes_memlock").getAsLong()).sum();
    }
}
