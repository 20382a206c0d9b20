// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.validation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.api.v1.AddressSetSpec;
import dev.portcullis.api.v1.Metadata;
import dev.portcullis.policy.model.AddressSet;
import dev.portcullis.policy.model.AddressSet.Format;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressSetCheckTest {
    private static AddressSetSpec.Builder url() {
        return AddressSetSpec.newBuilder().setUrl("https://lists.example.org/office.txt");
    }

    private static AddressSetSpec.Builder file() {
        return AddressSetSpec.newBuilder().setFile("/etc/portcullis/office.txt");
    }

    private static Checked<AddressSet> check(String name, AddressSetSpec.Builder spec) {
        return new AddressSetCheck(
                        dev.portcullis.api.v1.AddressSet.newBuilder()
                                .setMetadata(Metadata.newBuilder().setName(name))
                                .setSpec(spec)
                                .build())
                .check();
    }

    private static AddressSet sound(AddressSetSpec.Builder spec) {
        Checked<AddressSet> checked = check("s", spec);
        assertThat(checked.violations()).isEmpty();
        return checked.value().orElseThrow();
    }

    private static List<String> violations(AddressSetSpec.Builder spec) {
        return check("s", spec).violations().stream().map(Violation::toString).toList();
    }

    @Test
    void a_file_is_all_that_a_set_needs() {
        assertThat(sound(file()))
                .isEqualTo(
                        new AddressSet(
                                "s",
                                new AddressSet.LocalFile(Path.of("/etc/portcullis/office.txt")),
                                Optional.empty(),
                                List.of(),
                                List.of(),
                                ""));
    }

    @Test
    void a_url_is_asked_every_hour_if_nothing_else_is_said() {
        assertThat(sound(url()).origin())
                .isEqualTo(
                        new AddressSet.Download(
                                URI.create("https://lists.example.org/office.txt"),
                                Duration.ofHours(1),
                                Optional.empty()));
    }

    @Test
    void everything_that_a_set_can_say_is_kept() {
        AddressSetSpec.Builder spec =
                url().setFormat("aws")
                        .addServices("EC2")
                        .addRegions("eu-west-1")
                        .setRefresh("15m")
                        .setCa("/etc/portcullis/ca.pem")
                        .setDescription("cloud");

        assertThat(sound(spec))
                .isEqualTo(
                        new AddressSet(
                                "s",
                                new AddressSet.Download(
                                        URI.create("https://lists.example.org/office.txt"),
                                        Duration.ofMinutes(15),
                                        Optional.of(Path.of("/etc/portcullis/ca.pem"))),
                                Optional.of(Format.AWS),
                                List.of("EC2"),
                                List.of("eu-west-1"),
                                "cloud"));
    }

    @ParameterizedTest
    @CsvSource({"10s, 10", "90s, 90", "15m, 900", "12h, 43200", "7d, 604800", "30d, 2592000"})
    void a_refresh_is_a_number_and_a_unit(String text, long seconds) {
        AddressSet.Download origin = (AddressSet.Download) sound(url().setRefresh(text)).origin();

        assertThat(origin.refresh()).isEqualTo(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @ValueSource(strings = {"9s", "0h", "31d", "999999999d"})
    void a_refresh_out_of_range_is_refused(String text) {
        assertThat(violations(url().setRefresh(text)))
                .containsExactly(
                        "address set s: spec.refresh: "
                                + text
                                + " is out of range; write a span from 10s to 30d");
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "5 m", "-5m", "1h30m", "PT5M", "5w", "1.5h", "12345678901s"})
    void a_refresh_of_another_form_is_refused(String text) {
        assertThat(violations(url().setRefresh(text)))
                .containsExactly(
                        "address set s: spec.refresh: \""
                                + text
                                + "\" is not a span of time; write one such as 30s, 15m, 12h or 7d");
    }

    @Test
    void neither_file_nor_url_is_refused_and_so_are_both() {
        assertThat(violations(AddressSetSpec.newBuilder()))
                .containsExactly(
                        "address set s: spec: has neither file nor url; write where the addresses"
                                + " are read from");
        assertThat(violations(url().setFile("/etc/list")))
                .containsExactly(
                        "address set s: spec.url: stands beside file; take one of them out");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://example.org/a | is not https; whoever changes the list decides who gets in",
                "ftp://example.org/a | is not https; whoever changes the list decides who gets in",
                "/etc/list | is not https; whoever changes the list decides who gets in",
                "https:///a | names no host; write https://HOST/PATH",
                "https:a | names no host; write https://HOST/PATH",
                "https://me:secret@example.org/a | holds a user's name or password, which all can"
                        + " read; take it out",
                "https://example.org/a b | is not a URL; write one such as"
                        + " https://lists.example.org/office.txt",
                "https:// | is not a URL; write one such as https://lists.example.org/office.txt",
            })
    void a_url_that_is_not_safe_or_none_is_refused(String url, String why) {
        assertThat(violations(AddressSetSpec.newBuilder().setUrl(url)))
                .containsExactly("address set s: spec.url: \"" + url + "\" " + why);
    }

    @Test
    void paths_are_absolute() {
        assertThat(violations(file().setFile("lists/office.txt")))
                .containsExactly(
                        "address set s: spec.file: \"lists/office.txt\" is not an absolute path;"
                                + " write one such as /etc/portcullis/…");
        assertThat(violations(url().setCa("ca.pem")))
                .containsExactly(
                        "address set s: spec.ca: \"ca.pem\" is not an absolute path; write one such"
                                + " as /etc/portcullis/…");
    }

    @Test
    void what_is_for_urls_is_not_for_files() {
        assertThat(violations(file().setCa("/etc/ca.pem").setRefresh("1h")))
                .containsExactly(
                        "address set s: spec.ca: is only for a url; take it out",
                        "address set s: spec.refresh: is only for a url; take it out, since a file"
                                + " is read when it changes");
    }

    @Test
    void an_unknown_format_is_refused_with_the_one_that_was_meant() {
        assertThat(violations(file().setFormat("azzure")))
                .containsExactly(
                        "address set s: spec.format: no format is named \"azzure\" (did you mean"
                                + " \"azure\"?); supported: cidrs, aws, google, azure, elastic");
    }

    @Test
    void cidrs_have_no_services_and_regions() {
        assertThat(violations(file().setFormat("cidrs").addServices("a").addRegions("b")))
                .containsExactly(
                        "address set s: spec.services: is not for format cidrs, whose lines are"
                                + " addresses alone; take it out",
                        "address set s: spec.regions: is not for format cidrs, whose lines are"
                                + " addresses alone; take it out");
    }

    @Test
    void names_given_twice_are_a_warning_and_empty_ones_are_refused() {
        assertThat(check("s", file().addServices("EC2").addServices("EC2")).warnings())
                .containsExactly(
                        "address set s: spec.services[1]: \"EC2\" is given twice; the second adds"
                                + " nothing");
        assertThat(violations(file().addRegions("")))
                .containsExactly(
                        "address set s: spec.regions[0]: is empty; write a name, or take it out");
    }

    @Test
    void all_that_is_wrong_is_told_at_once() {
        AddressSetSpec.Builder spec =
                AddressSetSpec.newBuilder()
                        .setUrl("http://example.org")
                        .setCa("ca.pem")
                        .setRefresh("soon")
                        .setFormat("csv")
                        .setDescription("\u0007");

        assertThat(check("Not_a_name", spec).violations())
                .extracting(Violation::field)
                .containsExactly(
                        "metadata.name",
                        "spec.url",
                        "spec.ca",
                        "spec.refresh",
                        "spec.format",
                        "spec.description");
    }
}
