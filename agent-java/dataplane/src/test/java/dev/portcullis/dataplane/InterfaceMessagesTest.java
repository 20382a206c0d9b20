// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portcullis.libbpf.Libbpf;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What is read of the kernel's answer, from bytes and from this kernel. */
class InterfaceMessagesTest {
    private static final int SEQUENCE = 7;
    private static final short NEW_LINK = 16;
    private static final short ETHERNET = 1;
    private static final short NO_TYPE = (short) 0xfffe;
    private static final short DONE = 3;
    private static final short ERROR = 2;
    private static final short IN_PARTS = 2;
    private static final short INTERRUPTED = 0x10;

    private final ByteBuffer part = ByteBuffer.allocate(4096).order(ByteOrder.nativeOrder());
    private final InterfaceMessages messages = new InterfaceMessages(SEQUENCE);

    /** Begins a message; {@link #end} writes its length. */
    private int begin(short type, short flags, int sequence) {
        int at = part.position();
        part.putInt(0).putShort(type).putShort(flags).putInt(sequence).putInt(0);
        return at;
    }

    private int beginInterface(int index, int flags, short messageFlags) {
        return beginInterface(index, ETHERNET, flags, messageFlags);
    }

    private int beginInterface(int index, short type, int flags, short messageFlags) {
        int at = begin(NEW_LINK, messageFlags, SEQUENCE);
        part.putShort((short) 0).putShort(type).putInt(index).putInt(flags).putInt(0);
        return at;
    }

    private void end(int at) {
        part.putInt(at, part.position() - at);
        pad();
    }

    private void pad() {
        part.position((part.position() + 3) / 4 * 4);
    }

    private void attribute(int type, byte[] value) {
        part.putShort((short) (4 + value.length)).putShort((short) type).put(value);
        pad();
    }

    private void attribute(int type, String value) {
        attribute(type, (value + "\0").getBytes(StandardCharsets.UTF_8));
    }

    private void attribute(int type, int value) {
        attribute(type, number(value));
    }

    private static byte[] number(int value) {
        return ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(value).array();
    }

    private void kind(String kind) {
        byte[] name = (kind + "\0").getBytes(StandardCharsets.UTF_8);
        ByteBuffer nested = ByteBuffer.allocate(12 + name.length).order(ByteOrder.nativeOrder());
        nested.putShort((short) 8).putShort((short) 2).putInt(1);
        nested.putShort((short) (4 + name.length)).putShort((short) 1).put(name);
        // With the bit that says that attributes are inside.
        attribute(18 | 0x8000, nested.array());
    }

    private void read() {
        messages.read(part.flip());
        part.clear();
    }

    @Test
    void an_interface_has_its_name_and_index() {
        int eth0 = beginInterface(2, 0, IN_PARTS);
        attribute(3, "eth0");
        end(eth0);

        read();

        assertThat(messages.interfaces())
                .containsExactly(new HostInterface("eth0", 2, true, "", 0, 0, false));
        assertThat(messages.isWhole()).isFalse();
    }

    @Test
    void a_tunnel_of_ip_packets_has_no_ethernet_frames() {
        int tunnel = beginInterface(3, NO_TYPE, 0, IN_PARTS);
        attribute(3, "wg0");
        end(tunnel);

        read();

        assertThat(messages.interfaces())
                .containsExactly(new HostInterface("wg0", 3, false, "", 0, 0, false));
    }

    @Test
    void a_vlan_has_its_parent_and_kind() {
        int vlan = beginInterface(5, 1 << 16, IN_PARTS);
        attribute(3, "eth0.100");
        attribute(5, 2);
        attribute(10, 4);
        kind("vlan");
        end(vlan);

        read();

        assertThat(messages.interfaces())
                .containsExactly(new HostInterface("eth0.100", 5, true, "vlan", 2, 4, true));
    }

    @Test
    void a_parent_in_another_namespace_is_none_here() {
        int vlan = beginInterface(5, 0, IN_PARTS);
        attribute(3, "eth0.100");
        attribute(37, 0);
        attribute(5, 2);
        kind("vlan");
        end(vlan);

        read();

        assertThat(messages.interfaces())
                .containsExactly(new HostInterface("eth0.100", 5, true, "vlan", 0, 0, false));
    }

    @Test
    void several_parts_are_one_answer_until_the_last() {
        int lo = beginInterface(1, 0, IN_PARTS);
        attribute(3, "lo");
        end(lo);
        read();
        int eth0 = beginInterface(2, 0, IN_PARTS);
        attribute(3, "eth0");
        end(eth0);
        int done = begin(DONE, IN_PARTS, SEQUENCE);
        part.putInt(0);
        end(done);

        read();

        assertThat(messages.interfaces())
                .extracting(HostInterface::name)
                .containsExactly("lo", "eth0");
        assertThat(messages.isWhole()).isTrue();
        assertThat(messages.isConsistent()).isTrue();
    }

    @Test
    void a_part_that_was_interrupted_makes_the_answer_inconsistent() {
        int lo = beginInterface(1, 0, INTERRUPTED);
        attribute(3, "lo");
        end(lo);

        read();

        assertThat(messages.isConsistent()).isFalse();
    }

    @Test
    void the_answer_to_another_question_is_passed_over() {
        int done = begin(DONE, IN_PARTS, SEQUENCE - 1);
        part.putInt(0);
        end(done);

        read();

        assertThat(messages.isWhole()).isFalse();
    }

    @Test
    void an_error_is_told() {
        int error = begin(ERROR, (short) 0, SEQUENCE);
        part.putInt(-1);
        end(error);

        assertThatThrownBy(this::read)
                .hasMessage(
                        "the interfaces of this host can't be listed: the kernel answers with"
                                + " error 1");
    }

    @Test
    void an_answer_that_is_cut_short_is_told() {
        int eth0 = beginInterface(2, 0, IN_PARTS);
        attribute(3, "eth0");
        end(eth0);
        part.position(part.position() - 4);

        assertThatThrownBy(this::read).hasMessageEndingWith("the kernel's answer is cut short");
    }

    @Test
    void the_kernel_tells_what_an_interface_is() {
        String prefix = "pcdp" + ProcessHandle.current().pid() % 100_000;
        Bpffs.run("ip", "link", "add", prefix + "br", "type", "bridge");
        Bpffs.run("ip", "link", "add", prefix + "a", "type", "veth", "peer", prefix + "b");
        try {
            Bpffs.run("ip", "link", "set", prefix + "a", "master", prefix + "br");

            HostInterfaces host = HostInterfaces.read(Libbpf.get());

            HostInterface bridge = host.named(prefix + "br").orElseThrow();
            HostInterface port = host.named(prefix + "a").orElseThrow();
            assertThat(bridge.kind()).isEqualTo("bridge");
            assertThat(port.kind()).isEqualTo("veth");
            assertThat(port.master()).isEqualTo(bridge.index());
            assertThat(port.carrier()).isFalse();
            assertThat(host.members(bridge)).containsExactly(port);
            assertThat(host.named("lo").orElseThrow().index()).isEqualTo(1);
        } finally {
            Bpffs.run("ip", "link", "del", prefix + "a");
            Bpffs.run("ip", "link", "del", prefix + "br");
        }
    }
}
