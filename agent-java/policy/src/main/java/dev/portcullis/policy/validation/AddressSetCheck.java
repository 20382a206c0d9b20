// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.validation;

import dev.portcullis.api.v1.AddressSetSpec;
import dev.portcullis.policy.model.AddressSet;
import dev.portcullis.policy.model.AddressSet.Format;
import dev.portcullis.policy.model.AddressSet.Origin;
import dev.portcullis.policy.model.ObjectKind;
import dev.portcullis.policy.model.ObjectName;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** An address set as it came in, to an {@link AddressSet}. */
final class AddressSetCheck {
    private static final Duration LEAST_REFRESH = Duration.ofSeconds(10);
    private static final Duration MOST_REFRESH = Duration.ofDays(30);
    private static final Duration REFRESH = Duration.ofHours(1);
    private static final List<String> FORMATS = Format.texts();

    private final dev.portcullis.api.v1.AddressSet set;
    private final Findings findings;

    AddressSetCheck(dev.portcullis.api.v1.AddressSet set) {
        this.set = set;
        String name = set.getMetadata().getName();
        this.findings = new Findings(new ObjectName(ObjectKind.ADDRESS_SET, name).toString());
    }

    Checked<AddressSet> check() {
        AddressSetSpec spec = set.getSpec();
        CommonCheck.name(set.getMetadata(), ObjectKind.ADDRESS_SET, findings);
        Supplier<Origin> origin = origin(spec);
        Optional<Format> format = format(spec.getFormat());
        names("spec.services", spec.getServicesList(), format);
        names("spec.regions", spec.getRegionsList(), format);
        CommonCheck.description(spec.getDescription(), "spec", findings);
        return findings.checked(() ->
                new AddressSet(
                        set.getMetadata().getName(),
                        origin.get(),
                        format,
                        spec.getServicesList(),
                        spec.getRegionsList(),
                        spec.getDescription()));
    }

    private Supplier<Origin> origin(AddressSetSpec spec) {
        boolean file = !spec.getFile().isEmpty();
        boolean url = !spec.getUrl().isEmpty();
        if (!file && !url) {
            findings.violation(
                    "spec", "has neither file nor url; write where the addresses are read from");
        } else if (file && url) {
            findings.violation("spec.url", "stands beside file; take one of them out");
        }
        Optional<Path> path = path("spec.file", spec.getFile());
        Optional<URI> uri = url ? uri(spec.getUrl()) : Optional.empty();
        Optional<Path> ca = path("spec.ca", spec.getCa());
        Duration refresh = spec.getRefresh().isEmpty() ? REFRESH : refresh(spec.getRefresh());
        if (file && !url) {
            onlyForUrl("spec.ca", spec.getCa(), "take it out");
            onlyForUrl(
                    "spec.refresh",
                    spec.getRefresh(),
                    "take it out, since a file is read when it changes");
        }
        return () ->
                path.isPresent()
                        ? new AddressSet.LocalFile(path.get())
                        : new AddressSet.Download(uri.orElseThrow(), refresh, ca);
    }

    private void onlyForUrl(String field, String value, String remedy) {
        if (!value.isEmpty()) {
            findings.violation(field, "is only for a url; " + remedy);
        }
    }

    /** Empty for an empty text, and if there is a violation. */
    private Optional<Path> path(String field, String text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            Path path = Path.of(text);
            if (path.isAbsolute()) {
                return Optional.of(path.normalize());
            }
        } catch (InvalidPathException e) {
            // Told below, like all that is no absolute path.
        }
        findings.violation(
                field,
                Quoted.of(text) + " is not an absolute path; write one such as /etc/portcullis/…");
        return Optional.empty();
    }

    private Optional<URI> uri(String text) {
        try {
            URI uri = new URI(text);
            Optional<String> wrong = wrong(uri);
            wrong.ifPresent(why -> findings.violation("spec.url", Quoted.of(text) + " " + why));
            return wrong.isPresent() ? Optional.empty() : Optional.of(uri);
        } catch (URISyntaxException e) {
            findings.violation(
                    "spec.url",
                    Quoted.of(text)
                            + " is not a URL; write one such as https://lists.example.org/office.txt");
            return Optional.empty();
        }
    }

    private static Optional<String> wrong(URI uri) {
        if (!"https".equalsIgnoreCase(uri.getScheme())) {
            return Optional.of("is not https; whoever changes the list decides who gets in");
        }
        if (uri.getRawUserInfo() != null) {
            return Optional.of("holds a user's name or password, which all can read; take it out");
        }
        return uri.getHost() == null || uri.getHost().isEmpty()
                ? Optional.of("names no host; write https://HOST/PATH")
                : Optional.empty();
    }

    private Duration refresh(String text) {
        Optional<Duration> refresh = DurationText.parse(text);
        if (refresh.isEmpty()) {
            findings.violation(
                    "spec.refresh",
                    Quoted.of(text)
                            + " is not a span of time; write one such as 30s, 15m, 12h or 7d");
        } else if (refresh.get().compareTo(LEAST_REFRESH) < 0
                || refresh.get().compareTo(MOST_REFRESH) > 0) {
            findings.violation(
                    "spec.refresh", text + " is out of range; write a span from 10s to 30d");
        }
        return refresh.orElse(REFRESH);
    }

    private Optional<Format> format(String text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Optional<Format> format = Format.of(text);
        if (format.isEmpty()) {
            findings.violation(
                    "spec.format",
                    "no format is named "
                            + Quoted.of(text)
                            + Suggestion.didYouMean(text, FORMATS)
                            + "; supported: "
                            + String.join(", ", FORMATS));
        }
        return format;
    }

    private void names(String field, List<String> names, Optional<Format> format) {
        if (!names.isEmpty() && format.equals(Optional.of(Format.CIDRS))) {
            findings.violation(
                    field, "is not for format cidrs, whose lines are addresses alone; take it out");
        }
        for (int i = 0; i < names.size(); i++) {
            String place = field + "[" + i + "]";
            if (names.get(i).isBlank()) {
                findings.violation(place, "is empty; write a name, or take it out");
            } else if (names.indexOf(names.get(i)) < i) {
                Warnings.repeated(findings, place, Quoted.of(names.get(i)));
            }
        }
    }
}
