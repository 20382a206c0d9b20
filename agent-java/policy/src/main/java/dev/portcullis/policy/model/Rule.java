// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.model;

/**
 * A rule of an {@link PolicyType#IP} policy.
 *
 * @param source as the operator wrote it
 * @param prefix what {@code source} means
 * @param description for people; may be empty
 */
public record Rule(String source, Prefix prefix, String description) {}
