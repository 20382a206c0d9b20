// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.compiler.Member;
import dev.portcullis.policy.model.PortRange;
import dev.portcullis.policy.model.Protocol;
import dev.portcullis.policy.model.RemotePorts;
import dev.portcullis.policy.model.Rule;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The members of classes in the form of {@link SavedTimes}. */
final class SavedClasses {
    private SavedClasses() {}

    static void write(List<List<Member>> classes, DataOutputStream out) throws IOException {
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

    static List<List<Member>> read(DataInputStream in) throws IOException {
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
}
