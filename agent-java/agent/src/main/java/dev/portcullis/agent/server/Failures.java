// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.server;

import com.google.protobuf.Any;
import com.google.rpc.BadRequest;
import dev.portcullis.agent.control.Refusal;
import dev.portcullis.agent.store.StoreException;
import dev.portcullis.policy.validation.Violation;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.protobuf.StatusProto;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Refusals as gRPC statuses. */
final class Failures {
    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    /**
     * Fits the 8 KiB of metadata that gRPC clients take unless told otherwise, also after base64.
     */
    private static final int DEFAULT_VIOLATIONS = 30;

    private static final int DEFAULT_BYTES = 5_000;
    private static final int MAX_BYTES = 4 << 20;
    private static final int MAX_SENTENCE = 1_000;

    private Failures() {}

    static StatusException of(RuntimeException failure) {
        return of(failure, 0);
    }

    /**
     * @param maxViolations how many to list; 0 for what every client can take
     */
    static StatusException of(RuntimeException failure, int maxViolations) {
        if (failure instanceof StoreException) {
            return Status.UNAVAILABLE.withDescription(failure.getMessage()).asException();
        }
        if (!(failure instanceof Refusal refusal)) {
            LOG.error("event=call_failed", failure);
            return Status.INTERNAL
                    .withDescription(
                            "the agent failed ("
                                    + failure.getClass().getSimpleName()
                                    + "); its log tells more")
                    .asException();
        }
        com.google.rpc.Status.Builder status =
                com.google.rpc.Status.newBuilder()
                        .setCode(code(refusal.why()).value())
                        .setMessage(shortened(refusal.getMessage()));
        if (!refusal.violations().isEmpty()) {
            status.addDetails(Any.pack(details(refusal.violations(), maxViolations)));
        }
        return StatusProto.toStatusException(status.build());
    }

    private static Status.Code code(Refusal.Cause why) {
        return switch (why) {
            case INVALID -> Status.Code.INVALID_ARGUMENT;
            case CONFLICT -> Status.Code.FAILED_PRECONDITION;
            case OUTDATED -> Status.Code.ABORTED;
            case NOT_FOUND -> Status.Code.NOT_FOUND;
            case TOO_MUCH -> Status.Code.RESOURCE_EXHAUSTED;
            case UNAVAILABLE -> Status.Code.UNAVAILABLE;
        };
    }

    private static String shortened(String sentence) {
        return sentence.length() <= MAX_SENTENCE
                ? sentence
                : sentence.substring(0, MAX_SENTENCE) + "…";
    }

    private static BadRequest details(List<Violation> violations, int maxViolations) {
        int most = maxViolations == 0 ? DEFAULT_VIOLATIONS : maxViolations;
        int room = maxViolations == 0 ? DEFAULT_BYTES : MAX_BYTES;
        BadRequest.Builder details = BadRequest.newBuilder();
        for (Violation violation : violations) {
            BadRequest.FieldViolation told =
                    BadRequest.FieldViolation.newBuilder()
                            .setField(violation.path())
                            .setDescription(violation.message())
                            .build();
            room -= told.getSerializedSize();
            if (details.getFieldViolationsCount() == most || room < 0) {
                break;
            }
            details.addFieldViolations(told);
        }
        return details.build();
    }
}
