// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.imports;

import dev.portcullis.api.v1.Metadata;
import dev.portcullis.api.v1.Policy;
import dev.portcullis.api.v1.PolicySpec;
import dev.portcullis.policy.model.PolicyType;
import dev.portcullis.policy.validation.Checked;
import dev.portcullis.policy.validation.Conversion;
import dev.portcullis.policy.validation.Quoted;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One value of an {@code allow} or {@code deny} list of Elasticsearch in the words of {@code
 * allow_deny}.
 *
 * @param text empty if there are none for it
 * @param remark why there are none, or how they differ; may be empty
 */
record FilterEntry(Optional<String> text, String remark) {
    private static final String OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";

    /** {@code 10.*}, {@code 192.168.*.*} and the like. */
    private static final Pattern ADDRESS_PATTERN =
            Pattern.compile("(?:" + OCTET + "\\.){1,3}\\*(?:\\.\\*){0,2}");

    private static final Pattern NET_MASK =
            Pattern.compile("([^/:]+)/(" + OCTET + "(?:\\." + OCTET + "){3})");

    static FilterEntry of(String value) {
        if (value.contains("${")) {
            return leftOut(
                    value, "its value comes from the node's environment; write the value instead");
        }
        if (value.equals("*")) {
            return new FilterEntry(Optional.of("_all"), "");
        }
        if (ADDRESS_PATTERN.matcher(value).matches() && parts(value) <= 4) {
            return addressPattern(value);
        }
        String text = withPrefixLength(value);
        Checked<?> checked = Conversion.policy(policyOf(text));
        return checked.violations().isEmpty()
                ? new FilterEntry(Optional.of(text), "")
                : leftOut(
                        value,
                        "it is no address, CIDR, host name or pattern; write such in its place");
    }

    private static FilterEntry leftOut(String value, String why) {
        return new FilterEntry(Optional.empty(), Quoted.of(value) + " is left out: " + why);
    }

    private static int parts(String value) {
        return value.split("\\.").length;
    }

    /**
     * Elasticsearch matches such a pattern with the peer's name, which is its address where it has
     * no name, as those who write one expect.
     */
    private static FilterEntry addressPattern(String value) {
        String[] octets = value.replace(".*", "").split("\\.");
        String address =
                String.join(".", octets) + ".0".repeat(4 - octets.length) + "/" + 8 * octets.length;
        return new FilterEntry(
                Optional.of(address),
                Quoted.of(value)
                        + " is written as "
                        + address
                        + "; Elasticsearch matches it only with peers that have no name in DNS");
    }

    /** {@code 10.0.0.0/255.0.0.0} as {@code 10.0.0.0/8}; any other text as it is. */
    private static String withPrefixLength(String value) {
        var mask = NET_MASK.matcher(value);
        if (!mask.matches()) {
            return value;
        }
        int bits =
                Arrays.stream(mask.group(2).split("\\."))
                        .mapToInt(Integer::parseInt)
                        .reduce(0, (all, octet) -> all << 8 | octet);
        int length = Integer.bitCount(bits);
        boolean contiguous = length == 0 || bits == -1 << (32 - length);
        return contiguous ? mask.group(1) + "/" + length : value;
    }

    /** What the language takes is decided where it is checked, and only there. */
    private static Policy policyOf(String entry) {
        return Policy.newBuilder()
                .setMetadata(Metadata.newBuilder().setName("entry"))
                .setSpec(
                        PolicySpec.newBuilder()
                                .setType(PolicyType.ALLOW_DENY.text())
                                .addAllow(entry))
                .build();
    }
}
