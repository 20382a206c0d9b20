// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.imports;

/**
 * Addresses to write where the operator has to fill in the right one: a different one each time, so
 * that resources don't tie, and of the range for documentation (RFC 3849), so that they protect
 * nothing until then.
 */
final class PlaceholderAddresses {
    private int count;

    String next() {
        count++;
        return "2001:db8::" + Integer.toHexString(count);
    }
}
