// SPDX-License-Identifier: Apache-2.0

/**
 * libbpf for Java: maps, programs, links and ring buffers, and sockets to ask for interfaces, over
 * a native backend that {@link dev.portcullis.libbpf.Libbpf#get} finds. Pointers and error numbers
 * end below this package; a failure is a {@link dev.portcullis.libbpf.BpfException}. Buffers are
 * read and written between their position and their limit, which no method moves; direct buffers
 * are not copied. The floor is libbpf 1.1 and kernel 6.1.
 *
 * <p>A handle is closed once, by whoever got it; a second close does nothing, and use after it is
 * an {@link java.lang.IllegalStateException}. Maps, programs and links may be used by several
 * threads, but have to be closed when no other thread is in a call on them.
 */
package dev.portcullis.libbpf;
