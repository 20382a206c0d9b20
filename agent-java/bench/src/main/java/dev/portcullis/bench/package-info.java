// SPDX-License-Identifier: Apache-2.0

/** What {@code scripts/bench} measures; every figure is a ratio or a difference within one run. */
package dev.portcullis.bench;
