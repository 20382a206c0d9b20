// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.model;

/**
 * A rule of a policy.
 *
 * @param source as the operator wrote it; of what leaves, the target
 * @param peers whom {@code source} means
 * @param remotePorts the protocol and the peers' ports that it is about, where its type looks at
 *     them
 * @param action what it does to them, in policies that have both lists; else the one thing that all
 *     rules of the type do
 * @param description for people; may be empty
 */
public record Rule(
        String source, Peers peers, RemotePorts remotePorts, Action action, String description) {
    /** What a rule does. */
    public enum Action {
        ALLOW,
        DENY
    }

    /** One that is about every protocol and port. */
    public Rule(String source, Peers peers, Action action, String description) {
        this(source, peers, RemotePorts.ANY, action, description);
    }

    /** Whom it is about, for people: {@code 10.20.0.0/16}, {@code 198.51.100.0/24 tcp 443}. */
    public String subject() {
        return remotePorts.equals(RemotePorts.ANY) ? source : source + " " + remotePorts;
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
