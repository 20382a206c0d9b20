// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.model;

/** What tells one object from all others. */
public record ObjectName(ObjectKind kind, String name) {
    /** As messages name it: {@code policy office}. */
    @Override
    public String toString() {
        return name.isEmpty() ? kind.label() : kind.label() + " " + name;
    }
}
