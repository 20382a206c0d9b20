// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.policy.model.Address;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The connected sockets of the agent's network namespace, from the kernel's tables of TCP and UDP
 * (proc_net_tcp.txt of the kernel's documentation).
 *
 * <p>A table does not say who began. A socket whose port another one listens at was accepted there;
 * any other was connected from here.
 */
final class SocketTables {
    private static final int UDP = 17;

    /** Columns of a line. */
    private static final int LOCAL = 1;

    private static final int REMOTE = 2;
    private static final int STATE = 3;

    /** Of TCP sockets whose other end may still send, and of connected ones of UDP. */
    private static final Set<Integer> CONVERSING = Set.of(1, 2, 4, 5, 8, 9, 11);

    /** Of TCP sockets that listen, and of UDP sockets that are not connected. */
    private static final Set<Integer> LISTENING = Set.of(7, 10);

    private record Line(Address local, int localPort, Address remote, int remotePort, int state) {}

    private SocketTables() {}

    static List<Socket> read() {
        List<Socket> sockets = new ArrayList<>();
        addSockets(
                Socket.TCP, List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6")), sockets);
        addSockets(UDP, List.of(Path.of("/proc/net/udp"), Path.of("/proc/net/udp6")), sockets);
        return sockets;
    }

    private static void addSockets(int protocol, List<Path> tables, List<Socket> sockets) {
        List<Line> lines = new ArrayList<>();
        tables.forEach(table -> lines.addAll(lines(table)));
        Set<Integer> listening = new HashSet<>();
        for (Line line : lines) {
            if (LISTENING.contains(line.state)) {
                listening.add(line.localPort);
            }
        }
        for (Line line : lines) {
            if (CONVERSING.contains(line.state)) {
                boolean begunHere = !listening.contains(line.localPort);
                sockets.add(
                        new Socket(
                                protocol,
                                line.local,
                                line.localPort,
                                line.remote,
                                line.remotePort,
                                begunHere));
            }
        }
    }

    /** A family that the kernel does not have has no table. */
    private static List<Line> lines(Path table) {
        try {
            return Files.readAllLines(table).stream().skip(1).map(SocketTables::line).toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Line line(String text) {
        String[] columns = text.strip().split("\\s+");
        String[] local = columns[LOCAL].split(":");
        String[] remote = columns[REMOTE].split(":");
        return new Line(
                address(local[0]),
                Integer.parseInt(local[1], 16),
                address(remote[0]),
                Integer.parseInt(remote[1], 16),
                Integer.parseInt(columns[STATE], 16));
    }

    /** Words of 32 bits in the host's order, whose bytes are in network order. */
    private static Address address(String hex) {
        ByteBuffer bytes = ByteBuffer.allocate(hex.length() / 2).order(ByteOrder.nativeOrder());
        for (int at = 0; at < hex.length(); at += 8) {
            bytes.putInt(Integer.parseUnsignedInt(hex, at, at + 8, 16));
        }
        return unmapped(bytes.array());
    }

    /**
     * A socket of both families shows IPv4 peers as mapped addresses; on the wire they are IPv4.
     */
    private static Address unmapped(byte[] bytes) {
        Address address = Address.ofBytes(bytes);
        boolean mapped =
                bytes.length == 16 && address.high() == 0 && address.low() >>> 32 == 0xffff;
        return mapped
                ? Address.ofBytes(new byte[] {bytes[12], bytes[13], bytes[14], bytes[15]})
                : address;
    }
}
