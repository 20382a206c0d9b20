// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.model;

/** The attachment of a policy to a resource, as an object of its own; both by name. */
public record Association(String name, String policy, String resource, String description) {}
