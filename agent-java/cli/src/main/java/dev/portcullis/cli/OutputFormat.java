// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

/** How a command prints its answer. */
enum OutputFormat {
    /** For people; may change between versions. */
    table,
    yaml,
    json
}
