// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.control;

/**
 * A transaction that attaches a policy to a resource, or detaches it.
 *
 * @param owner whose the association will be
 */
public record Attachment(String policy, String resource, String owner, Terms terms) {}
