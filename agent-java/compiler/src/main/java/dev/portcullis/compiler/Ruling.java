// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.compiler;

import dev.portcullis.policy.model.Reason;

/**
 * What a resource decides about a class of peers.
 *
 * @param policy the one that decided; empty if none did
 * @param place of the deciding rules among the members of the class, from 1; 0 if no rule decided
 */
record Ruling(Reason reason, String policy, int place) {}
