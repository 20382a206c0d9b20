// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Many entries at once, for every type of map that has them. */
public abstract class BatchContract extends Contract {
    private static final int MANY = 1000;

    @Test
    void a_hash_keeps_what_a_batch_wrote() {
        try (BpfMap map = libbpf.createMap(MapOptions.hash("map", 4, 8, MANY))) {
            map.updateBatch(manyKeys(), manyValues(), MANY);

            assertThat(entries(map, 64)).hasSize(MANY).containsEntry(7, 70L);
        }
    }

    @Test
    void an_array_keeps_what_a_batch_wrote() {
        try (BpfMap map = libbpf.createMap(MapOptions.array("map", 8, MANY))) {
            map.updateBatch(manyKeys(), manyValues(), MANY);

            assertThat(entries(map, 64)).hasSize(MANY).containsEntry(7, 70L);
        }
    }

    @Test
    void a_trie_keeps_what_a_batch_wrote() {
        try (BpfMap map = libbpf.createMap(MapOptions.lpmTrie("map", 8, 8, MANY))) {
            map.updateBatch(manyPrefixes(), manyValues(), MANY);

            assertThat(entries(map, 64)).hasSize(MANY).containsEntry(7, 70L);
        }
    }

    @Test
    void a_batch_larger_than_the_map_reads_all_of_it() {
        try (BpfMap map = libbpf.createMap(MapOptions.lpmTrie("map", 8, 8, MANY))) {
            map.updateBatch(manyPrefixes(), manyValues(), MANY);

            assertThat(entries(map, 2 * MANY)).hasSize(MANY);
        }
    }

    @Test
    void a_batch_that_divides_the_map_reads_nothing_twice() {
        try (BpfMap map = libbpf.createMap(MapOptions.array("map", 8, MANY))) {
            List<Integer> counts = new ArrayList<>();

            map.forEachBatch(MANY / 4, (keys, values, count) -> counts.add(count));

            assertThat(counts.stream().mapToInt(Integer::intValue).sum()).isEqualTo(MANY);
        }
    }

    @Test
    void a_bucket_that_does_not_fit_makes_the_batch_grow() {
        try (BpfMap map = libbpf.createMap(MapOptions.hash("map", 4, 8, MANY))) {
            map.updateBatch(manyKeys(), manyValues(), MANY);

            assertThat(entries(map, 1)).hasSize(MANY);
        }
    }

    @Test
    void an_empty_map_has_no_batches() {
        try (BpfMap hash = libbpf.createMap(MapOptions.hash("map", 4, 8, MANY));
                BpfMap trie = libbpf.createMap(MapOptions.lpmTrie("map", 8, 8, MANY))) {
            assertThat(entries(hash, 64)).isEmpty();
            assertThat(entries(trie, 64)).isEmpty();
        }
    }

    @Test
    void per_cpu_arrays_are_read_and_written_with_all_their_values() {
        MapOptions options = MapOptions.of(MapType.PERCPU_ARRAY, "percpu", 4, 8, 2);
        try (BpfMap map = libbpf.createMap(options)) {
            int cpus = libbpf.possibleCpus();
            ByteBuffer values = room(2 * map.valueStride());
            values.putLong(map.valueStride() + (cpus - 1) * 8, 42);

            map.updateBatch(ints(0, 1), values, 2);

            assertThat(counter(map, 0)).isZero();
            assertThat(counter(map, 1)).isEqualTo(42);
            List<Long> last = new ArrayList<>();
            map.forEachBatch(
                    10, (keys, found, count) -> last.add(found.getLong(found.limit() - 8)));
            assertThat(last).containsExactly(42L);
        }
    }

    @Test
    void a_map_of_maps_is_read_by_batches_too() {
        try (BpfMap inner = libbpf.createMap(MapOptions.array("inner", 4, 1));
                BpfMap outer = libbpf.createMap(MapOptions.arrayOfMaps("outer", 3, inner))) {
            outer.putInner(2, inner);
            Map<Integer, Integer> found = new TreeMap<>();

            outer.forEachBatch(2, (keys, values, n) -> found.putAll(ints(keys, values, n)));

            assertThat(found).containsEntry(2, inner.id());
        }
    }

    @Test
    void a_type_without_batches_is_read_entry_by_entry() {
        try (BpfObject object = loaded();
                BpfProgram program = object.program("judge");
                BpfMap map =
                        libbpf.createMap(MapOptions.of(MapType.PROG_ARRAY, "programs", 4, 4, 3))) {
            map.updateBatch(ints(0, 2), ints(program.fd(), program.fd()), 2);
            Map<Integer, Integer> found = new TreeMap<>();

            map.forEachBatch(2, (keys, values, n) -> found.putAll(ints(keys, values, n)));
            map.deleteBatch(ints(0), 1);

            assertThat(found)
                    .containsExactly(Map.entry(0, program.id()), Map.entry(2, program.id()));
            assertThat(map.lookup(ints(0), room(4))).isFalse();
        }
    }

