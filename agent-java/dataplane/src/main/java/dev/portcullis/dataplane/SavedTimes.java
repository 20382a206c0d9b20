// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import com.google.protobuf.ByteString;
import dev.portcullis.compiler.PrefixTable;
import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.model.Family;
import dev.portcullis.policy.model.Prefix;
import dev.portcullis.policy.model.PrivateEndpoint;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * The entries of a rule set with their stretches and times, as they are kept over restarts of the
 * agent and of the host. Numbers are big-endian, texts have 2 bytes of length and are UTF-8, the
 * whole is compressed:
 *
 * <pre>
 *   4  "pct3"
 *   8  generation
 *   for ingress, then egress
 *     classes
 *     for IPv4, then IPv6
 *          4  entries; each
 *               4 or 16  network
 *               1  length of the prefix
 *               4  class
 *               a stretch
 *   of private endpoints
 *     classes
 *     4  entries; each
 *          kind, a text
 *          1  bytes of the id, and those
 *          4  class
 *          a stretch
 *
 *   classes: 4  how many; each
 *          4  members; each: policy, action and protocol, texts, then
 *               4  ranges of ports; each: 2 first, 2 last
 *   a stretch: 4  first index
 *          4  time of each index, seconds since 1970; 0 for never
 * </pre>
 */
final class SavedTimes {
    private static final int MAGIC = 0x70637433;

    /** "pct2", which knew of no private endpoints. */
    private static final int MAGIC_BEFORE = 0x70637432;

    private final TimedEntries entries;
    private final long generation;

    /** The times of all stretches one after the other. */
    private final Map<Direction, Map<Family, int[]>> seconds;

    private final Map<PrivateEndpoint, int[]> endpointSeconds;

    private SavedTimes(
            TimedEntries entries,
            long generation,
            Map<Direction, Map<Family, int[]>> seconds,
            Map<PrivateEndpoint, int[]> endpointSeconds) {
        this.entries = entries;
        this.generation = generation;
        this.seconds = seconds;
        this.endpointSeconds = endpointSeconds;
    }

    TimedEntries entries() {
        return entries;
    }

    long generation() {
        return generation;
    }

    /**
     * Sets the times of the same entries, which have other stretches by now.
     *
     * @param newer the map that the saved stretches are of
     */
    void restore(TimedEntries now, MatchTimes times, Optional<MatchTimes> newer) {
        Restoring restoring = new Restoring(KernelClock.now(), times, newer);
        seconds.forEach((direction, families) -> {
            RuleEntries before = entries.peers().get(direction);
            families.forEach((family, saved) -> {
                TrieEntries old = before.entries().get(family);
                TrieEntries same = now.peers().get(direction).entries().get(family);
                int at = 0;
                for (int row = 0; row < old.table().size(); row++) {
                    int length = length(before, old, row);
                    restoring.restore(old.stretch(row), same.stretch(row), saved, at, length);
                    at += length;
                }
            });
        });
        endpointSeconds.forEach((endpoint, saved) ->
                restoring.restore(
                        entries.endpoints().entries().get(endpoint).stretch(),
                        now.endpoints().entries().get(endpoint).stretch(),
                        saved,
                        0,
                        saved.length));
    }

    /**
     * @param newer the map that the old stretches are of
     */
    private record Restoring(KernelClock clock, MatchTimes times, Optional<MatchTimes> newer) {
        void restore(int oldStart, int start, int[] saved, int from, int length) {
            for (int i = 0; i < length && start != Stretches.NONE; i++) {
                int second = saved[from + i];
                int time = second == 0 ? MatchTimes.NEVER : clock.time(second);
                int index = oldStart + i;
                if (newer.isPresent() && index < newer.get().capacity()) {
                    time = MatchTimes.latest(time, newer.get().get(index));
                }
                times.raise(start + i, time);
            }
        }
    }

    private static int length(RuleEntries entries, TrieEntries of, int row) {
        return of.stretch(row) == Stretches.NONE
                ? 0
                : entries.classes().length(of.table().value(row));
    }

    static byte[] write(TimedEntries entries, long generation, MatchTimes times) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Deflater fast = new Deflater(Deflater.BEST_SPEED);
        try (DataOutputStream out =
                new DataOutputStream(
                        new BufferedOutputStream(new DeflaterOutputStream(bytes, fast), 1 << 16))) {
            out.writeInt(MAGIC);
            out.writeLong(generation);
            for (Direction direction : Direction.values()) {
                RuleEntries all = entries.peers().get(direction);
                SavedClasses.write(all.classes().lists(), out);
                for (Family family : Family.values()) {
                    writeEntries(all, family, times, out);
                }
            }
            writeEndpoints(entries.endpoints(), times, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            fast.end();
        }
        return bytes.toByteArray();
    }

    private static void writeEntries(
            RuleEntries entries, Family family, MatchTimes times, DataOutputStream out)
            throws IOException {
        KernelClock clock = KernelClock.now();
        TrieEntries all = entries.entries().get(family);
        PrefixTable table = all.table();
        out.writeInt(table.size());
        for (int row = 0; row < table.size(); row++) {
            if (family == Family.IPV4) {
                out.writeInt((int) table.low(row));
            } else {
                out.writeLong(table.high(row));
                out.writeLong(table.low(row));
            }
            out.writeByte(table.length(row));
            out.writeInt(table.value(row));
            writeStretch(all.stretch(row), length(entries, all, row), times, clock, out);
        }
    }

