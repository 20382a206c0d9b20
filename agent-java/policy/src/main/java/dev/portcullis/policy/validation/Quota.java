// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.validation;

/**
 * How much all objects together may hold.
 *
 * @param policies how many policies
 * @param rulesPerPolicy rules of one policy
 * @param prefixes addresses and CIDRs in all policies and address sets
 */
public record Quota(int policies, int rulesPerPolicy, long prefixes) {
    /** Far above the 1,024 policies of 128 rules that Elastic Cloud takes. */
    public static final Quota DEFAULT = new Quota(100_000, 1_000_000, 1_000_000);
}
