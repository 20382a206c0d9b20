// SPDX-License-Identifier: Apache-2.0
/** What clouds export of their private connections, read into what rules need to know of them. */
package dev.portcullis.policy.endpoints;
