// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.model;

/**
 * A rule of a policy.
 *
 * @param source as the operator wrote it
 * @param peers whom {@code source} means
 * @param action what it does to them, in policies that have both lists; else the one thing that all
 *     rules of the type do
 * @param description for people; may be empty
 */
public record Rule(String source, Peers peers, Action action, String description) {
    /** What a rule does. */
    public enum Action {
        ALLOW,
        DENY
    }

    /** One that lets in. */
    public static Rule allow(String source, Peers peers) {
        return new Rule(source, peers, Action.ALLOW, "");
    }

    /** One that keeps out. */
    public static Rule deny(String source, Peers peers) {
        return new Rule(source, peers, Action.DENY, "");
    }
}
