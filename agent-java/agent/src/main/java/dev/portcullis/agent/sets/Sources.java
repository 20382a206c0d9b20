// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.sets;

import dev.portcullis.agent.files.LocalFiles;
import dev.portcullis.agent.files.UnreadableFileException;
import dev.portcullis.policy.addresses.AddressList;
import dev.portcullis.policy.model.AddressSet;
import dev.portcullis.policy.model.ObjectKind;
import dev.portcullis.policy.model.ObjectName;
import dev.portcullis.policy.model.Prefix;
import dev.portcullis.policy.validation.Checked;
import dev.portcullis.policy.validation.Violation;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Reads sets from where they come. */
final class Sources {
    private final Downloads downloads = new Downloads(Downloads.TIMEOUT);

    /**
     * The set's content now. A file is read before this returns.
     *
     * @param last what is known of it, which is the answer if the source says that nothing changed
     * @return never fails: what is wrong are violations of the set's fields
     */
    CompletableFuture<Checked<SetCopy>> read(AddressSet set, Optional<SetCopy> last) {
        return answer(set, last.map(SetCopy::validators).orElse(Validators.NONE))
                .thenApply(answer -> copy(set, answer, last))
                .exceptionally(failure -> refused(set, failure));
    }

    private CompletableFuture<Answer> answer(AddressSet set, Validators last) {
        if (set.origin() instanceof AddressSet.Download download) {
            return downloads.fetch(download, last);
        }
        AddressSet.LocalFile file = (AddressSet.LocalFile) set.origin();
        try {
            byte[] bytes = LocalFiles.read(file.path(), "put the list there");
            return CompletableFuture.completedFuture(new Answer.Content(bytes, Validators.NONE));
        } catch (UnreadableFileException e) {
            return CompletableFuture.failedFuture(new SourceException("spec.file", e.getMessage()));
        }
    }

    private static Checked<SetCopy> copy(AddressSet set, Answer answer, Optional<SetCopy> last) {
        if (answer instanceof Answer.Content content) {
            Checked<SortedSet<Prefix>> read = AddressList.read(set, content.bytes());
            return new Checked<>(
                    read.value()
                            .map(prefixes ->
                                    new SetCopy(Instant.now(), content.validators(), prefixes)),
                    read.violations(),
                    read.warnings());
        }
        return new Checked<>(last, List.of(), List.of());
    }

    private static Checked<SetCopy> refused(AddressSet set, Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof SourceException refusal) {
            String object = new ObjectName(ObjectKind.ADDRESS_SET, set.name()).toString();
            Violation violation = new Violation(object, refusal.field(), refusal.getMessage());
            return new Checked<>(Optional.empty(), List.of(violation), List.of());
        }
        throw new CompletionException(cause);
    }
}
