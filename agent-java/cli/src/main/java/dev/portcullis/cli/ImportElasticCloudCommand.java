// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import dev.portcullis.policy.imports.ElasticCloudImport;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "elastic-cloud",
        description = {
            "Makes policies of the traffic filter rule sets of Elastic Cloud or Elastic Cloud"
                    + " Enterprise.",
            "",
            "A policy for each rule set, and a resource for each deployment that has some; where a"
                    + " deployment's addresses and ports are is left to fill in."
        },
        footer = {
            "  curl -H \"Authorization: ApiKey $API_KEY\" https://api.elastic-cloud.com/api/v1\\",
            "  /deployments/traffic-filter/rulesets?include_associations=true > rulesets.json",
            "  portcullis import elastic-cloud rulesets.json > filters.yaml",
        })
final class ImportElasticCloudCommand implements Callable<Integer> {
    @ParentCommand private ImportCommand parent;

    @Parameters(
            paramLabel = "FILE",
            description = "the answer of Elastic's interface as JSON, or - for standard input")
    private String file;

    @Override
    public Integer call() {
        return parent.print(file, ElasticCloudImport::read);
    }
}
