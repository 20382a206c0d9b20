// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf;

import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * A socket to a part of the kernel, in the network namespace that it was opened in. It carries
 * messages, and knows nothing of what is in them. One thread uses it, and closes it.
 *
 * @see <a href="https://docs.kernel.org/userspace-api/netlink/intro.html">netlink</a>
 */
public abstract sealed class NetlinkSocket implements AutoCloseable
        permits RouteSocket, GenericSocket {
    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
    private static final int ADDRESS_SIZE = 12;
    private static final int POLL_SIZE = 8;
    private static final short POLLIN = 1;
    private static final int MSG_DONTWAIT = 0x40;

    private final Natives natives;
    private final Fd fd;

    /**
     * @param protocol the part of the kernel
     * @param groups bits of what the kernel tells of without being asked
     */
    NetlinkSocket(Natives natives, int protocol, int groups) {
        this.natives = natives;
        int number = natives.libc.socket(AF_NETLINK, SOCK_RAW_CLOEXEC, protocol);
        if (number < 0) {
            throw new BpfException("open", toString(), natives.errno());
        }
        fd = new Fd(natives, number);
        try {
            bind(groups);
        } catch (RuntimeException e) {
            fd.close();
            throw e;
        }
    }

    /** struct sockaddr_nl, with the kernel choosing the socket's number. */
    private void bind(int groups) {
        Memory address = new Memory(natives, ADDRESS_SIZE).putInt(8, groups);
        address.bytes().putShort(0, (short) AF_NETLINK);
        int result = natives.libc.bind(fd.get(this), address.address(), ADDRESS_SIZE);
        address.keep();
        check(result, "bind");
    }

    /** Sends a message to the kernel, from the direct buffer's position to its limit. */
    public final void send(ByteBuffer message) {
        long address = natives.address(message);
        long result = natives.libc.send(fd.get(this), address, message.remaining(), 0);
        Memory.keep(message);
        check(result, "send to");
    }

    /** Waits until there is something to receive; false after the time or a signal. */
    public final boolean await(Duration timeout) {
        int millis = (int) Math.min(timeout.toMillis(), Integer.MAX_VALUE);
        Memory descriptor = new Memory(natives, POLL_SIZE).putInt(0, fd.get(this));
        descriptor.bytes().putShort(4, POLLIN);
        int result = natives.libc.poll(descriptor.address(), 1, millis);
        descriptor.keep();
        if (result < 0 && natives.errno() == Errno.EINTR.number()) {
            return false;
        }
        return check(result, "wait for") > 0;
    }

    /**
     * Receives one datagram, which is one or more messages, into a direct buffer. What there is no
     * room for is lost.
     *
     * @return how many bytes; 0 if there is no datagram
     * @throws BpfException with ENOBUFS if the kernel had more to tell than the socket could hold;
     *     some of it is lost, and receiving can go on
     */
    public final int receive(ByteBuffer into) {
        long address = natives.address(into);
        long result = natives.libc.recv(fd.get(this), address, into.remaining(), MSG_DONTWAIT);
        Memory.keep(into);
        if (result < 0 && natives.errno() == Errno.EAGAIN.number()) {
            return 0;
        }
        return (int) check(result, "receive from");
    }

    private long check(long result, String operation) {
        if (result < 0) {
            throw new BpfException(operation, toString(), natives.errno());
        }
        return result;
    }

    @Override
    public final void close() {
        fd.close();
    }

    @Override
    public final String toString() {
        return "the netlink socket";
    }
}
