// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf;

import java.nio.ByteBuffer;

/**
 * What a test run gave.
 *
 * @param result what the program returned, such as XDP_PASS
 * @param durationNanos how long one repetition took on average
 * @param output the packet as the program left it, with its metadata first if a context was given;
 *     empty if none was asked for
 * @param contextOut the context as the program left it; empty if none was given
 */
public record TestRun(int result, long durationNanos, ByteBuffer output, ByteBuffer contextOut) {}
