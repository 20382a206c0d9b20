// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.e2e;

import static dev.portcullis.e2e.BalancedService.ALLOWED;
import static dev.portcullis.e2e.BalancedService.ALLOWED6;
import static dev.portcullis.e2e.BalancedService.BLOCKED;
import static dev.portcullis.e2e.BalancedService.BLOCKED6;
import static dev.portcullis.e2e.BalancedService.DENIED;
import static dev.portcullis.e2e.BalancedService.DENIED6;
import static dev.portcullis.e2e.BalancedService.IN_VAIN;
import static dev.portcullis.e2e.BalancedService.NAMED;
import static dev.portcullis.e2e.BalancedService.PATIENCE;
import static dev.portcullis.e2e.BalancedService.RULES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.api.v1.StatusRequest;
import dev.portcullis.api.v1.TopSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients of HAProxy, which sends them on with PROXY headers to nginx, which reads these. */
class ProxyProtocolTest {
    private static final String OVER_IPV4 = "http://10.88.1.1:8080/";
    private static final String OVER_IPV6 = "http://10.88.1.1:8081/";
    private static final String NO_HEADER = "http://10.88.1.1:8091/";
    private static final String VERSION_1 = "http://10.88.1.1:8092/";
    private static final String MAPPED = "http://10.88.1.1:8082/";
    private static final String V6_OVER_IPV4 = "http://[fd88:1::1]:8080/";
    private static final String V6_OVER_IPV6 = "http://[fd88:1::1]:8081/";
    private static final int STREAM = 8090;
    private static final int MEGABYTE = 1 << 20;

    @TempDir private static Path directory;
    private static BalancedService service;
    private static Haproxy haproxy;

