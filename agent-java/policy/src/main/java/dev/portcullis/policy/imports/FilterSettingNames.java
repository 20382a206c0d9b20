// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.imports;

import dev.portcullis.policy.validation.Suggestion;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds filter settings that Elasticsearch does not have. A mistyped one would open what its writer
 * wanted closed; Elasticsearch refuses to start with it.
 */
final class FilterSettingNames {
    private static final Pattern FILTER_SETTING =
            Pattern.compile(
                    "(xpack\\.security\\.[^.]+\\.filter"
                            + "|transport\\.profiles\\.[^.]+\\.xpack\\.security\\.filter)\\.(.+)");
    private static final List<String> INTERFACES = List.of("transport", "http", "remote_cluster");
    private static final List<String> LAST = List.of("allow", "deny", "enabled");

    private final NodeSettings settings;
    private final List<Remark> remarks = new ArrayList<>();

    private FilterSettingNames(NodeSettings settings) {
        this.settings = settings;
    }

    /** Remarks on those that the language of this product suggests; all others are refused. */
    static List<Remark> check(NodeSettings settings) {
        FilterSettingNames names = new FilterSettingNames(settings);
        settings.names().forEach(names::check);
        return names.remarks;
    }

    private void check(String name) {
        Matcher setting = FILTER_SETTING.matcher(name);
        if (!setting.matches()) {
            return;
        }
        String owner = setting.group(1);
        String last = setting.group(2);
        boolean ofProfile = owner.startsWith(NodeInterface.PROFILES);
        String part = owner.replaceAll("^xpack\\.security\\.|\\.filter$", "");
        if (!ofProfile && !INTERFACES.contains(part)) {
            unknown(name, Suggestion.didYouMean(part, INTERFACES), "xpack.security.http.filter");
        } else if (!LAST.contains(last)) {
            unknown(name, Suggestion.didYouMean(last, LAST), owner + ".allow");
        } else if (last.equals("enabled") && (ofProfile || part.equals("remote_cluster"))) {
            remarks.add(
                    Remark.lost(
                            name
                                    + " is left out: Elasticsearch has no such setting; this filter"
                                    + " is switched by xpack.security.transport.filter.enabled"));
        }
    }

    private void unknown(String name, String guess, String example) {
        settings.refuse(
                settings.line(name),
                name,
                "is not a setting of Elasticsearch"
                        + (guess.isEmpty() ? "; there is " + example + ", for example" : guess));
    }
}
