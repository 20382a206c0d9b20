// SPDX-License-Identifier: Apache-2.0
/**
 * The objects as YAML and JSON documents: the canonical JSON form of {@code proto/portcullis/v1}
 * below {@code apiVersion} and {@code kind}.
 */
package dev.portcullis.policy.file;
