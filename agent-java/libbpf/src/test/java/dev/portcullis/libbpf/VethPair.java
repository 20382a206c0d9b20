// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf;

import java.io.UncheckedIOException;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Two connected interfaces: one here, the other in a network namespace of its own. Both have an
 * address of a range for tests, chosen so that two pairs hardly meet, and all of it goes when the
 * pair is closed.
 */
final class VethPair implements AutoCloseable {
    private final String here;
    private final String there;
    private final String namespace;
    private final String addressHere;
    private final String addressThere;

    private VethPair(int number) {
        namespace = "pcb" + Integer.toHexString(number);
        here = namespace + "a";
        there = namespace + "b";
        String network = "198.18." + (number >> 6 & 0xff) + ".";
        int host = (number & 0x3f) * 4;
        addressHere = network + (host + 1);
        addressThere = network + (host + 2);
    }

    static VethPair create() {
        int number = ThreadLocalRandom.current().nextInt(1 << 24);
        VethPair pair = new VethPair(number);
        try {
            pair.setUp();
        } catch (RuntimeException | AssertionError e) {
            pair.close();
            throw e;
        }
        return pair;
    }

    /**
     * Without IPv6, from before they come up, and with known neighbours, so that no packet travels
     * that no test sent.
     */
    private void setUp() {
        ip("netns add " + namespace);
        ip("link add " + here + " type veth peer name " + there + " netns " + namespace);
        ip("link set " + here + " addrgenmode none");
        ip("link set " + here + " up");
        ip("address add " + addressHere + "/30 dev " + here);
        String inside = "-n " + namespace + " ";
        ip(inside + "link set " + there + " addrgenmode none");
        ip(inside + "link set " + there + " up");
        ip(inside + "address add " + addressThere + "/30 dev " + there);
        ip(inside + "neighbour add " + addressHere + " lladdr 02:00:00:00:00:01 dev " + there);
        ip("neighbour add " + addressThere + " lladdr 02:00:00:00:00:02 dev " + here);
    }

    private static void ip(String arguments) {
        Commands.run(("ip " + arguments).split(" "));
    }

    int ifindex() {
        try {
            return NetworkInterface.getByName(here).getIndex();
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Has the other end send one packet to this end, which expects no answer. */
    void sendPacket() {
        Commands.run(
                "nsenter",
                "--net=/run/netns/" + namespace,
                "bash",
                "-c",
                "echo portcullis > /dev/udp/" + addressHere + "/9");
    }

    /** What {@code ip link} tells of this end, with its XDP mode. */
    String describe() {
        return Commands.run("ip", "-details", "link", "show", here);
    }

    /** Sends a packet out of this end. */
    void answerPacket() {
        Commands.run("bash", "-c", "echo portcullis > /dev/udp/" + addressThere + "/9");
    }

    @Override
    public void close() {
        Commands.attempt("ip", "link", "delete", here);
        Commands.attempt("ip", "netns", "delete", namespace);
    }
}
