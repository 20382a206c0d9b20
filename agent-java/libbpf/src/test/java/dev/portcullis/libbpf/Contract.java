// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/**
 * What the contract's parts share: the backend under test, which is the one on the class path, the
 * objects to load, and a directory for pins.
 */
abstract class Contract {
    private static final Path BPFFS = Path.of("/sys/fs/bpf");

    protected final Libbpf libbpf = Libbpf.get();
    protected Path pins;

    @BeforeAll
    static void needs_root_and_bpf() throws IOException {
        String remedy = "the contract test loads BPF programs and makes network interfaces: ";
        if (!Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0)) {
            fail(remedy + "run it as root");
        }
        try (BpfMap map = Libbpf.get().createMap(MapOptions.array("probe", 4, 1))) {
            assertThat(map.id()).isPositive();
        } catch (BpfException e) {
            fail(remedy + "run it with CAP_SYS_ADMIN, on a kernel with BPF", e);
        }
        if (!Files.getFileStore(BPFFS).type().startsWith("bpf")) {
            Commands.run("mount", "-t", "bpf", "bpf", BPFFS.toString());
        }
    }

    @BeforeEach
    void make_a_directory_for_pins() throws IOException {
        pins = Files.createDirectory(BPFFS.resolve("pcb-" + System.nanoTime()));
    }

    @AfterEach
    void remove_the_pins() throws IOException {
        try (Stream<Path> files = Files.walk(pins)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(file);
            }
        }
    }

    protected static byte[] elf(String name) {
        String file = name + ".bpf.o";
        try (InputStream in = Contract.class.getResourceAsStream(file)) {
            assertThat(in).as(file).isNotNull();
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The contract's object, with its map of maps completed, not loaded. */
    protected BpfObject opened() {
        try (BpfMap template = libbpf.createMap(MapOptions.array("template", 4, 1))) {
            return libbpf.open("contract", elf("contract")).inner("slots", template);
        }
    }

    protected BpfObject loaded() {
        BpfObject object = opened();
        object.load();
        return object;
    }

    protected static ByteBuffer ints(int... values) {
        ByteBuffer buffer =
                ByteBuffer.allocateDirect(values.length * Integer.BYTES)
                        .order(ByteOrder.nativeOrder());
        for (int value : values) {
            buffer.putInt(value);
        }
        return buffer.flip();
    }

    protected static ByteBuffer longs(long... values) {
        ByteBuffer buffer =
                ByteBuffer.allocateDirect(values.length * Long.BYTES)
                        .order(ByteOrder.nativeOrder());
        for (long value : values) {
            buffer.putLong(value);
        }
        return buffer.flip();
    }

    protected static ByteBuffer room(int size) {
        return ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
    }

    /** The sum over all CPUs of one of the contract's counters. */
    protected static long counter(BpfMap counters, int which) {
        ByteBuffer values = room(counters.valueStride());
        assertThat(counters.lookup(ints(which), values)).isTrue();
        long sum = 0;
        while (values.hasRemaining()) {
            sum += values.getLong();
        }
        return sum;
    }

    /** A frame of 64 bytes that is no protocol's. */
    protected static ByteBuffer frame() {
        return room(64).put(12, (byte) 0x88).put(13, (byte) 0xb5);
    }

    protected static List<Integer> indexes(int count) {
        return Stream.iterate(0, i -> i + 1).limit(count).toList();
    }
}
