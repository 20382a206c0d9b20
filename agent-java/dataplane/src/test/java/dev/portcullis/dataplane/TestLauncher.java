// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/**
 * Runs test classes, of whatever tags but {@code newer-linux}, where there is no Maven: in the
 * virtual machine of {@code scripts/test-vm}, whose console others write to as well. So what is
 * meant for the reader has a mark before each line. Several share the work: each takes a class that
 * no other has taken.
 */
final class TestLauncher {
    private static final int FRAMES = 12;

    private final Launcher launcher = LauncherFactory.create();
    private final PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);

    private final Path taken;

    private TestLauncher(Path taken) {
        this.taken = taken;
    }

    /** Given a directory that all launchers note in what they take, and names of classes. */
    public static void main(String... arguments) throws IOException {
        TestLauncher tests = new TestLauncher(Path.of(arguments[0]));
        List<String> classes = Arrays.asList(arguments).subList(1, arguments.length);
        boolean passed = true;
        for (String name : classes) {
            passed &= !tests.take(name) || tests.pass(name);
        }
        System.exit(passed ? 0 : 1);
    }

    private boolean take(String className) throws IOException {
        try {
            Files.createFile(taken.resolve(className));
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        }
    }

    /** Whether a class has tests and all of them pass. */
    private boolean pass(String className) {
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        launcher.execute(
                LauncherDiscoveryRequestBuilder.request()
                        .selectors(selectClass(className))
                        .filters(TagFilter.excludeTags("newer-linux"))
                        .build(),
                listener);
        TestExecutionSummary summary = listener.getSummary();
        boolean passed =
                summary.getTotalFailureCount() == 0
                        && summary.getTestsSucceededCount() == summary.getTestsFoundCount()
                        && summary.getTestsFoundCount() > 0;
        tell(
                String.format(
                        "%-46s %s %4d s, %d of %d tests",
                        className.substring(className.lastIndexOf('.') + 1),
                        passed ? "ok    " : "FAILED",
                        (summary.getTimeFinished() - summary.getTimeStarted()) / 1_000,
                        summary.getTestsSucceededCount(),
                        summary.getTestsFoundCount()));
        if (!passed) {
            StringWriter failures = new StringWriter();
            summary.printFailuresTo(new PrintWriter(failures), FRAMES);
            failures.toString().lines().forEach(this::tell);
        }
        return passed;
    }

    private void tell(String line) {
        out.println("test-vm: " + line);
    }
}
