package dev.headrace.cli;

import dev.headrace.errors.HeadraceException;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import jdk.jshell.execution.LocalExecutionControl;
import jdk.jshell.spi.ExecutionControl;
import jdk.jshell.spi.ExecutionControlProvider;
import jdk.jshell.spi.ExecutionEnv;
import org.jspecify.annotations.Nullable;

/// Runs the snippets of `headrace shell` in jshell's own process. An error of ours, whose text says what to do, has the
/// lines of snippets that led to it and no others: jshell would print all that lie within Headrace, too.
///
/// jshell finds it by the services of the class path.
public final class SnippetExecution implements ExecutionControlProvider {
    /// How jshell's option `--execution` calls it.
    static final String NAME = "headrace";

    private static final String SNIPPETS = "REPL.";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public ExecutionControl generate(ExecutionEnv environment, Map<String, String> parameters) {
        return new LocalExecutionControl() {
            @Override
            protected String throwConvertedInvocationException(Throwable thrown)
                    throws ExecutionControl.RunException, ExecutionControl.InternalException {
                if (thrown instanceof HeadraceException) {
                    throw shortened(thrown);
                }
                return super.throwConvertedInvocationException(thrown);
            }
        };
    }

    /// With causes that are not ours, such as the exception of a user's function: a cause that is ours is part of the
    /// text already.
    private static ExecutionControl.UserException shortened(Throwable thrown) {
        StackTraceElement[] frames = Arrays.stream(thrown.getStackTrace())
                .filter(frame -> frame.getClassName().startsWith(SNIPPETS))
                .toArray(StackTraceElement[]::new);
        ExecutionControl.UserException error = new ExecutionControl.UserException(
                Objects.toString(thrown.getMessage(), ""), thrown.getClass().getName(), frames);
        @Nullable Throwable cause = thrown.getCause();
        while (cause instanceof HeadraceException) {
            cause = cause.getCause();
        }
        if (cause != null) {
            error.initCause(shortened(cause));
        }
        return error;
    }
}
