// SPDX-License-Identifier: Apache-2.0
/**
 * Whether a host can guard its interfaces, by looking at it, whether an agent runs or not: checks,
 * a class a subject, and what they find. Nothing is changed, attached or pinned.
 */
package dev.portcullis.agent.doctor;
