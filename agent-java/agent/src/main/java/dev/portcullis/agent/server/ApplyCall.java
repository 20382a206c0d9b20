// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.server;

import dev.portcullis.agent.control.Push;
import dev.portcullis.agent.control.Refusal;
import dev.portcullis.api.v1.ApplyOptions;
import dev.portcullis.api.v1.ApplyRequest;
import dev.portcullis.policy.transfer.ObjectJoiner;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.function.Function;

/**
 * One push, collected as it comes, and answered when the client has sent all of it.
 *
 * @param <R> the answers' type
 */
final class ApplyCall<R> implements StreamObserver<ApplyRequest> {
    /** Of the objects' bytes: room for some ten million rules. */
    private static final long MAX_BYTES = 512L << 20;

    private static final String DEFAULT_OWNER = "default";

    private final Function<Push, List<R>> carryOut;
    private final StreamObserver<R> answer;
    private final ObjectJoiner objects = new ObjectJoiner();
    private ApplyOptions options;
    private long bytes;
    private boolean refused;

    /**
     * @param carryOut what to do with the push; it gives the messages of the answer
     */
    ApplyCall(Function<Push, List<R>> carryOut, StreamObserver<R> answer) {
        this.carryOut = carryOut;
        this.answer = answer;
    }

    @Override
    public void onNext(ApplyRequest request) {
        if (refused) {
            return;
        }
        try {
            take(request);
        } catch (IllegalArgumentException e) {
            refuse(new Refusal(Refusal.Cause.INVALID, e.getMessage()));
        }
    }

    private void take(ApplyRequest request) {
        bytes += request.getSerializedSize();
        if (bytes > MAX_BYTES) {
            refuse(
                    new Refusal(
                            Refusal.Cause.TOO_MUCH,
                            "the push is larger than 512 MiB; push in several transactions"));
        } else if (request.hasOptions() != (options == null)) {
            refuse(
                    new Refusal(
                            Refusal.Cause.INVALID,
                            "the first message of the stream has to hold the options, and only the"
                                    + " first"));
        } else if (request.hasOptions()) {
            options = request.getOptions();
        } else {
            objects.add(request.getObject());
        }
    }

    private void refuse(Refusal refusal) {
        refused = true;
        answer.onError(Failures.of(refusal));
    }

    @Override
    public void onError(Throwable broken) {
        // The client went away before it had sent all: nothing was changed, and nobody to tell.
        refused = true;
    }

    @Override
    public void onCompleted() {
        if (refused) {
            return;
        }
        if (options == null) {
            refuse(
                    new Refusal(
                            Refusal.Cause.INVALID,
                            "the stream is empty; send the options first, then objects"));
            return;
        }
        try {
            carryOut.apply(push()).forEach(answer::onNext);
            answer.onCompleted();
        } catch (RuntimeException e) {
            answer.onError(Failures.of(e, options.getMaxViolations()));
        }
    }

    static String owner(String given) {
        return given.isEmpty() ? DEFAULT_OWNER : given;
    }

    private Push push() {
        return new Push(
                objects.objects(),
                owner(options.getOwner()),
                options.getReplace(),
                ChangeTerms.of(
                        options.getDryRun(),
                        PortcullisService.revision(
                                options.hasExpectedRevision(), options.getExpectedRevision()),
                        options.getForce(),
                        options.getConfirmTimeout()));
    }
}
