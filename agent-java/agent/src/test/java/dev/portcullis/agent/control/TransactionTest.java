// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Message;
import dev.portcullis.agent.v1.StoredObject;
import dev.portcullis.api.v1.Change;
import dev.portcullis.api.v1.Metadata;
import dev.portcullis.api.v1.Policy;
import dev.portcullis.api.v1.PolicySpec;
import dev.portcullis.api.v1.Port;
import dev.portcullis.api.v1.ProxyProtocol;
import dev.portcullis.api.v1.Resource;
import dev.portcullis.api.v1.ResourceSpec;
import dev.portcullis.api.v1.Rule;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.HostAddresses;
import dev.portcullis.policy.model.ObjectKind;
import dev.portcullis.policy.model.ObjectName;
import dev.portcullis.policy.validation.Quota;
import dev.portcullis.policy.validation.Violation;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TransactionTest {
    private static final HostAddresses HOST = HostAddresses.of(List.of());

    private final Map<StoredObject, Message> disk = new HashMap<>();
    private Revision revision =
            new Revision(
                    0,
                    Instant.EPOCH,
                    Revision.emptyObjects(),
                    DesiredState.EMPTY,
                    Optional.empty(),
                    Optional.empty());

    private static Policy policy(String name, String... sources) {
        PolicySpec.Builder spec = PolicySpec.newBuilder().setType("ip");
        Arrays.stream(sources).forEach(s -> spec.addRules(Rule.newBuilder().setSource(s)));
        return Policy.newBuilder()
                .setMetadata(Metadata.newBuilder().setName(name))
                .setSpec(spec)
                .build();
    }

    private static Resource resource(String name, int port, String... policies) {
        return Resource.newBuilder()
                .setMetadata(Metadata.newBuilder().setName(name))
                .setSpec(
                        ResourceSpec.newBuilder()
                                .addPorts(Port.newBuilder().setProtocol("TCP").setPort(port))
                                .addAllPolicies(List.of(policies)))
                .build();
    }

    private Transaction push(boolean replace, String owner, Message... objects) {
        Transaction transaction = new Transaction(revision, disk::get);
        transaction.push(new Push(List.of(objects), owner, replace, Terms.NONE));
        return transaction;
    }

    /** Pushes and takes the result for the next revision. */
    private Transaction pushed(Message... objects) {
        Transaction transaction = push(false, "default", objects);
        DesiredState state = transaction.check(HOST);
        for (Message object : objects) {
            disk.put(transaction.objects().get(Transaction.nameOf(object)), object);
        }
        revision =
                new Revision(
                        revision.number() + 1,
                        Instant.EPOCH,
                        transaction.objects(),
                        state,
                        Optional.empty(),
                        Optional.empty());
        return transaction;
    }

    private static List<String> changes(Transaction transaction) {
        return transaction.plan().getChangesList().stream().map(TransactionTest::text).toList();
    }

    private static String text(Change change) {
        return (change.getAction().name().substring("ACTION_".length())
                        + " "
                        + change.getObject().getName()
                        + " "
                        + change.getDetail())
                .strip();
    }

    @Test
    void the_plan_tells_what_is_added_changed_and_unchanged() {
        pushed(policy("office", "192.0.2.1", "192.0.2.2"), resource("web", 80, "office"));

        Transaction next =
                push(
                        false,
                        "default",
                        policy("office", "192.0.2.2", "192.0.2.3"),
                        policy("vpn"),
                        resource("web", 80, "office"));

        assertThat(changes(next))
                .containsExactly("CHANGED office rules: 1 added, 1 removed", "ADDED vpn");
        assertThat(next.plan().getUnchanged()).isEqualTo(1);
    }

    @Test
    void a_push_of_what_is_there_changes_nothing() {
        pushed(policy("office", "192.0.2.1"));

        assertThat(push(false, "default", policy("office", "192.0.2.1")).changesNothing()).isTrue();
    }

    @Test
    void replace_removes_what_the_owner_had_and_nothing_of_others() {
        pushed(policy("mine"), policy("kept"));
        Transaction theirs = push(false, "others", policy("theirs"));
        revision =
                new Revision(
                        2,
                        Instant.EPOCH,
                        theirs.objects(),
                        theirs.check(HOST),
                        Optional.empty(),
                        Optional.empty());

        Transaction next = push(true, "default", policy("kept"));

        assertThat(changes(next)).containsExactly("REMOVED mine");
    }

    @Test
    void an_object_of_another_owner_is_not_changed() {
        pushed(policy("office", "192.0.2.1"));

        assertThatThrownBy(() -> push(false, "others", policy("office", "192.0.2.9")).check(HOST))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("policy office")
                .hasMessageContaining("belongs to the owner \"default\"");
    }

    @Test
    void a_policy_in_use_is_not_removed_and_the_resources_are_named() {
        pushed(policy("office"), resource("web", 80, "office"), resource("db", 81, "office"));
        Transaction removal = new Transaction(revision, disk::get);
        removal.remove(
                new Removal(List.of(new ObjectName(ObjectKind.POLICY, "office")), Terms.NONE));

        assertThatThrownBy(() -> removal.check(HOST))
                .isInstanceOfSatisfying(
                        Refusal.class, e -> assertThat(e.why()).isEqualTo(Refusal.Cause.CONFLICT))
                .hasMessageContaining("resources db, web");
    }

    @Test
    void a_policy_goes_together_with_its_last_resource() {
        pushed(policy("office"), resource("web", 80, "office"));
        Transaction removal = new Transaction(revision, disk::get);
        removal.remove(
                new Removal(
                        List.of(
                                new ObjectName(ObjectKind.POLICY, "office"),
                                new ObjectName(ObjectKind.RESOURCE, "web")),
                        Terms.NONE));

        assertThat(removal.check(HOST)).isEqualTo(DesiredState.EMPTY);
    }

    @Test
    void every_violation_is_collected_also_of_objects_that_are_wrong_themselves() {
        Resource wrong = resource("web", 70_000, "offcie");
        Transaction transaction =
                push(false, "default", policy("office", "192.0.2.0/33"), wrong, wrong);

        assertThatThrownBy(() -> transaction.check(HOST))
                .isInstanceOfSatisfying(
                        Refusal.class,
                        e ->
                                assertThat(e.violations())
                                        .extracting(Violation::path)
                                        .contains(
                                                "policy office: spec.rules[0].source",
                                                "resource web: spec.ports[0].port",
                                                "resource web: spec.policies[0]",
                                                "resource web: metadata.name"));
    }

    @Test
    void a_tie_is_told_together_with_other_violations_and_a_refused_resource_ties_with_none() {
        Transaction transaction =
                push(
                        false,
                        "default",
                        policy("office", "192.0.2.0/33"),
                        resource("web", 80, "office"),
                        resource("shop", 80, "office"),
                        resource("wrong", 70_000, "office"));

        assertThatThrownBy(() -> transaction.check(HOST))
                .isInstanceOfSatisfying(
                        Refusal.class,
                        e ->
                                assertThat(e.violations())
                                        .extracting(Violation::path)
                                        .containsExactlyInAnyOrder(
                                                "policy office: spec.rules[0].source",
                                                "resource wrong: spec.ports[0].port",
                                                "resource web: spec.ports[0]"));
    }

    @Test
    void more_prefixes_than_the_capacity_are_refused() {
        String[] sources = new String[11];
        Arrays.setAll(sources, i -> "192.0.2." + i);

        DesiredState state = push(false, "default", policy("office", sources)).check(HOST);

        assertThatThrownBy(() -> Transaction.requireRoom(state, Map.of(), new Quota(10, 20, 10)))
                .isInstanceOfSatisfying(
                        Refusal.class, e -> assertThat(e.why()).isEqualTo(Refusal.Cause.TOO_MUCH))
                .hasMessageContaining("capacity.prefixes");
    }

    private static Policy byDefault(String name, String region) {
        Policy policy = policy(name, "192.0.2.1");
        return policy.toBuilder()
                .setSpec(policy.getSpec().toBuilder().setIncludeByDefault(true).setRegion(region))
                .build();
    }

    private static Resource inRegion(Resource resource, String region) {
        return resource.toBuilder()
                .setSpec(resource.getSpec().toBuilder().setRegion(region))
                .build();
    }

    @Test
    void a_policy_included_by_default_goes_to_new_resources_of_its_region_alone() {
        pushed(inRegion(resource("old", 80), "r1"), byDefault("base", "r1"));

        Transaction next =
                push(
                        false,
                        "default",
                        inRegion(resource("new", 81), "r1"),
                        inRegion(resource("elsewhere", 82), "r2"),
                        resource("nowhere", 83));

        assertThat(next.check(HOST).associated())
                .containsEntry("new", List.of("base"))
                .containsEntry("old", List.of())
                .containsEntry("elsewhere", List.of())
                .containsEntry("nowhere", List.of());
    }

    @Test
    void a_policy_included_by_default_is_not_attached_in_its_own_push() {
        Transaction push = push(false, "default", byDefault("base", ""), resource("new", 81));

        assertThat(push.check(HOST).associated()).containsEntry("new", List.of());
    }

    @Test
    void what_is_included_by_default_outlives_a_replacing_push_and_goes_with_its_resource() {
        pushed(byDefault("base", ""));
        Transaction made = push(false, "default", resource("new", 81));
        DesiredState state = made.check(HOST);
        revision =
                new Revision(
                        2,
                        Instant.EPOCH,
                        made.objects(),
                        state,
                        Optional.empty(),
                        Optional.empty());

        Transaction replaced = push(true, "default", byDefault("base", ""), resource("new", 81));
        Transaction removed = push(true, "default", byDefault("base", ""));

        assertThat(replaced.check(HOST).associated()).containsEntry("new", List.of("base"));
        assertThat(removed.check(HOST).associations()).isEmpty();
    }

    @Test
    void associate_attaches_once_and_dissociate_takes_it_out_of_the_resource_too() {
        pushed(policy("office"), policy("vpn"), resource("web", 80, "office"));

        Transaction again = new Transaction(revision, disk::get);
        again.associate(attachment("office", "web"));
        Transaction more = new Transaction(revision, disk::get);
        more.associate(attachment("vpn", "web"));
        Transaction less = new Transaction(revision, disk::get);
        less.dissociate(attachment("office", "web"));

        assertThat(again.changesNothing()).isTrue();
        assertThat(more.check(HOST).associated()).containsEntry("web", List.of("office", "vpn"));
        assertThat(less.check(HOST).associated()).containsEntry("web", List.of());
        assertThat(less.plan().getWarningsList())
                .anySatisfy(w -> assertThat(w).contains("resource web: is open to all"));
    }

    @Test
    void what_is_not_associated_or_not_there_can_not_be_dissociated() {
        pushed(policy("office"), resource("web", 80));
        Transaction none = new Transaction(revision, disk::get);
        none.dissociate(attachment("office", "web"));
        Transaction mistyped = new Transaction(revision, disk::get);
        mistyped.associate(attachment("offcie", "web"));

        assertThatThrownBy(() -> none.check(HOST)).hasMessageContaining("is not associated");
        assertThatThrownBy(() -> mistyped.check(HOST)).hasMessageContaining("did you mean");
    }

    @Test
    void a_policy_and_a_resource_of_different_regions_can_not_be_associated() {
        Policy there = policy("there").toBuilder().build();
        Policy.Builder moved = there.toBuilder();
        moved.getSpecBuilder().setRegion("r2");
        Transaction push =
                push(
                        false,
                        "default",
                        moved.build(),
                        inRegion(resource("here", 80, "there"), "r1"));

        assertThatThrownBy(() -> push.check(HOST))
                .hasMessageContaining(
                        "policy there is of region r2, and resource here of region r1");
    }

    private static Attachment attachment(String policy, String resource) {
        return new Attachment(policy, resource, "default", Terms.NONE);
    }

    private Transaction restored(Revision earlier) {
        Transaction transaction = new Transaction(revision, disk::get);
        transaction.restore(earlier.objects());
        return transaction;
    }

    @Test
    void a_rollback_brings_back_exactly_the_objects_of_an_earlier_revision() {
        pushed(policy("office", "192.0.2.1"), policy("old"), resource("web", 80, "office"));
        Revision earlier = revision;
        pushed(policy("office", "192.0.2.9"), policy("new"));
        Transaction removal = new Transaction(revision, disk::get);
        removal.remove(new Removal(List.of(new ObjectName(ObjectKind.POLICY, "old")), Terms.NONE));
        revision =
                new Revision(
                        3,
                        Instant.EPOCH,
                        removal.objects(),
                        removal.check(HOST),
                        Optional.empty(),
                        Optional.empty());

        Transaction back = restored(earlier);

        assertThat(back.check(HOST)).isEqualTo(earlier.state());
        assertThat(back.objects()).isEqualTo(earlier.objects());
        assertThat(changes(back))
                .containsExactly(
                        "REMOVED new", "CHANGED office rules: 1 added, 1 removed", "ADDED old");
        assertThat(back.plan().getUnchanged()).isEqualTo(1);
    }

    @Test
    void a_rollback_to_what_is_in_force_changes_nothing() {
        pushed(policy("office", "192.0.2.1"));

        assertThat(restored(revision).changesNothing()).isTrue();
    }

    @Test
    void a_rollback_brings_back_owners_and_the_plan_tells_so() {
        pushed(policy("office", "192.0.2.1"));
        Revision earlier = revision;
        Transaction other = new Transaction(revision, disk::get);
        other.remove(new Removal(List.of(new ObjectName(ObjectKind.POLICY, "office")), Terms.NONE));
        revision =
                new Revision(
                        2,
                        Instant.EPOCH,
                        other.objects(),
                        other.check(HOST),
                        Optional.empty(),
                        Optional.empty());
        Transaction theirs = push(false, "platform", policy("office", "192.0.2.1"));
        disk.put(
                theirs.objects().get(new ObjectName(ObjectKind.POLICY, "office")),
                policy("office", "192.0.2.1"));
        revision =
                new Revision(
                        3,
                        Instant.EPOCH,
                        theirs.objects(),
                        theirs.check(HOST),
                        Optional.empty(),
                        Optional.empty());

        assertThat(changes(restored(earlier)))
                .containsExactly("CHANGED office owner: \"platform\" → \"default\"");
    }

    @Test
    void a_rollback_takes_away_what_came_since() {
        pushed(policy("office", "192.0.2.1"), resource("web", 80, "office"));
        Revision earlier = revision;
        pushed(resource("db", 81, "office"));

        Transaction back = restored(earlier);

        assertThat(changes(back)).containsExactly("REMOVED db");
        assertThat(back.check(HOST)).isEqualTo(earlier.state());
    }

    @Test
    void policies_about_endpoints_without_balancers_that_could_name_them_are_told() {
        Policy endpoints =
                policy("endpoints").toBuilder()
                        .setSpec(
                                PolicySpec.newBuilder()
                                        .setType("vpce")
                                        .addRules(
                                                Rule.newBuilder()
                                                        .setSource("vpce-08d2bf15fac5001c9")))
                        .build();
        Resource direct = resource("direct", 9200, "endpoints");
        Resource behind =
                resource("behind", 9300, "endpoints").toBuilder()
                        .setSpec(
                                resource("behind", 9300, "endpoints").getSpec().toBuilder()
                                        .setProxyProtocol(
                                                ProxyProtocol.newBuilder().addFrom("10.0.0.0/28")))
                        .build();

        Transaction transaction = push(false, "default", endpoints, direct, behind);
        transaction.check(HOST);

        assertThat(transaction.plan().getWarningsList())
                .containsExactly(
                        "resource direct: its policies about private endpoints never match, because"
                                + " no load balancer in front of it is named in"
                                + " spec.proxyProtocol.from");
    }
}
