// SPDX-License-Identifier: Apache-2.0
/** The objects of the policy language as values, and the words that verdicts are told in. */
package dev.portcullis.policy.model;
