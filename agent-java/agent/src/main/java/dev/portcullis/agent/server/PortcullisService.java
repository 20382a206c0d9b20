// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.server;

import com.google.protobuf.Timestamp;
import dev.portcullis.agent.control.Attachment;
import dev.portcullis.agent.control.Control;
import dev.portcullis.agent.control.Explainer;
import dev.portcullis.agent.control.Explanation;
import dev.portcullis.agent.control.Outcome;
import dev.portcullis.agent.control.Refusal;
import dev.portcullis.agent.control.Removal;
import dev.portcullis.agent.control.Rollback;
import dev.portcullis.agent.control.RolledBack;
import dev.portcullis.agent.control.Times;
import dev.portcullis.api.v1.ApplyRequest;
import dev.portcullis.api.v1.ApplyResponse;
import dev.portcullis.api.v1.AssociateRequest;
import dev.portcullis.api.v1.ConfirmRequest;
import dev.portcullis.api.v1.ConfirmResponse;
import dev.portcullis.api.v1.DeleteRequest;
import dev.portcullis.api.v1.DeleteResponse;
import dev.portcullis.api.v1.DetachRequest;
import dev.portcullis.api.v1.DetachResponse;
import dev.portcullis.api.v1.DiffResponse;
import dev.portcullis.api.v1.DissociateRequest;
import dev.portcullis.api.v1.ExplainRequest;
import dev.portcullis.api.v1.ExplainResponse;
import dev.portcullis.api.v1.GetRequest;
import dev.portcullis.api.v1.GetResponse;
import dev.portcullis.api.v1.ListHistoryRequest;
import dev.portcullis.api.v1.ListHistoryResponse;
import dev.portcullis.api.v1.ListUsageRequest;
import dev.portcullis.api.v1.ListUsageResponse;
import dev.portcullis.api.v1.ObjectReference;
import dev.portcullis.api.v1.PortcullisGrpc;
import dev.portcullis.api.v1.RollbackRequest;
import dev.portcullis.api.v1.RollbackResponse;
import dev.portcullis.api.v1.StatusRequest;
import dev.portcullis.api.v1.StatusResponse;
import dev.portcullis.api.v1.TopRequest;
import dev.portcullis.api.v1.TopResponse;
import dev.portcullis.api.v1.WatchDropsRequest;
import dev.portcullis.api.v1.WatchDropsResponse;
import dev.portcullis.dataplane.Dataplane;
import dev.portcullis.dataplane.InterfaceState;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.ObjectKind;
import dev.portcullis.policy.model.ObjectName;
import dev.portcullis.policy.model.Rule;
import dev.portcullis.policy.model.Verdict;
import dev.portcullis.policy.validation.Quoted;
import dev.portcullis.policy.validation.Suggestion;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** The service of proto/portcullis/v1. */
public final class PortcullisService extends PortcullisGrpc.PortcullisImplBase {
    private final Control control;
    private final Dataplane dataplane;
    private final Explainer explainer;
    private final Supplier<StatusResponse> status;

    public PortcullisService(
            Control control, Dataplane dataplane, Supplier<StatusResponse> status) {
        this.control = control;
        this.dataplane = dataplane;
        this.explainer = new Explainer(control, dataplane);
        this.status = status;
    }

    private static <T> void answer(StreamObserver<T> to, Supplier<T> question) {
        answerAll(to, () -> List.of(question.get()));
    }

    private static <T> void answerAll(StreamObserver<T> to, Supplier<List<T>> question) {
        List<T> answers;
        try {
            answers = question.get();
        } catch (RuntimeException e) {
            to.onError(Failures.of(e));
            return;
        }
        answers.forEach(to::onNext);
        to.onCompleted();
    }

    @Override
    public StreamObserver<ApplyRequest> apply(StreamObserver<ApplyResponse> answer) {
        return new ApplyCall<>(
                push -> List.of(response(control.push(push, Callers.current()))), answer);
    }

