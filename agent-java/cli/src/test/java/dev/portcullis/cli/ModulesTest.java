// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The arrows between the parts, as docs/architecture.md draws them. */
class ModulesTest {
    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("dev.portcullis");

    @Test
    void each_part_depends_only_on_those_before_it() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("libbpf")
                .definedBy("dev.portcullis.libbpf", "dev.portcullis.libbpf.spi")
                .layer("jnr")
                .definedBy("dev.portcullis.libbpf.jnr")
                .layer("api")
                .definedBy("dev.portcullis.api..")
                .layer("policy")
                .definedBy("dev.portcullis.policy..")
                .layer("compiler")
                .definedBy("dev.portcullis.compiler..")
                .layer("dataplane")
                .definedBy("dev.portcullis.dataplane..")
                .layer("agent")
                .definedBy("dev.portcullis.agent..")
                .layer("cli")
                .definedBy("dev.portcullis.cli..")
                .whereLayer("cli")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("agent")
                .mayOnlyBeAccessedByLayers("cli")
                .whereLayer("dataplane")
                .mayOnlyBeAccessedByLayers("agent", "cli")
                .whereLayer("compiler")
                .mayOnlyBeAccessedByLayers("dataplane", "agent")
                .whereLayer("jnr")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("libbpf")
                .mayOnlyBeAccessedByLayers("jnr", "dataplane", "agent", "cli")
                .check(CLASSES);
    }

    @Test
    void packages_of_the_daemon_have_no_cycles() {
        slices().matching("dev.portcullis.agent.(*)..").should().beFreeOfCycles().check(CLASSES);
    }
}
