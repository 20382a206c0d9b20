// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.names;

import dev.portcullis.policy.model.Family;

/**
 * Which addresses of a family a host has.
 *
 * @param name in lower case, without a dot at the end
 */
record HostQuestion(String name, Family family) {}
