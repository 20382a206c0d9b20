// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.doctor;

import java.io.IOException;
import java.util.List;

/** Looks at one thing of the host, and changes nothing. */
interface Check {
    Subject subject();

    /** What is looked at, for when that fails; findings may say it more exactly. */
    String name();

    /**
     * At least one, in an order that is always the same.
     *
     * @throws IOException if a file can't be read, which makes it a finding
     */
    List<Finding> findings() throws IOException;
}
