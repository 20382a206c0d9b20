// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.validation;

import dev.portcullis.policy.model.Peers;
import dev.portcullis.policy.model.PolicyType;
import dev.portcullis.policy.model.Prefix;
import dev.portcullis.policy.model.Rule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** The {@code allow} and {@code deny} lists of Elasticsearch's IP filter. */
final class AddressListCheck {
    private static final String ALL = "_all";
    private static final String LOCALHOST = "localhost";

    /** RFC 1123, and the underscore that DNS has in use. */
    private static final Pattern HOST_NAME =
            Pattern.compile(
                    "[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*");

    private static final Pattern NAME_PATTERN = Pattern.compile("[a-z0-9_.*?-]+");
    private static final int LONGEST_NAME = 253;

    private final Findings findings;
    private final List<Rule> rules = new ArrayList<>();

    AddressListCheck(Findings findings) {
        this.findings = findings;
    }

    List<Rule> rules(List<String> allow, List<String> deny) {
        list(allow, "spec.allow", Rule.Action.ALLOW);
        list(deny, "spec.deny", Rule.Action.DENY);
        if (rules.size() == allow.size() + deny.size()) {
            Coverage.warn(PolicyType.ALLOW_DENY, rules, findings);
        }
        return rules;
    }

    private void list(List<String> given, String list, Rule.Action action) {
        Map<Peers, Integer> first = new HashMap<>();
        for (int i = 0; i < given.size(); i++) {
            String field = list + "[" + i + "]";
            String text = given.get(i);
            if (text.equals(ALL) && given.size() > 1) {
                findings.violation(
                        field, "_all has to stand alone in its list; take it out, or the others");
            } else {
                entry(text, field, action, first, i);
            }
        }
    }

    private void entry(
            String text, String field, Rule.Action action, Map<Peers, Integer> first, int index) {
        try {
            Peers peers = peers(text, field);
            if (first.putIfAbsent(peers, index) != null) {
                Warnings.repeated(findings, field, text);
            }
            rules.add(new Rule(text, peers, action, ""));
        } catch (IllegalArgumentException e) {
            findings.violation(field, e.getMessage());
        }
    }

    private Peers peers(String text, String field) {
        if (text.equals(ALL)) {
            return new Peers.Everyone();
        }
        if (text.equals(LOCALHOST)) {
            return new Peers.Localhost();
        }
        boolean numeric = text.indexOf(':') >= 0 || text.indexOf('/') >= 0;
        if (numeric || text.matches("[0-9.]+")) {
            return prefix(text, field);
        }
        return name(text);
    }

    private Prefix prefix(String text, String field) {
        PrefixText parsed = PrefixText.parse(text);
        if (parsed.hostBits()) {
            Warnings.hostBits(findings, field, text, parsed.prefix());
        }
        return parsed.prefix();
    }

    private static Peers name(String text) {
        String name = text.toLowerCase(Locale.ROOT);
        String absolute = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        if (absolute.length() <= LONGEST_NAME) {
            if (HOST_NAME.matcher(absolute).matches()) {
                return new Peers.HostName(absolute);
            }
            if (NAME_PATTERN.matcher(absolute).matches() && absolute.matches(".*[*?].*")) {
                return new Peers.NamePattern(absolute);
            }
        }
        throw new IllegalArgumentException(
                Quoted.of(text)
                        + " is not an address, CIDR, host name or pattern; write one such as"
                        + " 203.0.113.0/24, db1.example.org or *.example.org, or _all or localhost");
    }
}
