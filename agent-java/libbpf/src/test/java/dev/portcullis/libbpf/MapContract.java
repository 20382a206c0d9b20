// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Maps: entries one by one, pins, errors, and what closing means. Batches are in BatchContract. */
public abstract class MapContract extends Contract {
    @Test
    void an_entry_is_found_changed_and_deleted() {
        try (BpfMap map = libbpf.createMap(MapOptions.hash("map", 4, 8, 10))) {
            ByteBuffer value = room(8);

            assertThat(map.lookup(ints(1), value)).isFalse();
            map.update(ints(1), longs(41));
            map.update(ints(1), longs(42));
            assertThat(map.lookup(ints(1), value)).isTrue();
            assertThat(value.getLong(0)).isEqualTo(42);
            assertThat(map.delete(ints(1))).isTrue();
            assertThat(map.delete(ints(1))).isFalse();
        }
    }

    @Test
    void buffers_of_the_heap_serve_as_well_and_keep_their_position() {
        try (BpfMap map = libbpf.createMap(MapOptions.hash("map", 4, 8, 10))) {
            ByteBuffer key = ByteBuffer.allocate(12).order(ByteOrder.nativeOrder());
            key.putInt(4, 7).position(4).limit(8);
            ByteBuffer value = ByteBuffer.allocate(8).order(ByteOrder.nativeOrder());

            map.update(key, ByteBuffer.allocate(8).order(ByteOrder.nativeOrder()).putLong(0, 9));
            boolean found = map.lookup(key, value);

            assertThat(found).isTrue();
            assertThat(value.getLong(0)).isEqualTo(9);
            assertThat(key.position()).isEqualTo(4);
            assertThat(map.lookup(ints(7), room(8))).isTrue();
        }
    }

    @Test
    void direct_buffers_are_used_from_their_position() {
        try (BpfMap map = libbpf.createMap(MapOptions.hash("map", 4, 8, 10))) {
            ByteBuffer keys = ints(1, 2, 3);
            keys.position(4).limit(8);
            ByteBuffer values = room(24);
            values.position(8).limit(16);
            map.update(ints(2), longs(22));

            map.lookup(keys, values);

            assertThat(values.getLong(8)).isEqualTo(22);
            assertThat(values.position()).isEqualTo(8);
        }
    }

    @Test
    void an_update_mode_guards_what_is_there() {
        try (BpfMap map = libbpf.createMap(MapOptions.hash("map", 4, 8, 10))) {
            map.update(ints(1), longs(1), UpdateMode.NOEXIST);

            assertThatThrownBy(() -> map.update(ints(1), longs(1), UpdateMode.NOEXIST))
                    .hasMessage("update an entry of map map: already exists (EEXIST)");
            assertThatThrownBy(() -> map.update(ints(2), longs(1), UpdateMode.EXIST))
                    .hasMessageContaining("ENOENT");
        }
    }

    @Test
    void a_full_map_says_so() {
        try (BpfMap map = libbpf.createMap(MapOptions.hash("small", 4, 8, 1))) {
            map.update(ints(1), longs(1));

            assertThatThrownBy(() -> map.update(ints(2), longs(2)))
                    .isInstanceOf(BpfException.class)
                    .hasMessageStartingWith("update an entry of map small: ")
                    .hasMessageContaining("E2BIG");
        }
    }

