// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.control;

import java.util.OptionalLong;

/**
 * A transaction that brings back what an earlier revision held.
 *
 * @param to that revision; none means the newest before the current one
 */
public record Rollback(OptionalLong to, Terms terms) {}
