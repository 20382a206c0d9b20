// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.doctor;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Java, and whether libbpf can be called from it. */
final class LibraryCheck implements Check {
    private static final Pattern NUMBERS = Pattern.compile("(\\d{1,4})\\.(\\d{1,4}).*");

    private final Library library;

    LibraryCheck(Library library) {
        this.library = library;
    }

    @Override
    public Subject subject() {
        return Subject.LIBRARIES;
    }

    @Override
    public String name() {
        return "libbpf";
    }

    @Override
    public List<Finding> findings() {
        return List.of(
                java(),
                library.libbpf().map(l -> of(l.version(), l.backend())).orElseGet(this::missing));
    }

    /** An older one than 17 could not run this. */
    private Finding java() {
        String home = System.getProperty("java.home");
        return subject().ok("java", "Java " + Runtime.version() + " in " + home);
    }

    Finding of(String version, String backend) {
        String found = "libbpf " + version + ", called through " + backend;
        return isAtLeast11(version)
                ? subject().ok(name(), found)
                : subject()
                        .failed(
                                name(),
                                found + ", is older than 1.1",
                                "install libbpf 1.1 or newer, such as Debian 12's package libbpf1");
    }

    private static boolean isAtLeast11(String version) {
        Matcher numbers = NUMBERS.matcher(version);
        if (!numbers.matches()) {
            return false;
        }
        int major = Integer.parseInt(numbers.group(1));
        return major > 1 || (major == 1 && Integer.parseInt(numbers.group(2)) >= 1);
    }

    /** The sentence of what is missing ends with what helps. */
    private Finding missing() {
        String sentence = library.problem();
        int end = sentence.lastIndexOf(": ");
        return end < 0
                ? subject().failed(name(), sentence, "install Debian's package libbpf1")
                : subject().failed(name(), sentence.substring(0, end), sentence.substring(end + 2));
    }
}