    @Test
    void a_buffer_of_the_wrong_size_is_refused_before_the_kernel_sees_it() {
        try (BpfMap map = libbpf.createMap(MapOptions.hash("map", 4, 8, 10))) {
            assertThatThrownBy(() -> map.update(ints(1, 2), longs(1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("map map: key of 8 bytes instead of 4");
            assertThatThrownBy(() -> map.lookup(ints(1), room(4)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("map map: value of 4 bytes instead of 8");
            assertThatThrownBy(() -> map.lookup(ints(1), room(8).asReadOnlyBuffer()))
                    .isInstanceOf(ReadOnlyBufferException.class);
        }
    }

    @Test
    void a_per_cpu_value_has_a_slot_for_each_possible_cpu() {
        int cpus = libbpf.possibleCpus();
        MapOptions options = MapOptions.of(MapType.PERCPU_HASH, "percpu", 4, 4, 10);
        try (BpfMap map = libbpf.createMap(options)) {
            ByteBuffer values = room(map.valueStride());
            IntStream.range(0, cpus).forEach(cpu -> values.putInt(cpu * 8, 100 + cpu));
            ByteBuffer found = room(map.valueStride());

            map.update(ints(1), values);
            map.lookup(ints(1), found);

            assertThat(map.valueStride()).isEqualTo(8 * cpus);
            assertThat(found.getInt((cpus - 1) * 8)).isEqualTo(100 + cpus - 1);
        }
    }

    @Test
    void a_trie_finds_the_longest_prefix() {
        try (BpfMap map = libbpf.createMap(MapOptions.lpmTrie("trie", 8, 4, 10))) {
            map.update(prefix(8, 10, 0, 0, 0), ints(1));
            map.update(prefix(16, 10, 1, 0, 0), ints(2));
            ByteBuffer value = room(4);

            map.lookup(prefix(32, 10, 1, 2, 3), value);

            assertThat(value.getInt(0)).isEqualTo(2);
        }
    }

    @Test
    void a_map_of_maps_takes_maps_like_its_template() {
        try (BpfMap inner = libbpf.createMap(MapOptions.array("inner", 4, 1));
                BpfMap outer = libbpf.createMap(MapOptions.arrayOfMaps("outer", 2, inner))) {
            ByteBuffer value = room(4);

            outer.putInner(1, inner);
            outer.lookup(ints(1), value);

            assertThat(value.getInt(0)).isEqualTo(inner.id());
            assertThat(outer.lookup(ints(0), value)).isFalse();
        }
    }

    @Test
    void a_map_of_maps_refuses_another_kind_of_map() {
        try (BpfMap inner = libbpf.createMap(MapOptions.array("inner", 4, 1));
                BpfMap other = libbpf.createMap(MapOptions.hash("other", 4, 4, 1));
                BpfMap outer = libbpf.createMap(MapOptions.arrayOfMaps("outer", 2, inner))) {
            assertThatThrownBy(() -> outer.putInner(0, other))
                    .hasMessage("put map other into map outer: invalid argument (EINVAL)");
        }
    }

    @Test
    void a_program_reads_the_map_that_was_put_into_its_slot() {
        try (BpfObject object = loaded();
                BpfMap slots = object.map("slots");
                BpfProgram program = object.program("read_slot");
                BpfMap inner = libbpf.createMap(MapOptions.array("inner", 4, 1))) {
            inner.update(ints(0), ints(77));

            slots.putInner(1, inner);

            assertThat(program.testRun(TestRunOptions.of(frame())).result()).isEqualTo(77);
        }
    }

    @Test
    void a_pinned_map_is_found_again_with_its_contents() {
        try (BpfMap map = libbpf.createMap(MapOptions.hash("map", 4, 8, 10))) {
            map.update(ints(1), longs(42));
            map.pin(pins.resolve("map"));
        }

        try (BpfMap found = libbpf.pinnedMap(pins.resolve("map")).orElseThrow()) {
            ByteBuffer value = room(8);
            assertThat(found.lookup(ints(1), value)).isTrue();
            assertThat(value.getLong(0)).isEqualTo(42);
            assertThat(found.name()).isEqualTo("map");
        }
    }

    @Test
    void where_nothing_is_pinned_nothing_is_found() {
        assertThat(libbpf.pinnedMap(pins.resolve("nothing"))).isEmpty();
        assertThat(libbpf.pinnedProgram(pins.resolve("no/thing"))).isEmpty();
        assertThat(libbpf.pinnedLink(pins.resolve("nothing"))).isEmpty();
    }

    @Test
    void a_pin_of_another_kind_is_an_error() {
        try (BpfMap map = libbpf.createMap(MapOptions.hash("map", 4, 8, 10))) {
            map.pin(pins.resolve("map"));

            assertThatThrownBy(() -> libbpf.pinnedProgram(pins.resolve("map")))
                    .isInstanceOf(BpfException.class)
                    .hasMessageEndingWith("it is a bpf-map instead of a bpf-prog");
        }
    }

    @Test
    void pinning_twice_in_one_place_is_an_error() {
        try (BpfMap map = libbpf.createMap(MapOptions.hash("map", 4, 8, 10))) {
            map.pin(pins.resolve("map"));

            assertThatThrownBy(() -> map.pin(pins.resolve("map")))
                    .hasMessage("pin map map at " + pins + "/map: already exists (EEXIST)");
        }
    }

    @Test
    void a_frozen_map_cannot_be_changed() {
        try (BpfMap map = libbpf.createMap(MapOptions.array("frozen", 4, 1))) {
            map.freeze();

            assertThatThrownBy(() -> map.update(ints(0), ints(1))).hasMessageContaining("EPERM");
        }
    }

    @Test
    void a_mapped_array_is_the_kernels_own_memory() {
        MapOptions options = MapOptions.array("shared", 4, 3).withFlags(MapFlags.MMAPABLE);
        try (BpfMap map = libbpf.createMap(options)) {
            ByteBuffer memory = map.mmap().orElseThrow();
            ByteBuffer value = room(4);

            memory.putInt(8, 42);
            map.lookup(ints(1), value);

            assertThat(value.getInt(0)).isEqualTo(42);
            assertThat(memory.capacity()).isEqualTo(24);
        }
    }

    @Test
    void a_map_that_was_not_made_for_it_is_not_mapped() {
        try (BpfMap map = libbpf.createMap(MapOptions.array("plain", 4, 3))) {
            assertThat(map.mmap()).isEmpty();
        }
    }

    @Test
    void a_map_is_found_by_its_id() {
        try (BpfMap map = libbpf.createMap(MapOptions.hash("map", 4, 8, 10));
                BpfMap found = libbpf.mapById(map.id())) {
            assertThat(found.id()).isEqualTo(map.id());
            assertThat(found.fd()).isNotEqualTo(map.fd());
        }
    }

    @Test
    void an_unknown_id_is_an_error() {
        assertThatThrownBy(() -> libbpf.mapById(Integer.MAX_VALUE))
                .hasMessageStartingWith("open map of id 2147483647: ")
                .hasMessageEndingWith("(ENOENT)");
    }

    @Test
    void a_map_that_the_kernel_will_not_make_is_an_error_with_its_name() {
        assertThatThrownBy(() -> libbpf.createMap(MapOptions.hash("bad", 0, 8, 10)))
                .isInstanceOf(BpfException.class)
                .hasMessage("create map bad: invalid argument (EINVAL)");
    }

    @Test
    void a_closed_map_says_so() {
        BpfMap map = libbpf.createMap(MapOptions.hash("map", 4, 8, 10));
        map.close();
        map.close();

        assertThatThrownBy(() -> map.delete(ints(1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("map map is closed");
    }

    private static ByteBuffer prefix(int length, int... address) {
        ByteBuffer key = room(8).putInt(0, length);
        IntStream.range(0, 4).forEach(i -> key.put(4 + i, (byte) address[i]));
        return key;
    }
}
