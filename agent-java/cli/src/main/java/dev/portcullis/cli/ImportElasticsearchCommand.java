// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import dev.portcullis.policy.imports.ElasticsearchImport;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "elasticsearch",
        description = {
            "Makes policies of the IP filters in a node's elasticsearch.yml.",
            "",
            "A policy of type allow_deny and a resource for each of transport, http, remote_cluster"
                    + " and every transport profile, on the ports of the file or their defaults"
                    + " 9300, 9200 and 9443."
        },
        footer = {
            "  portcullis import elasticsearch /etc/elasticsearch/elasticsearch.yml > filters.yaml",
            "  portcullis validate -f filters.yaml",
            "  portcullis apply -f filters.yaml --dry-run"
        })
final class ImportElasticsearchCommand implements Callable<Integer> {
    @ParentCommand private ImportCommand parent;

    @Parameters(paramLabel = "FILE", description = "elasticsearch.yml, or - for standard input")
    private String file;

    @Override
    public Integer call() {
        return parent.print(file, ElasticsearchImport::read);
    }
}
