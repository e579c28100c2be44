package dev.headrace;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.chunk.Cell;
import dev.headrace.errors.HeadraceException;
import dev.headrace.errors.QueryException;
import dev.headrace.exec.BatchRuns;
import dev.headrace.plan.NamedExpr;
import dev.headrace.plan.NamedPlan;
import dev.headrace.plan.Scalar;
import dev.headrace.sql.Script;
import dev.headrace.sql.SqlParser;
import dev.headrace.types.BooleanType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Runs a script. Its queries run at once, and the rows of the last one are the result. Which one that is shows at the
/// end, so those of the newest are held until the next one has run, as those of FOR are until it is left: in the
/// engine's memory, or on disk.
final class SqlScript {
    private final Session session;
    private Optional<Rows> newest = Optional.empty();

    /// What is done after a step.
    private sealed interface Next {
        /// The step behind it.
        record Step() implements Next {}

        /// What stands behind the block or loop of the label.
        record Leave(String label) implements Next {}

        /// The next round of the loop of the label.
        record Iterate(String label) implements Next {}
    }

    private static final Next STEP = new Next.Step();

    SqlScript(Session session) {
        this.session = session;
    }

    /// @throws QueryException `QUERY_CANCELLED` …
    DataFrame run(Script.Block script) {
        try {
            return session.runtime().runs().during(() -> {
                if (!(run(script, ScriptScope.of(session)) instanceof Next.Step)) {
                    throw new IllegalStateException("a script leaves what it does not stand in");
                }
                return newest.map(rows -> DataFrame.of(session, rows.relation()))
                        .orElseGet(session::emptyDataFrame);
            });
        } catch (QueryException failed) {
            if (!failed.code().equals(BatchRuns.CANCELLED)) {
                throw failed;
            }
            throw new QueryException(
                    BatchRuns.CANCELLED,
                    "The script was cancelled; what its statements before have written stays.",
                    failed);
        } finally {
            newest.ifPresent(Rows::close);
        }
    }

    private Next run(Script step, ScriptScope scope) {
        Cancellation.checkThread();
        return switch (step) {
            case Script.Block block -> run(block, scope);
            case Script.Run(var statement) -> {
                located(statement, scope, read -> {
                    keep(SqlStatements.run(session, read));
                    return STEP;
                });
                yield STEP;
            }
            case Script.If choice -> run(taken(choice, scope), scope);
            case Script.Case choice -> run(taken(choice, scope), scope);
            case Script.Loop loop -> run(loop, scope);
            case Script.For loop -> run(loop, scope);
            case Script.Leave(String label) -> new Next.Leave(label);
            case Script.Iterate(String label) -> new Next.Iterate(label);
        };
    }

    private Next run(List<Script> steps, ScriptScope scope) {
        for (Script step : steps) {
            Next next = run(step, scope);
            if (!(next instanceof Next.Step)) {
                return next;
            }
        }
        return STEP;
    }

    private Next run(Script.Block block, ScriptScope around) {
        ScriptScope scope = around.inner(block.label());
        Next next;
        try {
            next = run(block.steps(), scope);
        } catch (HeadraceException failed) {
            next = run(handler(block, failed).action(), scope);
        }
        return next instanceof Next.Leave(String label) && isLabel(block.label(), label) ? STEP : next;
    }

    /// The handler that means an error most exactly.
    private static Script.Handler handler(Script.Block block, HeadraceException failed) {
        if (block.handlers().isEmpty() || failed.code().equals(BatchRuns.CANCELLED)) {
            throw failed;
        }
        String sqlState = failed.getSqlState();
        return block.handlers().stream()
                .filter(handler -> handler.precision(failed.code(), sqlState) > 0)
                .max(Comparator.comparingInt(handler -> handler.precision(failed.code(), sqlState)))
                .orElseThrow(() -> failed);
    }

    private static boolean isLabel(Optional<String> label, String meant) {
        return label.filter(meant::equalsIgnoreCase).isPresent();
    }

    /// A query whose rows are not looked at may fail, too, and handlers wait for that.
    private void keep(DataFrame frame) {
        if (!frame.schema().isEmpty()) {
            Rows rows = Rows.of(frame, "BEGIN … END");
            newest.ifPresent(Rows::close);
            newest = Optional.of(rows);
        }
    }

    // ---- Branches

    private List<Script> taken(Script.If choice, ScriptScope scope) {
        for (Script.Branch branch : choice.branches()) {
            if (isTrue(branch.when(), scope)) {
                return branch.steps();
            }
        }
        return choice.otherwise();
    }

