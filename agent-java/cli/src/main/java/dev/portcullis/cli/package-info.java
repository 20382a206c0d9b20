// SPDX-License-Identifier: Apache-2.0
/** The {@code portcullis} command: the operator's client, and the launcher of the daemon. */
package dev.portcullis.cli;