    @Override
    public StreamObserver<ApplyRequest> diff(StreamObserver<DiffResponse> answer) {
        return new ApplyCall<>(push -> DiffMessages.of(control.difference(push)), answer);
    }

    @Override
    public void listUsage(ListUsageRequest request, StreamObserver<ListUsageResponse> answer) {
        answerAll(answer, () -> new UsageReport(control, dataplane).list(request));
    }

    @Override
    public void get(GetRequest request, StreamObserver<GetResponse> answer) {
        ObjectSender.send(
                () -> control.select(kind(request.getKind()), request.getName()),
                (ServerCallStreamObserver<GetResponse>) answer);
    }

    private static Optional<ObjectKind> kind(String text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        List<String> known = ObjectKind.texts();
        return Optional.of(
                ObjectKind.of(text)
                        .orElseThrow(() ->
                                new Refusal(
                                        Refusal.Cause.INVALID,
                                        "kind: "
                                                + Quoted.of(text)
                                                + " is not known"
                                                + Suggestion.didYouMean(text, known)
                                                + "; write "
                                                + String.join(" or ", known))));
    }

    @Override
    public void delete(DeleteRequest request, StreamObserver<DeleteResponse> answer) {
        answer(
                answer,
                () -> {
                    Outcome outcome = control.remove(removal(request), Callers.current());
                    DeleteResponse.Builder response =
                            DeleteResponse.newBuilder()
                                    .setRevision(outcome.revision())
                                    .setPlan(outcome.plan());
                    confirmBy(outcome).ifPresent(response::setConfirmBy);
                    return response.build();
                });
    }

    private static Removal removal(DeleteRequest request) {
        List<ObjectName> objects = new ArrayList<>();
        for (ObjectReference object : request.getObjectsList()) {
            ObjectKind kind =
                    kind(object.getKind())
                            .orElseThrow(() ->
                                    new Refusal(
                                            Refusal.Cause.INVALID, "objects: a kind is missing"));
            objects.add(new ObjectName(kind, object.getName()));
        }
        return new Removal(
                objects,
                ChangeTerms.of(
                        request.getDryRun(),
                        revision(request.hasExpectedRevision(), request.getExpectedRevision()),
                        request.getForce(),
                        request.getConfirmTimeout()));
    }

    /** A revision, if the request has one. */
    static OptionalLong revision(boolean given, long revision) {
        return given ? OptionalLong.of(revision) : OptionalLong.empty();
    }

    @Override
    public void associate(AssociateRequest request, StreamObserver<ApplyResponse> answer) {
        answer(answer, () -> response(control.associate(attachment(request), Callers.current())));
    }

    private static Attachment attachment(AssociateRequest request) {
        return new Attachment(
                request.getPolicy(),
                request.getResource(),
                ApplyCall.owner(request.getOwner()),
                ChangeTerms.of(
                        request.getDryRun(),
                        revision(request.hasExpectedRevision(), request.getExpectedRevision()),
                        request.getForce(),
                        request.getConfirmTimeout()));
    }

    @Override
    public void dissociate(DissociateRequest request, StreamObserver<ApplyResponse> answer) {
        answer(answer, () -> response(control.dissociate(attachment(request), Callers.current())));
    }

    private static Attachment attachment(DissociateRequest request) {
        return new Attachment(
                request.getPolicy(),
                request.getResource(),
                "",
                ChangeTerms.of(
                        request.getDryRun(),
                        revision(request.hasExpectedRevision(), request.getExpectedRevision()),
                        request.getForce(),
                        request.getConfirmTimeout()));
    }

    @Override
    public void listHistory(
            ListHistoryRequest request, StreamObserver<ListHistoryResponse> answer) {
        answerAll(
                answer,
                () ->
                        request.hasRevision()
                                ? List.of(control.history().one(request.getRevision()))
                                : control.history().list(request.getLimit()));
    }