    @BeforeAll
    static void start() {
        service = new BalancedService(directory);
        haproxy = new Haproxy(service.network(), service.balancer(), directory);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void an_allowed_client_is_served_and_the_server_sees_its_address_and_port() {
        String answer = service.fetch(ALLOWED, "--local-port", "40001", OVER_IPV4);

        assertThat(answer).isEqualTo("10.88.1.2 40001");
        assertThat(service.fetch(ALLOWED, OVER_IPV6)).startsWith("10.88.1.2 ");
    }

    @Test
    void a_client_of_ipv6_is_served_over_either_family() {
        assertThat(service.fetch(ALLOWED6, V6_OVER_IPV4)).startsWith("fd88:1::2 ");
        assertThat(service.fetch(ALLOWED6, V6_OVER_IPV6)).startsWith("fd88:1::2 ");
    }

    @Test
    void a_client_of_ipv4_whose_address_is_written_as_one_of_ipv6_is_judged_as_of_ipv4() {
        assertThat(service.fetch(ALLOWED, MAPPED)).startsWith("::ffff:10.88.1.2 ");
        assertThat(service.fetchInVain(DENIED, MAPPED)).isEqualTo("silent");
    }

    @Test
    void a_denied_client_is_not_served_over_either_family() {
        assertThat(service.fetchInVain(DENIED, OVER_IPV4)).isEqualTo("silent");
        assertThat(service.fetchInVain(DENIED, OVER_IPV6)).isEqualTo("silent");
        assertThat(service.fetchInVain(DENIED6, V6_OVER_IPV4)).isEqualTo("silent");
        assertThat(service.fetchInVain(DENIED6, V6_OVER_IPV6)).isEqualTo("silent");
    }

    @Test
    void a_denied_client_is_counted_and_told_of_by_its_own_address() throws Exception {
        long before = service.denied("no_policy_match");

        assertThat(service.fetchInVain(DENIED, OVER_IPV4)).isEqualTo("silent");

        assertThat(service.denied("no_policy_match")).isGreaterThan(before);
        try (Client client = new Client(service.agent().socket())) {
            List<TopSource> sources =
                    client.portcullis()
                            .status(StatusRequest.getDefaultInstance())
                            .getTopSourcesList();
            assertThat(sources)
                    .filteredOn(source -> source.getOriginal().getSource().equals(DENIED))
                    .anySatisfy(source -> {
                        assertThat(source.getAddress()).isEqualTo("10.77.1.2");
                        assertThat(source.getReason()).isEqualTo("no_policy_match");
                    });
        }
    }

    @Test
    void a_blocklisted_client_is_denied_though_another_policy_allows_it() {
        long before = service.denied("blocklist");

        assertThat(service.fetchInVain(BLOCKED, OVER_IPV4)).isEqualTo("silent");
        assertThat(service.fetchInVain(BLOCKED6, V6_OVER_IPV4)).isEqualTo("silent");

        assertThat(service.denied("blocklist")).isGreaterThan(before + 1);
    }

    @Test
    void what_the_header_says_of_tls_beside_the_address_changes_nothing() {
        String[] request = {"--resolve", "service:8443:10.88.1.1", "https://service:8443/"};

        assertThat(service.fetch(ALLOWED, request)).startsWith("10.88.1.2 ");
        assertThat(service.fetchInVain(DENIED, request)).isEqualTo("silent");
    }

    @Test
    void health_checks_of_the_balancer_pass_so_that_the_server_stays_up() {
        int before = service.nginx().healthChecks();
        haproxy.enable("web");
        haproxy.enable("web6");

        Agent.await("it is checked", () -> service.nginx().healthChecks() >= before + 10);

        for (String server : List.of("web", "web6")) {
            assertThat(haproxy.tells(server, "status")).isEqualTo("UP");
            assertThat(haproxy.tells(server, "check_status")).isEqualTo("L7OK");
            assertThat(haproxy.tells(server, "chkfail")).isEqualTo("0");
            haproxy.disable(server);
        }
    }

    @Test
    void health_checks_without_a_header_do_not_pass() {
        haproxy.enable("no_header");

        Agent.await("it is down", () -> haproxy.tells("no_header", "status").equals("DOWN"));

        assertThat(haproxy.tells("no_header", "check_status")).isEqualTo("L7TOUT");
        haproxy.disable("no_header");
    }

    @Test
    void a_balancer_that_sends_no_header_is_denied() {
        long before = service.denied("proxy_header");

        assertThat(service.fetchInVain(ALLOWED, NO_HEADER)).isEqualTo("silent");

        assertThat(service.denied("proxy_header")).isGreaterThan(before);
    }

    @Test
    void a_balancer_that_sends_headers_of_version_1_is_denied() {
        long before = service.denied("proxy_header");

        assertThat(service.fetchInVain(ALLOWED, VERSION_1)).isEqualTo("silent");

        assertThat(service.denied("proxy_header")).isGreaterThan(before);
    }

    @Test
    void a_client_that_comes_directly_is_judged_by_its_own_source() {
        String direct = service.network().client(2);

        String allowed = BalancedService.curl(direct, PATIENCE, "http://10.77.2.1:9201/");
        String denied = BalancedService.curl(direct, IN_VAIN, "http://[fd77:2::1]:9201/");

        assertThat(allowed).isEqualTo("10.77.2.2");
        assertThat(denied).isEqualTo("silent");
    }

    @Test
    void requests_that_follow_on_the_same_connection_pass() {
        String count = OVER_IPV4 + "count";

        assertThat(service.fetch(ALLOWED, count, count, count, count).lines())
                .containsExactly("10.88.1.2 1", "10.88.1.2 2", "10.88.1.2 3", "10.88.1.2 4");
    }

    @Test
    void a_megabyte_arrives_whole_in_either_direction() throws Exception {
        byte[] content = new byte[MEGABYTE];
        new Random(MEGABYTE).nextBytes(content);
        Path large = Files.write(directory.resolve("large"), content);
        Path fetched = directory.resolve("fetched");

        String sent =
                service.fetch(
                        ALLOWED, "-w", "%{http_code}", "-T", large.toString(), OVER_IPV4 + "large");
        service.fetch(ALLOWED, "-o", fetched.toString(), OVER_IPV4 + "large");

        assertThat(sent).isEqualTo("201");
        assertThat(service.nginx().file("large")).hasSameBinaryContentAs(large);
        assertThat(fetched).hasSameBinaryContentAs(large);
    }

    @Test
    void an_open_connection_goes_on_while_the_agent_is_killed_and_started_again() throws Exception {
        KeptAlive open = open();
        String before = open.ask(PATIENCE);

        service.agent().kill();
        String meanwhile = open.ask(PATIENCE);
        String other = service.fetchInVain(DENIED, OVER_IPV4);
        service.agent().start();

        assertThat(before).startsWith("10.88.1.2 ");
        assertThat(meanwhile).isEqualTo(before);
        assertThat(other).isEqualTo("silent");
        assertThat(open.ask(PATIENCE)).isEqualTo(before);
    }

    @Test
    void an_open_connection_is_cut_when_its_client_is_taken_out_and_goes_on_after_rollback()
            throws Exception {
        KeptAlive open = open();
        String before = open.ask(PATIENCE);

        service.agent().apply(RULES.replace("- {source: 10.88.1.2}", "")).ok();
        String cut = open.ask(IN_VAIN);
        rollBack();

        assertThat(before).startsWith("10.88.1.2 ");
        assertThat(cut).isEqualTo("silent");
        assertThat(open.ask(PATIENCE)).isEqualTo(before);
    }

    @Test
    void an_open_connection_goes_on_when_rules_change_for_others() throws Exception {
        KeptAlive open = open();
        String before = open.ask(PATIENCE);

        service.agent().apply(RULES.replace("10.77.2.2", "10.77.2.3")).ok();
        String after = open.ask(PATIENCE);
        rollBack();

        assertThat(after).isEqualTo(before).startsWith("10.88.1.2 ");
    }

    @Test
    void an_open_connection_of_before_headers_were_asked_for_goes_on() throws Exception {
        service.agent()
                .apply(
                        RULES.replaceAll("policies: .*", "policies: []")
                                .replaceAll(" +proxyProtocol: .*\n", ""))
                .ok();
        KeptAlive open = open(DENIED);
        String before = open.ask(PATIENCE);

        service.agent().apply(RULES).ok();
        String after = open.ask(PATIENCE);
        String other = service.fetchInVain(DENIED, OVER_IPV4);

        assertThat(after).isEqualTo(before).startsWith("10.88.1.3 ");
        assertThat(other).isEqualTo("silent");
    }

    @Test
    void a_client_is_served_by_its_name() {
        assertThat(service.fetch(NAMED, OVER_IPV4)).startsWith("10.88.1.5 ");
    }

    @Test
    void a_denied_client_gets_the_error_of_its_balancer_where_denials_are_resets() {
        // A veth hands on what XDP sends back only where the other end has a program, too.
        OtherXdp.attach(service.balancer(), "eth0", directory);
        service.agent().apply(ruledBy("on_deny: reset")).ok();

        String status = service.fetch(DENIED, "-o", "/dev/null", "-w", "%{http_code}", OVER_IPV4);
        rollBack();
        OtherXdp.detach(service.balancer(), "eth0");

        assertThat(status).isEqualTo("502");
    }

    @Test
    void audit_mode_lets_in_and_counts_whom_it_would_deny() {
        service.agent().apply(ruledBy("mode: audit")).ok();

        String denied = service.fetch(DENIED, OVER_IPV4);
        String withoutHeader = service.fetch(ALLOWED, NO_HEADER);
        long noMatches = service.packets("audit", "no_policy_match");
        long noHeaders = service.packets("audit", "proxy_header");
        rollBack();

        assertThat(denied).startsWith("10.88.1.3 ");
        assertThat(withoutHeader).isEqualTo("10.77.1.2");
        assertThat(noMatches).isPositive();
        assertThat(noHeaders).isPositive();
    }

    @Test
    void what_the_server_asks_of_its_balancer_is_answered() {
        service.network().serveAt(1, 9300);
        service.agent().apply(RULES.replaceAll(" +ports: .*\n", "")).ok();

        String answer = service.network().reach("tcp", "10.77.1.2", 9300);
        String other = service.fetchInVain(DENIED, OVER_IPV4);
        rollBack();

        assertThat(answer).isEqualTo("answered");
        assertThat(other).isEqualTo("silent");
    }

    /** The rules with one more line in the resource. */
    private static String ruledBy(String line) {
        return RULES.replace("spec:\n  ports", "spec:\n  " + line + "\n  ports");
    }

    private static void rollBack() {
        service.agent().portcullis("rollback").ok();
    }

    private static KeptAlive open() {
        return open(ALLOWED);
    }

    private static KeptAlive open(String client) {
        return new KeptAlive(service.network(), service.behind(), client, "10.88.1.1", STREAM);
    }
}
