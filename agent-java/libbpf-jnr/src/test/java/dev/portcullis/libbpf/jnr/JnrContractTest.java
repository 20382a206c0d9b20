// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf.jnr;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.libbpf.AttachContract;
import dev.portcullis.libbpf.BatchContract;
import dev.portcullis.libbpf.GenericSocketContract;
import dev.portcullis.libbpf.Libbpf;
import dev.portcullis.libbpf.LogContract;
import dev.portcullis.libbpf.MapContract;
import dev.portcullis.libbpf.ObjectContract;
import dev.portcullis.libbpf.ProgramContract;
import dev.portcullis.libbpf.RingBufferContract;
import dev.portcullis.libbpf.RouteSocketContract;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The contract of the bindings, over jnr-ffi. */
class JnrContractTest {
    @Test
    void the_backend_is_jnr() {
        assertThat(Libbpf.get().backend()).isEqualTo("jnr");
    }

    @Nested
    class Attaching extends AttachContract {}

    @Nested
    class Batches extends BatchContract {}

    @Nested
    class GenericSockets extends GenericSocketContract {}

    @Nested
    class Logs extends LogContract {}

    @Nested
    class Maps extends MapContract {}

    @Nested
    class Objects extends ObjectContract {}

    @Nested
    class Programs extends ProgramContract {}

    @Nested
    class RingBuffers extends RingBufferContract {}

    @Nested
    class RouteSockets extends RouteSocketContract {}
}
