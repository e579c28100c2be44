package dev.headrace.cli;

import dev.headrace.errors.HeadraceException;
import dev.headrace.exec.BatchRuns;
import java.io.PrintWriter;

/// What a command that has failed says, and its exit code.
final class ExitCode {
    /// As shells have it for what Ctrl-C has ended.
    static final int INTERRUPTED = 130;

    private static final int FAILED = 1;
    private static final int BUG = 3;

    private ExitCode() {}

    /// Prints what a user can act on as a text, and a mistake inside Headrace with its stack trace.
    static int of(Exception error, PrintWriter err) {
        if (error instanceof HeadraceException failed) {
            err.println(failed.getMessage());
            return failed.code().equals(BatchRuns.CANCELLED) ? INTERRUPTED : FAILED;
        }
        error.printStackTrace(err);
        return BUG;
    }
}
