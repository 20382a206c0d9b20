// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import dev.portcullis.policy.file.DocumentReader;
import dev.portcullis.policy.file.Documents;
import dev.portcullis.policy.file.OfflineCheck;
import dev.portcullis.policy.file.SourceText;
import dev.portcullis.policy.imports.Imported;
import dev.portcullis.policy.validation.Violation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "import",
        description = {
            "Makes policies and resources of the IP filters of other systems.",
            "",
            "The objects are written to standard output as YAML, with comments on what could not be"
                    + " carried over and why; standard error sums that up. Nothing is applied."
        },
        footer = {
            "  portcullis import elasticsearch /etc/elasticsearch/elasticsearch.yml > filters.yaml",
            "  portcullis import elastic-cloud rulesets.json > filters.yaml",
            "  portcullis apply -f filters.yaml --dry-run"
        },
        subcommands = {ImportElasticsearchCommand.class, ImportElasticCloudCommand.class})
final class ImportCommand implements Callable<Integer> {
    @ParentCommand private Portcullis portcullis;

    @Override
    public Integer call() {
        throw portcullis.wrong("what to import is missing, such as import elasticsearch");
    }

    /**
     * @param file its name, or {@code -}
     */
    int print(String file, Function<SourceText, Imported> read) {
        if (Files.isDirectory(Path.of(file))) {
            throw CommandFailure.refused(file + ": is a directory; name a file");
        }
        SourceText source = new InputFiles(System.in).read(List.of(file)).get(0);
        Imported imported = read.apply(source);
        refuse(imported.violations());
        String yaml = imported.yaml();
        String inventory = imported.objects().isEmpty() ? "nothing" : inventory(yaml);
        portcullis.out().print(yaml);
        portcullis.out().flush();
        tell(imported.lost(), inventory);
        return ExitCodes.OK;
    }

    /** What is in the objects, which are checked before they are shown. */
    private static String inventory(String yaml) {
        Documents documents = DocumentReader.read(List.of(new SourceText("import", yaml)));
        refuse(OfflineCheck.state(documents).violations());
        return Violations.inventory(documents);
    }

    private static void refuse(List<Violation> violations) {
        if (!violations.isEmpty()) {
            throw CommandFailure.refused(
                    Plural.of(violations.size(), "violation") + "; nothing was imported",
                    violations.stream().map(Violation::toString).toList());
        }
    }

    private void tell(List<String> lost, String inventory) {
        lost.forEach(sentence -> portcullis.err().println("not carried over: " + sentence));
        portcullis
                .err()
                .println(
                        "imported: "
                                + inventory
                                + (lost.isEmpty()
                                        ? ""
                                        : "; not carried over: "
                                                + Plural.of(lost.size(), "thing")
                                                + ", which the comments tell too"));
        portcullis.err().flush();
    }
}
