// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.addresses;

import java.io.IOException;

/** How a provider lays its list out. */
interface JsonForm {
    /**
     * Reads the document's one value.
     *
     * @throws IOException if it is not JSON
     */
    void read(JsonCursor json, ListedEntries entries) throws IOException;
}