    private List<Script> taken(Script.Case choice, ScriptScope scope) {
        NamedExpr value = new NamedExpr.Literal(value(choice.value(), scope));
        for (Script.Branch branch : choice.branches()) {
            boolean same = located(
                    branch.when(),
                    scope,
                    other -> Boolean.TRUE.equals(
                            value(new NamedExpr.Call("=", value, other)).value()));
            if (same) {
                return branch.steps();
            }
        }
        return choice.otherwise();
    }

    private boolean isTrue(Script.Part<NamedExpr> condition, ScriptScope scope) {
        return located(condition, scope, expr -> {
            Scalar value = value(expr);
            if (!(value.type() instanceof BooleanType) || value.isNull()) {
                throw new QueryException(
                                "INVALID_BOOLEAN_STATEMENT",
                                "A condition is true or false, but this is "
                                        + (value.isNull()
                                                ? "null"
                                                : "a " + value.type().simpleString())
                                        + ". Write coalesce(…, false) if it may be null.")
                        .within(expr);
            }
            return Boolean.TRUE.equals(value.value());
        });
    }

    // ---- Loops

    private Next run(Script.Loop loop, ScriptScope scope) {
        while (loop.before().isEmpty() || isTrue(loop.before().get(), scope)) {
            Next next = run(loop.steps(), scope);
            if (ends(loop.label(), next)) {
                return behind(loop.label(), next);
            }
            if (loop.until().isPresent() && isTrue(loop.until().get(), scope)) {
                return STEP;
            }
            Cancellation.checkThread();
        }
        return STEP;
    }

    private Next run(Script.For loop, ScriptScope scope) {
        try (Rows rows = located(loop.query(), scope, query -> Rows.of(frame(query), "FOR"))) {
            while (rows.cells().hasNext()) {
                Next next = run(loop.steps(), row(rows, scope.inner(loop.variable())));
                if (ends(loop.label(), next)) {
                    return behind(loop.label(), next);
                }
            }
        }
        return STEP;
    }

    /// Makes variables of the next row.
    private static ScriptScope row(Rows rows, ScriptScope scope) {
        List<@Nullable Object> cells = rows.cells().nextCells();
        for (int i = 0; i < cells.size(); i++) {
            StructField column = rows.schema().field(i);
            Scalar value = new Scalar(Cell.detach(cells.get(i)), column.dataType());
            scope.own().put(column.name(), new Variables.Variable(value.type(), new NamedExpr.Literal(value), value));
        }
        return scope;
    }

    /// The rows of a query that has run, in the engine's memory or on disk.
    private record Rows(StructType schema, RowIterator cells) implements AutoCloseable {
        static Rows of(DataFrame frame, String method) {
            return new Rows(frame.schema(), new Execution(frame, method).iterator());
        }

        /// Those that are left, in the program's memory.
        NamedPlan.LocalRelation relation() {
            List<List<@Nullable Object>> rows = new ArrayList<>();
            while (cells.hasNext()) {
                Cancellation.checkThread(rows.size());
                List<@Nullable Object> row = new ArrayList<>(schema.size());
                cells.nextCells().forEach(cell -> row.add(Cell.detach(cell)));
                rows.add(row);
            }
            return new NamedPlan.LocalRelation(schema, rows);
        }

        @Override
        public void close() {
            cells.close();
        }
    }

    private static boolean ends(Optional<String> label, Next next) {
        return switch (next) {
            case Next.Step _ -> false;
            case Next.Leave _ -> true;
            case Next.Iterate(String meant) -> !isLabel(label, meant);
        };
    }

    private static Next behind(Optional<String> label, Next next) {
        return next instanceof Next.Leave(String meant) && isLabel(label, meant) ? STEP : next;
    }

    // ---- Parts

    private DataFrame frame(NamedPlan query) {
        return DataFrame.of(session, query, session.tables().open());
    }

    private Scalar value(Script.Part<NamedExpr> expr, ScriptScope scope) {
        return located(expr, scope, this::value);
    }

    private Scalar value(NamedExpr expr) {
        return new SqlVariables(session).value(expr);
    }

    /// Reads a part and does something with it; errors say where in the script it stands.
    private <T, R> R located(Script.Part<T> part, ScriptScope scope, Function<T, R> use) {
        return scope.within(() -> {
            SqlParser.Parsed<T> parsed = session.analyzing(part::read);
            return parsed.text().telling(() -> use.apply(parsed.value()));
        });
    }
}
