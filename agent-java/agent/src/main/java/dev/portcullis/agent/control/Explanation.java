// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.control;

import dev.portcullis.policy.model.Decision;
import dev.portcullis.policy.model.Rule;
import java.util.Optional;

/**
 * Why a packet passes or is dropped.
 *
 * @param rule the rule of the decision's policy that decided
 * @param ruleIndex its place in the policy, from 0; -1 if none decided
 * @param ruleField the field that holds it; empty if none decided
 * @param sentence the whole answer
 * @param interfaceName where the packet came in or went out
 */
public record Explanation(
        Decision decision,
        Optional<Rule> rule,
        int ruleIndex,
        String ruleField,
        String sentence,
        long generation,
        String interfaceName) {}
