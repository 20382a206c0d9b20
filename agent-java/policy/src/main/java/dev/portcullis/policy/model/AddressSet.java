// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.model;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A named set of addresses that is read from elsewhere.
 *
 * @param format empty if it is told from the content
 * @param services empty for all, like {@code regions}
 */
public record AddressSet(
        String name,
        Origin origin,
        Optional<Format> format,
        List<String> services,
        List<String> regions,
        String description) {
    /** Where it is read from. */
    public sealed interface Origin permits LocalFile, Download {}

    /**
     * @param path absolute; read again when the file changes
     */
    public record LocalFile(Path path) implements Origin {}

    /**
     * @param url of scheme https
     * @param refresh how long until it is asked for again
     * @param ca PEM certificates that the server is trusted by; empty for those of Java
     */
    public record Download(URI url, Duration refresh, Optional<Path> ca) implements Origin {}

    /** What the content looks like. */
    public enum Format {
        /** One address or CIDR a line, {@code #} begins a comment. */
        CIDRS("cidrs"),
        /** Amazon's ip-ranges.json. */
        AWS("aws"),
        /** Google's cloud.json and goog.json. */
        GOOGLE("google"),
        /** Microsoft's service tags. */
        AZURE("azure"),
        /** The static IP addresses that Elastic publishes. */
        ELASTIC("elastic");

        private final String text;

        Format(String text) {
            this.text = text;
        }

        /** The format of this name in files, if there is one. */
        public static Optional<Format> of(String text) {
            return Arrays.stream(values()).filter(format -> format.text.equals(text)).findFirst();
        }

        /** The names in files. */
        public static List<String> texts() {
            return Arrays.stream(values()).map(Format::text).toList();
        }

        /** The name in files. */
        public String text() {
            return text;
        }
    }

    public AddressSet {
        services = List.copyOf(services);
        regions = List.copyOf(regions);
    }
}
