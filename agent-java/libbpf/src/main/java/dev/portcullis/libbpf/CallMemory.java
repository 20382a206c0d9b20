// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf;

/** The native memory that a thread's call needs beside what its caller gives; one per thread. */
final class CallMemory {
    /** Copies of keys, or of packets. */
    final Scratch first;

    /** Copies of values, or of contexts. */
    final Scratch second;

    /** What a program leaves of a packet. */
    final Scratch output;

    /** A structure of options, which whoever uses it writes whole. */
    final Memory options;

    /** A number that the kernel reads and writes. */
    final Memory count;

    CallMemory(Natives natives) {
        first = new Scratch(natives);
        second = new Scratch(natives);
        output = new Scratch(natives);
        options = new Memory(natives, 128);
        count = new Memory(natives, Long.BYTES);
    }
}
