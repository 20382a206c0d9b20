// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.compiler.Member;
import dev.portcullis.compiler.PrefixTable;
import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.model.Family;
import dev.portcullis.policy.model.PortRange;
import dev.portcullis.policy.model.Prefix;
import dev.portcullis.policy.model.Protocol;
import dev.portcullis.policy.model.RemotePorts;
import dev.portcullis.policy.model.Rule;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * The entries of a rule set with their stretches and times, as they are kept over restarts of the
 * agent and of the host. Numbers are big-endian, the whole is compressed:
 *
 * <pre>
 *   4  "pct2"
 *   8  generation
 *   for ingress, then egress
 *     4  classes; each
 *          4  members; each: policy, action and protocol, each 2 bytes of length and UTF-8, then
 *               4  ranges of ports; each: 2 first, 2 last
 *     for IPv4, then IPv6
 *          4  entries; each
 *               4 or 16  network
 *               1  length of the prefix
 *               4  class
 *               4  first index of the stretch
 *               4  time of each index of the stretch, seconds since 1970; 0 for never
 * </pre>
 */
final class SavedTimes {
    private static final int MAGIC = 0x70637432;

    private final Map<Direction, RuleEntries> entries;
    private final long generation;

    /** The times of all stretches one after the other. */
    private final Map<Direction, Map<Family, int[]>> seconds;

    private SavedTimes(
            Map<Direction, RuleEntries> entries,
            long generation,
            Map<Direction, Map<Family, int[]>> seconds) {
        this.entries = entries;
        this.generation = generation;
        this.seconds = seconds;
    }

    Map<Direction, RuleEntries> entries() {
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
    void restore(
            Direction direction, RuleEntries now, MatchTimes times, Optional<MatchTimes> newer) {
        KernelClock clock = KernelClock.now();
        RuleEntries before = entries.get(direction);
        seconds.get(direction)
                .forEach((family, saved) -> {
                    TrieEntries old = before.entries().get(family);
                    TrieEntries same = now.entries().get(family);
                    int at = 0;
                    for (int row = 0; row < old.table().size(); row++) {
                        int length = length(before, old, row);
                        for (int i = 0; i < length; i++) {
                            int second = saved[at++];
                            int time = second == 0 ? MatchTimes.NEVER : clock.time(second);
                            int index = old.stretch(row) + i;
                            if (newer.isPresent() && index < newer.get().capacity()) {
                                time = MatchTimes.latest(time, newer.get().get(index));
                            }
                            if (same.stretch(row) != Stretches.NONE) {
                                times.raise(same.stretch(row) + i, time);
                            }
                        }
                    }
                });
    }

    private static int length(RuleEntries entries, TrieEntries of, int row) {
        return of.stretch(row) == Stretches.NONE
                ? 0
                : entries.classes().length(of.table().value(row));
    }

    static byte[] write(Map<Direction, RuleEntries> entries, long generation, MatchTimes times) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Deflater fast = new Deflater(Deflater.BEST_SPEED);
        try (DataOutputStream out =
                new DataOutputStream(
                        new BufferedOutputStream(new DeflaterOutputStream(bytes, fast), 1 << 16))) {
            out.writeInt(MAGIC);
            out.writeLong(generation);
            for (Direction direction : Direction.values()) {
                RuleEntries all = entries.get(direction);
                writeClasses(all.classes().lists(), out);
                for (Family family : Family.values()) {
                    writeEntries(all, family, times, out);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            fast.end();
        }
        return bytes.toByteArray();
    }

    private static void writeClasses(List<List<Member>> classes, DataOutputStream out)
            throws IOException {
        out.writeInt(classes.size());
        for (List<Member> members : classes) {
            out.writeInt(members.size());
            for (Member member : members) {
                out.writeUTF(member.policy());
                out.writeUTF(member.action().name());
                writePorts(member.remotePorts(), out);
            }
        }
    }

    private static void writePorts(RemotePorts ports, DataOutputStream out) throws IOException {
        out.writeUTF(ports.protocol().name());
        out.writeInt(ports.ranges().size());
        for (PortRange range : ports.ranges()) {
            out.writeShort(range.first());
            out.writeShort(range.last());
        }
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
            out.writeInt(all.stretch(row));
            int length = length(entries, all, row);
            for (int i = 0; i < length; i++) {
                int time = times.get(all.stretch(row) + i);
                out.writeInt(time == MatchTimes.NEVER ? 0 : clock.epochSecond(time));
            }
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
            if (in.readInt() != MAGIC) {
                throw new IllegalArgumentException("not the times of rules");
            }
            long generation = in.readLong();
            Map<Direction, RuleEntries> all = new EnumMap<>(Direction.class);
            Map<Direction, Map<Family, int[]>> times = new EnumMap<>(Direction.class);
            for (Direction direction : Direction.values()) {
                ClassMembers classes = new ClassMembers(readClasses(in));
                Map<Family, TrieEntries> entries = new EnumMap<>(Family.class);
                Map<Family, int[]> seconds = new EnumMap<>(Family.class);
                for (Family family : Family.values()) {
                    readEntries(family, classes, in, entries, seconds);
                }
                all.put(direction, new RuleEntries(classes, entries));
                times.put(direction, seconds);
            }
            return new SavedTimes(all, generation, times);
        } catch (IOException | IndexOutOfBoundsException | NegativeArraySizeException e) {
            throw new IllegalArgumentException("not the times of rules", e);
        }
    }

    private static List<List<Member>> readClasses(DataInputStream in) throws IOException {
        List<List<Member>> classes = new ArrayList<>();
        for (int count = in.readInt(); count > 0; count--) {
            List<Member> members = new ArrayList<>();
            for (int left = in.readInt(); left > 0; left--) {
                String policy = in.readUTF();
                Rule.Action action = Rule.Action.valueOf(in.readUTF());
                members.add(new Member(policy, action, readPorts(in)));
            }
            classes.add(List.copyOf(members));
        }
        return classes;
    }

    private static RemotePorts readPorts(DataInputStream in) throws IOException {
        Protocol protocol = Protocol.valueOf(in.readUTF());
        List<PortRange> ranges = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            ranges.add(new PortRange(in.readUnsignedShort(), in.readUnsignedShort()));
        }
        return new RemotePorts(protocol, ranges);
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
            int[] times = new int[stretches[row] == Stretches.NONE ? 0 : classes.length(set)];
            for (int i = 0; i < times.length; i++) {
                times[i] = in.readInt();
            }
            total += times.length;
            all.add(times);
        }
        entries.put(family, TrieEntries.peers(table.build(), stretches));
        seconds.put(family, joined(all, total));
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
