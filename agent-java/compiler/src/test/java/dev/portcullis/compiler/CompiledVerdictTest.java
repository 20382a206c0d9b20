// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.policy.model.Decision;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.reference.Fragment;
import dev.portcullis.policy.reference.ReferencePacket;
import dev.portcullis.policy.reference.ReferencePacket.Ip;
import dev.portcullis.policy.testing.Scenario;
import dev.portcullis.policy.testing.StateGenerator;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Images of generated states, judged by without a kernel; {@code -Dportcullis.seed=N} draws others.
 */
class CompiledVerdictTest {
    private static final long SEED = Long.getLong("portcullis.seed", 20_261_124);

    static Stream<Long> seeds() {
        return LongStream.range(SEED, SEED + 100).boxed();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void an_image_judges_whole_packets_with_ports_as_the_reference_model(long seed) {
        Scenario scenario = StateGenerator.bothWays(seed, 200);
        ImageJudge judge = new ImageJudge(compile(scenario, scenario.state()));

        Map<ReferencePacket, Decision> actual = new LinkedHashMap<>();
        Map<ReferencePacket, Decision> expected = new LinkedHashMap<>();
        for (ReferencePacket packet : scenario.packets()) {
            if (packet instanceof Ip ip && isWholeWithPorts(ip)) {
                Decision right = scenario.answer(ip).decision();
                if (!right.resource().isEmpty() && judge.judges(ip.direction())) {
                    expected.put(ip, right);
                    actual.put(ip, judge.judge(ip, scenario.environment().workloads()));
                }
            }
        }

        assertThat(actual).isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void an_image_does_not_depend_on_the_order_in_which_objects_came(long seed) {
        Scenario scenario = StateGenerator.bothWays(seed, 0);
        DesiredState state = scenario.state();
        DesiredState reversed =
                new DesiredState(
                        reversed(state.policies()),
                        reversed(state.resources()),
                        reversed(state.associations()),
                        reversed(state.sets()));

        assertThat(describe(compile(scenario, reversed)))
                .isEqualTo(describe(compile(scenario, state)));
    }

    private static boolean isWholeWithPorts(Ip packet) {
        return packet.fragment() == Fragment.WHOLE && packet.ports().isPresent();
    }

    private static Image compile(Scenario scenario, DesiredState state) {
        return Compiler.compile(
                state, scenario.failsafe(), scenario.environment(), DecisionIds.none());
    }

    /** The same entries, put in from the last to the first. */
    private static <T> SortedMap<String, T> reversed(SortedMap<String, T> objects) {
        List<String> names = new ArrayList<>(objects.keySet());
        Collections.reverse(names);
        SortedMap<String, T> reversed = new TreeMap<>();
        names.forEach(name -> reversed.put(name, objects.get(name)));
        return reversed;
    }

    private static List<Object> describe(Image image) {
        return List.of(
                image.cells(),
                image.rows(),
                image.verdicts(),
                image.proxies(),
                image.endpoints(),
                image.endpointClasses(),
                image.classes(),
                image.decisions().byNumber(),
                rows(image.sources4()),
                rows(image.sources6()),
                image.egress().map(CompiledVerdictTest::describe).orElse(List.of()),
                rows(image.locals4()),
                rows(image.locals6()));
    }

    private static List<Object> describe(Image.Egress egress) {
        return List.of(
                egress.cells(),
                egress.classes(),
                egress.remotePorts(),
                egress.workloads(),
                rows(egress.targets4()),
                rows(egress.targets6()));
    }

    private static List<String> rows(PrefixTable table) {
        List<String> rows = new ArrayList<>();
        for (int row = 0; row < table.size(); row++) {
            rows.add(table.prefix(row) + " " + table.value(row));
        }
        return rows;
    }
}
