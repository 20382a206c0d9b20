// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.control;

/**
 * What a rollback did, or would do.
 *
 * @param to the revision whose objects these are
 */
public record RolledBack(Outcome outcome, long to) {}
