// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.validation;

import static dev.portcullis.policy.validation.ObjectsOfTest.policy;
import static dev.portcullis.policy.validation.ObjectsOfTest.resource;
import static dev.portcullis.policy.validation.ObjectsOfTest.spec;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.api.v1.Workload;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.PolicyType;
import dev.portcullis.policy.model.Resource;
import dev.portcullis.policy.model.Workload.CgroupPath;
import dev.portcullis.policy.model.Workload.Unit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class WorkloadCheckTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "nginx.service",
                "user.slice",
                "getty@tty1.service",
                "session-1.scope",
                "sys-a\\x2db.mount"
            })
    void a_unit_that_has_processes_is_sound(String unit) {
        assertThat(value(unit(unit)).workload()).contains(new Unit(unit));
    }

    @ParameterizedTest
    @ValueSource(strings = {"nginx", "a b.service", ".service", "logrotate.timer", "a/b.service"})
    void another_unit_is_refused(String unit) {
        assertThat(violations(unit(unit)))
                .singleElement()
                .asString()
                .endsWith(
                        "is not the name of a systemd unit that has processes; write one such as"
                                + " nginx.service or user.slice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/system.slice", "/system.slice/nginx.service", "/a b/...c"})
    void a_path_below_the_root_is_sound(String path) {
        assertThat(value(cgroup(path)).workload()).contains(new CgroupPath(path));
    }

    @ParameterizedTest
    @ValueSource(strings = {"system.slice", "/a/", "//a", "/a/../b", "/./a", "/a\nb"})
    void another_path_is_refused(String path) {
        assertThat(violations(cgroup(path)))
                .singleElement()
                .asString()
                .endsWith(
                        "is not an absolute path below the root of cgroup v2; write one such as"
                                + " /system.slice/nginx.service");
    }

    @Test
    void the_root_is_refused_since_it_means_no_workload() {
        assertThat(violations(cgroup("/")))
                .containsExactly(
                        "resource web: spec.workload.cgroup: \"/\" holds every process; leave the"
                                + " workload out instead");
    }

    @Test
    void a_path_of_the_file_system_is_refused_with_what_to_leave_out() {
        assertThat(violations(cgroup("/sys/fs/cgroup/system.slice")))
                .singleElement()
                .asString()
                .endsWith("from the root of cgroup v2 on, without /sys/fs/cgroup");
    }

    @Test
    void exactly_one_of_unit_and_cgroup_is_wanted() {
        assertThat(violations(Workload.newBuilder()))
                .containsExactly(
                        "resource web: spec.workload: has neither unit nor cgroup; write one, or"
                                + " leave the workload out for every process");
        assertThat(violations(cgroup("/a").setUnit("a.service")))
                .containsExactly(
                        "resource web: spec.workload.cgroup: stands beside unit; take one of them"
                                + " out");
    }

    @Test
    void a_policy_that_lets_in_does_not_go_with_a_workload() {
        Policy office = Conversion.policy(policy("office")).value().orElseThrow();
        Resource web = with(unit("nginx.service"), "office");

        assertThat(StateCheck.check(new DesiredState(Map.of("office", office), Map.of("web", web))))
                .extracting(Violation::toString)
                .containsExactly(
                        "resource web: spec.policies[0]: policy office is of type ip, for packets"
                                + " that arrive, and resource web is about what a workload sends;"
                                + " associate the policy with a resource without workload, or one"
                                + " of type egress_firewall with this one");
    }

    @ParameterizedTest
    @EnumSource(
            value = PolicyType.class,
            names = {"EGRESS_FIREWALL", "BLOCKLIST"})
    void a_policy_that_judges_what_leaves_does(PolicyType type) {
        Policy policy = Policy.of("p", type, List.of());
        Resource web = with(unit("nginx.service"), "p");

        assertThat(StateCheck.check(new DesiredState(Map.of("p", policy), Map.of("web", web))))
                .isEmpty();
    }

    @Test
    void a_policy_that_lets_in_is_not_included_by_default() {
        Policy ip = included(PolicyType.IP);
        Policy egress = included(PolicyType.EGRESS_FIREWALL);
        Resource web = with(unit("nginx.service"));

        assertThat(Regions.includes(ip, web)).isFalse();
        assertThat(Regions.includes(egress, web)).isTrue();
    }

    @Test
    void different_workloads_do_not_tie_nor_does_one_with_none() {
        Resource nginx = with(unit("nginx.service"));
        Resource path = named("path", with(cgroup("/system.slice/nginx.service")));
        Resource none =
                named("none", Conversion.resource(resource("none", spec())).value().orElseThrow());

        assertThat(TieCheck.check(List.of(nginx, path, none))).isEmpty();
    }

    @Test
    void the_same_workload_ties() {
        Resource one = with(unit("nginx.service"));
        Resource two = named("web2", one);

        assertThat(TieCheck.check(List.of(one, two)))
                .singleElement()
                .asString()
                .startsWith(
                        "resource web2: spec.ports: ANY at every address of unit nginx.service"
                                + " ties with ANY of resource web (spec.ports)");
    }

    private static Policy included(PolicyType type) {
        return new Policy("p", type, List.of(), true, "", "", true, "");
    }

    private static Resource named(String name, Resource as) {
        Resource plain =
                Resource.of(name, as.addresses(), as.ports(), as.interfaces(), as.policies());
        return as.workload().map(plain::withWorkload).orElse(plain);
    }

    private static Workload.Builder unit(String name) {
        return Workload.newBuilder().setUnit(name);
    }

    private static Workload.Builder cgroup(String path) {
        return Workload.newBuilder().setCgroup(path);
    }

    private static Resource with(Workload.Builder workload, String... policies) {
        return checked(workload, policies).value().orElseThrow();
    }

    private static Resource value(Workload.Builder workload) {
        return with(workload);
    }

    private static List<String> violations(Workload.Builder workload) {
        return checked(workload).violations().stream().map(Violation::toString).toList();
    }

    private static Checked<Resource> checked(Workload.Builder workload, String... policies) {
        return Conversion.resource(
                resource("web", spec().setWorkload(workload).addAllPolicies(List.of(policies))));
    }
}
