package dev.headrace.notebook;

import dev.headrace.DataFrame;
import dev.headrace.errors.HeadraceException;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.rapaio.jupyter.kernel.core.RapaioKernel;
import org.rapaio.jupyter.kernel.core.magic.MagicEvalException;
import org.rapaio.jupyter.kernel.core.magic.MagicHandler;
import org.rapaio.jupyter.kernel.core.magic.MagicSnippet;
import org.rapaio.jupyter.kernel.core.magic.SnippetMagicHandler;

/// Cells that begin with `%%sql`: SQL statements, the last of which gives the cell's value.
final class SqlMagic extends MagicHandler {
    private static final String PREFIX = "%%sql";

    @Override
    public String name() {
        return "SQL";
    }

    @Override
    public List<String> helpMessage() {
        return List.of("Runs the cell's text as Spark SQL and shows the result of its last statement.");
    }

    @Override
    public List<SnippetMagicHandler> snippetMagicHandlers() {
        return List.of(SnippetMagicHandler.cellMagic()
                .syntaxMatcher(PREFIX)
                .syntaxHelp(List.of(PREFIX, "SELECT ..."))
                .syntaxPrefix(PREFIX)
                .documentation(helpMessage())
                .canHandlePredicate(this::canHandleSnippet)
                .evalFunction(this::run)
                .completeFunction((_, _) -> null)
                .build());
    }

    @Override
    public boolean canHandleSnippet(MagicSnippet snippet) {
        return snippet.isCellMagic()
                && snippet.line(0).code().strip().split("\\s", 2)[0].equals(PREFIX);
    }

    private @Nullable Object run(RapaioKernel kernel, MagicSnippet snippet) throws MagicEvalException {
        String text = snippet.lines().stream()
                .map(MagicSnippet.CodeLine::code)
                .collect(Collectors.joining("\n"))
                .strip()
                .substring(PREFIX.length());
        try {
            DataFrame result = Notebook.sql(text);
            return result.columns().length == 0 ? null : HeadraceDisplays.dataFrame(result);
        } catch (HeadraceException e) {
            throw new MagicEvalException(snippet, e.getMessage());
        }
    }
}
