// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import com.google.protobuf.Message;
import dev.portcullis.api.v1.GetRequest;
import dev.portcullis.api.v1.GetResponse;
import dev.portcullis.api.v1.ListUsageRequest;
import dev.portcullis.api.v1.ListUsageResponse;
import dev.portcullis.api.v1.Policy;
import dev.portcullis.api.v1.Resource;
import dev.portcullis.api.v1.ResourceStatus;
import dev.portcullis.api.v1.StatusRequest;
import dev.portcullis.policy.file.DocumentWriter;
import dev.portcullis.policy.model.ObjectKind;
import dev.portcullis.policy.transfer.ObjectJoiner;
import io.grpc.stub.BlockingClientCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "get",
        description = {
            "Prints the agent's objects, all as of one revision: what each policy protects and when it"
                    + " last matched; of one policy also each of its rules.",
            "",
            "With -o yaml as apply -f takes them back; with -o json as {\"revision\": …, \"items\":"
                    + " […]}."
        },
        footer = {
            "  portcullis get",
            "  portcullis get policies",
            "  portcullis get policy office",
            "  portcullis get associations",
            "  portcullis get policy office -o yaml",
            "  portcullis get -o yaml > backup.yaml"
        })
final class GetCommand implements Callable<Integer> {
    @ParentCommand private Portcullis portcullis;
    @Mixin private OutputOption output;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "KIND",
            description = "policies, resources, associations or address-sets (default: all)")
    private String kind;

    @Parameters(index = "1", arity = "0..1", paramLabel = "NAME", description = "one of them")
    private String name;

    @Override
    public Integer call() {
        Optional<ObjectKind> of =
                Optional.ofNullable(kind)
                        .map(word ->
                                Kinds.of(word)
                                        .orElseThrow(() ->
                                                portcullis.wrong("the kind must be " + Kinds.ALL)));
        GetRequest.Builder request = GetRequest.newBuilder();
        of.map(ObjectKind::text).ifPresent(request::setKind);
        if (name != null) {
            request.setName(name);
        }
        try (AgentConnection agent = portcullis.connect()) {
            print(agent.run(stub -> Answer.of(stub.get(request.build()))), of, agent);
        }
        return ExitCodes.OK;
    }

    private void print(Answer answer, Optional<ObjectKind> of, AgentConnection agent) {
        if (name != null && answer.objects.isEmpty()) {
            throw CommandFailure.refused(
                    "no "
                            + of.map(ObjectKind::label).orElse("object")
                            + " is named \""
                            + name
                            + "\": see \"portcullis get\"");
        }
        portcullis
                .out()
                .print(
                        switch (output.format) {
                            case table -> table(answer, of, agent);
                            case yaml -> DocumentWriter.yaml(answer.objects);
                            case json -> answer.json();
                        });
        portcullis.out().flush();
    }

    private String table(Answer answer, Optional<ObjectKind> of, AgentConnection agent) {
        return answer.objects.isEmpty()
                ? ObjectTables.none(of)
                : ObjectTables.of(answer.objects, usage(answer, agent), statuses(answer, agent));
    }

    /**
     * What policies a resource has is for the agent to know: associations are written elsewhere.
     */
    private static List<ResourceStatus> statuses(Answer answer, AgentConnection agent) {
        return answer.hasAny(Resource.class)
                ? agent.ask(stub -> stub.status(StatusRequest.getDefaultInstance()))
                        .getResourcesList()
                : List.of();
    }

    /** Of the policies that were asked for; of one that was named also its rules. */
    private List<ListUsageResponse> usage(Answer answer, AgentConnection agent) {
        if (!answer.hasAny(Policy.class)) {
            return List.of();
        }
        boolean one = name != null;
        ListUsageRequest request =
                ListUsageRequest.newBuilder().setPolicy(one ? name : "").setRules(one).build();
        return agent.run(stub -> {
            BlockingClientCall<?, ListUsageResponse> parts = stub.listUsage(request);
            List<ListUsageResponse> usage = new ArrayList<>();
            for (ListUsageResponse part = parts.read(); part != null; part = parts.read()) {
                usage.add(part);
            }
            return usage;
        });
    }

    private record Answer(long revision, List<Message> objects) {
        static Answer of(BlockingClientCall<?, GetResponse> parts)
                throws InterruptedException, io.grpc.StatusException {
            long revision = 0;
            ObjectJoiner joiner = new ObjectJoiner();
            for (GetResponse part = parts.read(); part != null; part = parts.read()) {
                switch (part.getResponseCase()) {
                    case REVISION -> revision = part.getRevision();
                    case OBJECT -> joiner.add(part.getObject());
                    case RESPONSE_NOT_SET -> {}
                }
            }
            return new Answer(revision, joiner.objects());
        }

        boolean hasAny(Class<? extends Message> kind) {
            return objects.stream().anyMatch(kind::isInstance);
        }

        /** The revision is a string, as 64-bit numbers are in the canonical JSON of protobuf. */
        String json() {
            String items = DocumentWriter.json(objects).strip().replace("\n", "\n  ");
            return "{\n  \"revision\": \""
                    + Long.toUnsignedString(revision)
                    + "\",\n  \"items\": "
                    + items
                    + "\n}\n";
        }
    }
}
