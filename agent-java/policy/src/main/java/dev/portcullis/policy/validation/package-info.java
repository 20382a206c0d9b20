// SPDX-License-Identifier: Apache-2.0
/**
 * From the interface's objects to the model: every violation at once, each with its field's path.
 */
package dev.portcullis.policy.validation;
