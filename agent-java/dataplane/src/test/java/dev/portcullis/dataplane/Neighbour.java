// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import java.io.IOException;

/** Another host behind a veth pair, or behind another link that a test has. */
final class Neighbour implements AutoCloseable {
    static final String HERE4 = "198.18.77.1";
    static final String THERE4 = "198.18.77.2";
    static final String HERE6 = "fd77:7c::1";
    static final String THERE6 = "fd77:7c::2";

    private final String near;
    private final String far;
    private final Runnable unlink;
    private final Namespace namespace;

    Neighbour() {
        this(new VethPairs(1));
    }

    private Neighbour(VethPairs veths) {
        this(veths.names().get(0), veths.peers().get(0), veths::close);
    }

    /** At the other end of a link, the interface {@code far}. */
    static Neighbour behind(String near, String far) {
        return new Neighbour(near, far, () -> {});
    }

    private Neighbour(String near, String far, Runnable unlink) {
        this.near = near;
        this.far = far;
        this.unlink = unlink;
        Bpffs.run("ip", "link", "set", near, "up");
        Bpffs.run("ip", "address", "add", HERE4 + "/24", "dev", near);
        Bpffs.run("ip", "address", "add", HERE6 + "/64", "dev", near, "nodad");
        namespace = new Namespace(near + "n");
        namespace.take(far);
        namespace.addAddresses(far, THERE4, THERE6);
    }

    /** The interface that leads there. */
    String near() {
        return near;
    }

    /** The interface over there. */
    String far() {
        return far;
    }

    Namespace namespace() {
        return namespace;
    }

    /** Runs a command there and gives what it prints. */
    String run(String... command) {
        return namespace.run(command);
    }

    /** Starts a command there. */
    Process start(String... command) {
        return namespace.start(command);
    }

    /** Starts a Python program there and waits for its first line. */
    Process serve(String program, String... arguments) throws IOException {
        return namespace.serve(program, arguments);
    }

    @Override
    public void close() {
        unlink.run();
        namespace.close();
    }
}
