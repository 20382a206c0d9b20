// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.control;

import dev.portcullis.api.v1.Plan;

/**
 * What a transaction did, or would do.
 *
 * @param revision the one that is current now
 */
public record Outcome(long revision, Plan plan) {}