    @Override
    public void rollback(RollbackRequest request, StreamObserver<RollbackResponse> answer) {
        answer(
                answer,
                () -> {
                    RolledBack done = control.rollback(rollbackOf(request), Callers.current());
                    RollbackResponse.Builder response =
                            RollbackResponse.newBuilder()
                                    .setRevision(done.outcome().revision())
                                    .setPlan(done.outcome().plan())
                                    .setToRevision(done.to());
                    confirmBy(done.outcome()).ifPresent(response::setConfirmBy);
                    return response.build();
                });
    }

    private static Rollback rollbackOf(RollbackRequest request) {
        return new Rollback(
                revision(request.hasToRevision(), request.getToRevision()),
                ChangeTerms.of(
                        request.getDryRun(),
                        revision(request.hasExpectedRevision(), request.getExpectedRevision()),
                        request.getForce(),
                        request.getConfirmTimeout()));
    }

    @Override
    public void confirm(ConfirmRequest request, StreamObserver<ConfirmResponse> answer) {
        answer(
                answer,
                () ->
                        ConfirmResponse.newBuilder()
                                .setRevision(
                                        control.confirm(
                                                revision(
                                                        request.hasRevision(),
                                                        request.getRevision()),
                                                Callers.current()))
                                .build());
    }

    private static Optional<Timestamp> confirmBy(Outcome outcome) {
        return outcome.confirmBy().map(Times::timestamp);
    }

    static ApplyResponse response(Outcome outcome) {
        ApplyResponse.Builder response =
                ApplyResponse.newBuilder().setRevision(outcome.revision()).setPlan(outcome.plan());
        confirmBy(outcome).ifPresent(response::setConfirmBy);
        return response.build();
    }

    @Override
    public void status(StatusRequest request, StreamObserver<StatusResponse> answer) {
        answer(answer, status);
    }

    @Override
    public void explain(ExplainRequest request, StreamObserver<ExplainResponse> answer) {
        answer(answer, () -> response(explainer.explain(request)));
    }

    private static ExplainResponse response(Explanation explanation) {
        return ExplainResponse.newBuilder()
                .setVerdict(explanation.decision().verdict() == Verdict.DROP ? "DROP" : "PASS")
                .setAudit(explanation.decision().audit())
                .setReason(explanation.decision().reason().label())
                .setResource(explanation.decision().resource())
                .setPolicy(explanation.decision().policy())
                .setRule(explanation.rule().map(Rule::subject).orElse(""))
                .setRuleIndex(explanation.ruleIndex())
                .setRuleField(explanation.ruleField())
                .setRuleDescription(explanation.rule().map(Rule::description).orElse(""))
                .setExplanation(explanation.sentence())
                .setGeneration(explanation.generation())
                .setInterface(explanation.interfaceName())
                .setDirection(explanation.decision().direction().label())
                .build();
    }

    @Override
    public void watchDrops(WatchDropsRequest request, StreamObserver<WatchDropsResponse> answer) {
        DropStream.start(dataplane, request, (ServerCallStreamObserver<WatchDropsResponse>) answer);
    }

    @Override
    public void top(TopRequest request, StreamObserver<TopResponse> answer) {
        TopStream.start(
                () -> TopQuestion.of(request, control.state()),
                dataplane,
                (ServerCallStreamObserver<TopResponse>) answer);
    }

    @Override
    public void detach(DetachRequest request, StreamObserver<DetachResponse> answer) {
        answer(
                answer,
                () ->
                        DetachResponse.newBuilder()
                                .addAllInterfaces(
                                        request.getDryRun() ? guarded() : control.detach())
                                .addAllOpenedResources(protectedResources())
                                .build());
    }

    private List<String> protectedResources() {
        return control.state().associatedPolicies().entrySet().stream()
                .filter(entry -> DesiredState.isProtected(entry.getValue()))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    private List<String> guarded() {
        return dataplane.interfaces().stream()
                .filter(state -> state.mode() != InterfaceState.Mode.DETACHED)
                .map(InterfaceState::name)
                .toList();
    }
}
