// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.names;

import java.io.IOException;

/** No server gave an answer; the message says why, for people. */
final class DnsFailure extends IOException {
    private static final long serialVersionUID = 1;

    DnsFailure(String message) {
        super(message);
    }
}
