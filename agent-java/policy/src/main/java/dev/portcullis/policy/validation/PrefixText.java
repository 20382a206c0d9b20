// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.validation;

import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Family;
import dev.portcullis.policy.model.Prefix;

/**
 * An address or CIDR as text. An address alone means the prefix that holds just it, and IPv4-mapped
 * IPv6 text means IPv4: {@code ::ffff:10.0.0.0/104} is {@code 10.0.0.0/8}.
 *
 * @param prefix what the text means
 * @param hostBits whether the text has bits set beyond the prefix length
 */
public record PrefixText(Prefix prefix, boolean hostBits) {
    private static final int MAPPED_BITS = 96;

    /**
     * @throws IllegalArgumentException if the text is neither; the message is for people, and says
     *     what to write
     */
    public static PrefixText parse(String text) {
        int slash = text.indexOf('/');
        String addressText = slash < 0 ? text : text.substring(0, slash);
        Address address = address(addressText, text);
        int bits = address.family().bits();
        int length = bits;
        if (slash >= 0) {
            boolean mapped = address.family() == Family.IPV4 && addressText.indexOf(':') >= 0;
            int least = mapped ? MAPPED_BITS : 0;
            length = length(text, slash + 1, least, least + bits) - least;
        }
        Prefix prefix = Prefix.of(address, length);
        return new PrefixText(prefix, !prefix.network().equals(address));
    }

    private static Address address(String text, String whole) {
        if (text.indexOf('%') >= 0) {
            throw refused(
                    whole, "has a zone; leave it out, and name the interface in the resource");
        }
        if (!text.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw notAnAddress(whole);
        }
        try {
            return Address.parse(text);
        } catch (IllegalArgumentException e) {
            throw notAnAddress(whole);
        }
    }

    private static int length(String text, int begin, int least, int most) {
        int length = 0;
        int digits = text.length() - begin;
        boolean number = digits >= 1 && digits <= 3 && (digits == 1 || text.charAt(begin) != '0');
        for (int i = begin; number && i < text.length(); i++) {
            char c = text.charAt(i);
            number = c >= '0' && c <= '9';
            length = length * 10 + (c - '0');
        }
        if (!number || length < least || length > most) {
            String mapped = least > 0 ? " for an IPv4-mapped address" : "";
            throw refused(text, "needs a prefix length from " + least + " to " + most + mapped);
        }
        return length;
    }

    private static IllegalArgumentException notAnAddress(String text) {
        return refused(
                text,
                "is not an IPv4 or IPv6 address or CIDR; write one such as 203.0.113.0/24 or"
                        + " 2001:db8:7::/48");
    }

    private static IllegalArgumentException refused(String text, String why) {
        return new IllegalArgumentException(Quoted.of(text) + " " + why);
    }
}
