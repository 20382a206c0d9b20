// SPDX-License-Identifier: Apache-2.0
/** Address sets: read from files and servers, kept over restarts, and kept fresh. */
package dev.portcullis.agent.sets;
