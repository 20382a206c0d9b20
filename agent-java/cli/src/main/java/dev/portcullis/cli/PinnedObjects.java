// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import dev.portcullis.dataplane.DataplaneException;
import dev.portcullis.dataplane.Pins;
import dev.portcullis.libbpf.BpfException;
import dev.portcullis.libbpf.Libbpf;
import dev.portcullis.libbpf.spi.LibbpfUnavailableException;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.List;

/** The kernel objects of an agent that does not run. */
final class PinnedObjects {
    private PinnedObjects() {}

    /** Takes the programs off, and returns the names of the interfaces. */
    static List<String> detachAll(Path bpffs) {
        try {
            return Pins.detachAll(Libbpf.get(), bpffs).stream().map(PinnedObjects::name).toList();
        } catch (DataplaneException | BpfException | LibbpfUnavailableException e) {
            throw CommandFailure.refused(e.getMessage(), e);
        }
    }

    private static String name(int index) {
        try {
            NetworkInterface found = NetworkInterface.getByIndex(index);
            return found == null ? "index " + index : found.getName();
        } catch (SocketException e) {
            return "index " + index;
        }
    }
}
