package dev.headrace.notebook;

import java.util.List;
import java.util.stream.Collectors;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import org.rapaio.jupyter.kernel.core.RapaioKernel;

/// What is there before the first cell runs.
final class KernelStart {
    /// Pattern by its name, because the kernel imports all of java.util.regex.
    private static final String SCRIPT = """
            import dev.headrace.*;
            import dev.headrace.expressions.Window;
            import dev.headrace.streaming.*;
            import dev.headrace.streaming.Pattern;
            import dev.headrace.plotting.*;
            import dev.headrace.types.*;
            import static dev.headrace.functions.*;
            import dev.headrace.notebook.LiveTable;
            import static dev.headrace.notebook.Notebook.display;
            import static dev.headrace.notebook.Notebook.plot;
            import static dev.headrace.notebook.Notebook.sql;
            import static dev.headrace.notebook.Notebook.stackTrace;
            import static dev.headrace.notebook.Notebook.stopAll;
            Session session = dev.headrace.notebook.Notebook.session();
            """;

    private KernelStart() {}

    /// Runs the start-up script.
    ///
    /// @throws IllegalStateException if a line of it is refused
    static void prepare(RapaioKernel kernel) {
        JShell shell = kernel.javaEngine().getShell();
        String rest = SCRIPT;
        while (!rest.isBlank()) {
            CompletionInfo line = shell.sourceCodeAnalysis().analyzeCompletion(rest);
            for (SnippetEvent event : shell.eval(line.source())) {
                if (event.status() == Snippet.Status.REJECTED || event.exception() != null) {
                    throw new IllegalStateException("The start-up script's line " + line.source() + " is refused: "
                            + problems(shell, event.snippet()));
                }
            }
            rest = line.remaining();
        }
    }

    private static List<String> problems(JShell shell, Snippet snippet) {
        return shell.diagnostics(snippet)
                .map(problem -> problem.getMessage(null))
                .collect(Collectors.toList());
    }

    /// Runs a query, so that the first cell finds the engine's classes loaded.
    static void warmUp() {
        TablePreview.of(Notebook.session().range(2).filter("id > 0"), 1);
    }
}
