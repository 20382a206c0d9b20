// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.policy.model.Decision;

/** What was decided in one way, since the decision got its counter. */
public record Counter(Decision decision, long packets, long bytes) {}
