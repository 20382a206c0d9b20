// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.sets;

import dev.portcullis.policy.model.Prefix;
import java.time.Instant;
import java.util.SortedSet;

/**
 * The content of a set when it was good last.
 *
 * @param read when
 * @param prefixes at least one; not to be changed
 */
record SetCopy(Instant read, Validators validators, SortedSet<Prefix> prefixes) {}
