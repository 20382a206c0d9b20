// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.addresses;

import com.google.common.collect.ImmutableSortedSet;
import dev.portcullis.policy.model.AddressSet;
import dev.portcullis.policy.model.AddressSet.Format;
import dev.portcullis.policy.model.ObjectKind;
import dev.portcullis.policy.model.ObjectName;
import dev.portcullis.policy.model.Prefix;
import dev.portcullis.policy.validation.Checked;
import dev.portcullis.policy.validation.Findings;
import dev.portcullis.policy.validation.PrefixText;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;

/** What a list holds: the prefixes that the set selects, and what is wrong. */
final class ListedEntries {
    private static final int TOLD = 20;

    private final String field;
    private final Findings findings;
    private final NameFilter services;
    private final NameFilter regions;
    private final List<Prefix> prefixes = new ArrayList<>();
    private int entries;
    private int bad;

    ListedEntries(AddressSet set) {
        this.field = set.origin() instanceof AddressSet.LocalFile ? "spec.file" : "spec.url";
        this.findings = new Findings(new ObjectName(ObjectKind.ADDRESS_SET, set.name()).toString());
        this.services = new NameFilter("spec.services", "service", set.services());
        this.regions = new NameFilter("spec.regions", "region", set.regions());
    }

    /**
     * Takes an entry, if the set selects it.
     *
     * @param place where it is, such as {@code line 3}
     * @param service empty if the list does not tell, like {@code region}
     */
    void add(String place, String text, String service, String region) {
        entries++;
        // Both are asked, so that each filter knows all names.
        boolean ofService = services.takes(service);
        boolean ofRegion = regions.takes(region);
        if (ofService && ofRegion) {
            add(place, text);
        }
    }

    private void add(String place, String text) {
        try {
            PrefixText parsed = PrefixText.parse(text);
            prefixes.add(parsed.prefix());
            if (parsed.hostBits()) {
                findings.warning(
                        "CIDRs with host bits set",
                        field,
                        place + ": " + text + " has host bits set; it means " + parsed.prefix());
            }
            if (parsed.prefix().length() == 0) {
                findings.warning(
                        "CIDRs that are a whole family",
                        field,
                        place + ": " + parsed.prefix() + " is every address of its family");
            }
        } catch (IllegalArgumentException e) {
            bad(place, e.getMessage());
        }
    }

    /** Notes an entry that can't be read. */
    void bad(String place, String message) {
        if (++bad <= TOLD) {
            findings.violation(field, place.isEmpty() ? message : place + ": " + message);
        }
    }

    Checked<SortedSet<Prefix>> checked() {
        if (bad > TOLD) {
            findings.violation(field, (bad - TOLD) + " more entries can't be read");
        }
        if (entries > 0 && bad == 0) {
            services.check(findings);
            regions.check(findings);
        }
        if (prefixes.isEmpty() && findings.violations().isEmpty()) {
            findings.violation(field, nothing());
        }
        return findings.checked(() -> ImmutableSortedSet.copyOf(prefixes));
    }

    private String nothing() {
        return entries == 0
                ? "holds no addresses; a set can't be empty"
                : "holds no addresses of these services in these regions; a set can't be empty";
    }

    Checked<SortedSet<Prefix>> refused(String message) {
        findings.violation(field, message);
        return checked();
    }

    Checked<SortedSet<Prefix>> misnamed(Format given, Format seen) {
        findings.violation(
                "spec.format",
                "is "
                        + given.text()
                        + ", but the content looks like "
                        + seen.text()
                        + "; write that, or leave the format out");
        return checked();
    }
}
