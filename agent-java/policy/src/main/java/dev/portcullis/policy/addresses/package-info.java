// SPDX-License-Identifier: Apache-2.0
/** Lists of addresses as others publish them, read into prefixes: whole, or not at all. */
package dev.portcullis.policy.addresses;
