// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.doctor;

/**
 * What a check found.
 *
 * @param check what was looked at, such as {@code jit}
 * @param found what is the case, in lower case
 * @param remedy what to do about it; empty if nothing is to be done
 */
public record Finding(Subject subject, String check, Result result, String found, String remedy) {}