    private static void writeEndpoints(
            EndpointEntries entries, MatchTimes times, DataOutputStream out) throws IOException {
        KernelClock clock = KernelClock.now();
        SavedClasses.write(entries.classes().lists(), out);
        out.writeInt(entries.entries().size());
        for (Map.Entry<PrivateEndpoint, EndpointEntries.Entry> of : entries.entries().entrySet()) {
            PrivateEndpoint endpoint = of.getKey();
            EndpointEntries.Entry entry = of.getValue();
            out.writeUTF(endpoint.kind().name());
            out.writeByte(endpoint.id().size());
            endpoint.id().writeTo(out);
            out.writeInt(entry.set());
            writeStretch(entry.stretch(), entries.length(entry), times, clock, out);
        }
    }

    private static void writeStretch(
            int start, int length, MatchTimes times, KernelClock clock, DataOutputStream out)
            throws IOException {
        out.writeInt(start);
        for (int i = 0; i < length; i++) {
            int time = times.get(start + i);
            out.writeInt(time == MatchTimes.NEVER ? 0 : clock.epochSecond(time));
        }
    }

    /**
     * @throws IllegalArgumentException if the bytes are not those of {@link #write}
     */
    static SavedTimes read(byte[] bytes) {
        try (DataInputStream in =
                new DataInputStream(
                        new BufferedInputStream(
                                new InflaterInputStream(new ByteArrayInputStream(bytes)),
                                1 << 16))) {
            int magic = in.readInt();
            if (magic != MAGIC && magic != MAGIC_BEFORE) {
                throw new IllegalArgumentException("not the times of rules");
            }
            long generation = in.readLong();
            Map<Direction, RuleEntries> all = new EnumMap<>(Direction.class);
            Map<Direction, Map<Family, int[]>> times = new EnumMap<>(Direction.class);
            for (Direction direction : Direction.values()) {
                ClassMembers classes = new ClassMembers(SavedClasses.read(in));
                Map<Family, TrieEntries> entries = new EnumMap<>(Family.class);
                Map<Family, int[]> seconds = new EnumMap<>(Family.class);
                for (Family family : Family.values()) {
                    readEntries(family, classes, in, entries, seconds);
                }
                all.put(direction, new RuleEntries(classes, entries));
                times.put(direction, seconds);
            }
            Map<PrivateEndpoint, int[]> endpointTimes = new HashMap<>();
            EndpointEntries endpoints =
                    magic == MAGIC ? readEndpoints(in, endpointTimes) : EndpointEntries.none();
            return new SavedTimes(
                    new TimedEntries(all, endpoints), generation, times, endpointTimes);
        } catch (IOException | IndexOutOfBoundsException | NegativeArraySizeException e) {
            throw new IllegalArgumentException("not the times of rules", e);
        }
    }

    private static void readEntries(
            Family family,
            ClassMembers classes,
            DataInputStream in,
            Map<Family, TrieEntries> entries,
            Map<Family, int[]> seconds)
            throws IOException {
        PrefixTable.Builder table = new PrefixTable.Builder(family);
        List<int[]> all = new ArrayList<>();
        int size = in.readInt();
        int[] stretches = new int[size];
        int total = 0;
        for (int row = 0; row < size; row++) {
            long high = family == Family.IPV4 ? 0 : in.readLong();
            long low = family == Family.IPV4 ? Integer.toUnsignedLong(in.readInt()) : in.readLong();
            Prefix prefix = new Prefix(new Address(family, high, low), in.readUnsignedByte());
            int set = in.readInt();
            table.add(prefix, set);
            stretches[row] = in.readInt();
            int[] times = readTimes(stretches[row], classes.length(set), in);
            total += times.length;
            all.add(times);
        }
        entries.put(family, TrieEntries.peers(table.build(), stretches));
        seconds.put(family, joined(all, total));
    }

    private static EndpointEntries readEndpoints(
            DataInputStream in, Map<PrivateEndpoint, int[]> seconds) throws IOException {
        ClassMembers classes = new ClassMembers(SavedClasses.read(in));
        Map<PrivateEndpoint, EndpointEntries.Entry> entries = new HashMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            PrivateEndpoint.Kind kind = PrivateEndpoint.Kind.valueOf(in.readUTF());
            byte[] id = in.readNBytes(in.readUnsignedByte());
            PrivateEndpoint endpoint = new PrivateEndpoint(kind, ByteString.copyFrom(id));
            EndpointEntries.Entry entry = new EndpointEntries.Entry(in.readInt(), in.readInt());
            entries.put(endpoint, entry);
            seconds.put(endpoint, readTimes(entry.stretch(), classes.length(entry.set()), in));
        }
        return new EndpointEntries(classes, entries);
    }

    private static int[] readTimes(int start, int length, DataInputStream in) throws IOException {
        int[] times = new int[start == Stretches.NONE ? 0 : length];
        for (int i = 0; i < times.length; i++) {
            times[i] = in.readInt();
        }
        return times;
    }

    private static int[] joined(List<int[]> parts, int total) {
        int[] joined = new int[total];
        int at = 0;
        for (int[] part : parts) {
            System.arraycopy(part, 0, joined, at, part.length);
            at += part.length;
        }
        return joined;
    }
}