    @Test
    void a_batch_deletes_what_it_names() {
        try (BpfMap hash = libbpf.createMap(MapOptions.hash("map", 4, 8, MANY));
                BpfMap trie = libbpf.createMap(MapOptions.lpmTrie("map", 8, 8, MANY))) {
            hash.updateBatch(manyKeys(), manyValues(), MANY);
            trie.updateBatch(manyPrefixes(), manyValues(), MANY);

            hash.deleteBatch(ints(1, 2, 3), 3);
            trie.deleteBatch(manyPrefixes(), MANY);

            assertThat(entries(hash, 100)).hasSize(MANY - 3).doesNotContainKeys(1, 2, 3);
            assertThat(entries(trie, 100)).isEmpty();
        }
    }

    @Test
    void a_batch_from_the_heap_serves_as_well() {
        try (BpfMap map = libbpf.createMap(MapOptions.hash("map", 4, 8, MANY))) {
            map.updateBatch(toHeap(manyKeys()), toHeap(manyValues()), MANY);

            assertThat(entries(map, 100)).hasSize(MANY).containsEntry(999, 9990L);
        }
    }

    @Test
    void a_batch_that_fails_tells_how_far_it_came() {
        try (BpfMap map = libbpf.createMap(MapOptions.hash("small", 4, 8, 3))) {
            assertThatThrownBy(() -> map.updateBatch(ints(1, 2, 3, 4), longs(1, 2, 3, 4), 4))
                    .isInstanceOf(BpfException.class)
                    .hasMessageStartingWith("update a batch of map small: ")
                    .hasMessageEndingWith("(E2BIG): 3 of 4 entries were done");
        }
    }

    @Test
    void deleting_what_is_not_there_tells_how_far_it_came() {
        try (BpfMap map = libbpf.createMap(MapOptions.hash("map", 4, 8, 3))) {
            map.update(ints(1), longs(1));

            assertThatThrownBy(() -> map.deleteBatch(ints(1, 2), 2))
                    .hasMessageEndingWith("(ENOENT): 1 of 2 entries were done");
        }
    }

    @Test
    void an_empty_batch_does_nothing() {
        try (BpfMap map = libbpf.createMap(MapOptions.hash("map", 4, 8, 3))) {
            map.updateBatch(ints(), longs(), 0);
            map.deleteBatch(ints(), 0);

            assertThat(entries(map, 10)).isEmpty();
        }
    }

    @Test
    void what_the_consumer_throws_comes_out() {
        try (BpfMap map = libbpf.createMap(MapOptions.array("map", 8, 10))) {
            BatchConsumer consumer =
                    (keys, values, count) -> {
                        throw new IllegalArgumentException("enough");
                    };

            assertThatThrownBy(() -> map.forEachBatch(5, consumer)).hasMessage("enough");
        }
    }

    /** The entries by the last four bytes of their keys. */
    private static Map<Integer, Long> entries(BpfMap map, int batchSize) {
        Map<Integer, Long> entries = new TreeMap<>();
        map.forEachBatch(
                batchSize,
                (keys, values, count) -> {
                    assertThat(keys.remaining()).isEqualTo(count * map.keySize());
                    assertThat(values.remaining()).isEqualTo(count * map.valueStride());
                    for (int i = 0; i < count; i++) {
                        int key = keys.getInt((i + 1) * map.keySize() - Integer.BYTES);
                        assertThat(entries.put(key, values.getLong(i * Long.BYTES))).isNull();
                    }
                });
        return entries;
    }

    private static Map<Integer, Integer> ints(ByteBuffer keys, ByteBuffer values, int count) {
        Map<Integer, Integer> entries = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            entries.put(keys.getInt(), values.getInt());
        }
        return entries;
    }

    private static ByteBuffer manyKeys() {
        return ints(IntStream.range(0, MANY).toArray());
    }

    private static ByteBuffer manyValues() {
        return longs(IntStream.range(0, MANY).mapToLong(i -> i * 10L).toArray());
    }

    private static ByteBuffer manyPrefixes() {
        return ints(IntStream.range(0, MANY).flatMap(i -> IntStream.of(32, i)).toArray());
    }

    private static ByteBuffer toHeap(ByteBuffer direct) {
        return ByteBuffer.allocate(direct.remaining())
                .order(ByteOrder.nativeOrder())
                .put(direct)
                .flip();
    }
}
