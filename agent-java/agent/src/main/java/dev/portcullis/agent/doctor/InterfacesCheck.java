// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.doctor;

import dev.portcullis.dataplane.Dataplane;
import dev.portcullis.dataplane.InterfaceState;
import dev.portcullis.dataplane.InterfaceSurvey;
import dev.portcullis.dataplane.LeftAlone;
import dev.portcullis.dataplane.SeenInterface;
import dev.portcullis.libbpf.Libbpf;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The interfaces that agent.yaml guards. */
final class InterfacesCheck implements Check {
    private final Host host;
    private final Optional<Libbpf> libbpf;
    private final Optional<Dataplane.Options> options;

    /**
     * @param options of agent.yaml, if it can be read
     */
    InterfacesCheck(Host host, Optional<Libbpf> libbpf, Optional<Dataplane.Options> options) {
        this.host = host;
        this.libbpf = libbpf;
        this.options = options;
    }

    @Override
    public Subject subject() {
        return Subject.INTERFACES;
    }

    @Override
    public String name() {
        return "interfaces";
    }

    @Override
    public List<Finding> findings() throws IOException {
        if (options.isEmpty()) {
            return List.of(
                    subject()
                            .unknown(
                                    name(),
                                    "which are to be guarded is not known without agent.yaml",
                                    "do what \"agent.yaml\" above says, and ask again"));
        }
        if (libbpf.isEmpty()) {
            return List.of(
                    subject()
                            .unknown(
                                    name(),
                                    "the kernel can't be asked for them without libbpf",
                                    "see \"libbpf\" above, and ask again"));
        }
        return findings(
                InterfaceSurvey.take(
                        libbpf.get(), options.get().interfaces(), options.get().bpffs()),
                options.get().generic());
    }

    List<Finding> findings(InterfaceSurvey survey, boolean generic) throws IOException {
        List<Finding> findings = new ArrayList<>();
        for (SeenInterface one : survey.guarded()) {
            findings.addAll(new InterfaceFindings(new NetworkFiles(host), one, generic).all());
        }
        survey.leftAlone().forEach(one -> findings.add(leftAlone(one)));
        survey.problems().forEach(one -> findings.add(problem(one)));
        survey.idlePatterns().forEach(pattern -> findings.add(idle(pattern)));
        return findings;
    }

    private Finding leftAlone(LeftAlone one) {
        return subject().ok(one.name(), "left alone: " + one.reason());
    }

    /** The last part of a problem's sentence is what helps. */
    private Finding problem(InterfaceState one) {
        int end = one.problem().lastIndexOf(": ");
        return subject()
                .failed(
                        one.name(),
                        one.problem().substring(0, end),
                        one.problem().substring(end + 2));
    }

    private Finding idle(String pattern) {
        return subject()
                .warning(
                        pattern,
                        "no interface matches now",
                        "correct \"interfaces\" in agent.yaml, unless some will come");
    }
}
