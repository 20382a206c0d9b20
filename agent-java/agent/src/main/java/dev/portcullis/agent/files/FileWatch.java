// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.files;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Looks at a file again and again, and has it read when it was changed and then stayed the same
 * from one look to the next: one that is being written is not read half. Looking finds every way of
 * changing a file (written in place, renamed over, a link turned, on a network file system), which
 * inotify does not.
 */
public final class FileWatch {
    private final Path path;
    private final Duration pause;
    private final Runnable read;
    private boolean everRead;
    private Optional<FileStamp> seen = Optional.empty();
    private Optional<FileStamp> done = Optional.empty();

    /**
     * @param pause between two looks
     * @param read reads the file, in the thread of the looks
     */
    public FileWatch(Path path, Duration pause, Runnable read) {
        this.path = path;
        this.pause = pause;
        this.read = read;
    }

    /**
     * Begins to look.
     *
     * @param ended whether to look no more
     */
    public void start(RefreshThread thread, BooleanSupplier ended) {
        thread.after(
                pause,
                () -> {
                    if (!ended.getAsBoolean()) {
                        start(thread, ended);
                        look();
                    }
                });
    }

    private void look() {
        Optional<FileStamp> now = FileStamp.of(path);
        boolean settled = now.equals(seen);
        seen = now;
        if (settled && (!everRead || !now.equals(done))) {
            everRead = true;
            done = now;
            read.run();
        }
    }
}
