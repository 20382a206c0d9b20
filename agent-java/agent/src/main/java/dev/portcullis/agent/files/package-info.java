// SPDX-License-Identifier: Apache-2.0
/** Files that operators keep up to date: read whole, and looked at again and again. */
package dev.portcullis.agent.files;
