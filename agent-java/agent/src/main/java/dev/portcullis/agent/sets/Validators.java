// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.sets;

/**
 * What a server tells a version of a document by (RFC 9110, section 8.8).
 *
 * @param etag as it came, quotes included; empty if there was none, like {@code lastModified}
 */
record Validators(String etag, String lastModified) {
    static final Validators NONE = new Validators("", "");
}
