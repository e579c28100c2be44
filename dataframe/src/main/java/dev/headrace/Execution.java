package dev.headrace;

import dev.headrace.api.java.function.ForeachFunction;
import dev.headrace.api.java.function.ForeachPartitionFunction;
import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Chunk;
import dev.headrace.connector.SinkBatch;
import dev.headrace.errors.QueryException;
import dev.headrace.errors.Suggestion;
import dev.headrace.exec.BatchQuery;
import dev.headrace.exec.JvmMemory;
import dev.headrace.exec.PhysicalPlan;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.PlanText;
import dev.headrace.plan.rules.Optimizer;
import dev.headrace.text.CellText;
import dev.headrace.text.TextTable;
import dev.headrace.types.StructType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// One run of a DataFrame's query as a batch.
final class Execution {
    private static final List<String> EXPLAIN_MODES =
            List.of("simple", "extended", "codegen", "cost", "formatted", "analyze");

    private final DataFrame frame;
    private final DataFrame asked;
    private final String method;

    /// @param method what the user called, for messages
    Execution(DataFrame frame, String method) {
        this(frame, frame, method);
    }

    /// @param frame what runs
    /// @param asked what the user called the method of, whose last run this will be
    Execution(DataFrame frame, DataFrame asked, String method) {
        this.frame = frame;
        this.asked = asked;
        this.method = method;
    }

    /// A query that runs or has run.
    record Run(String method, BatchQuery query) {}

    private LogicalPlan optimized() {
        LogicalPlan plan = frame.session().cached().over(frame.resolved().plan());
        return Optimizer.optimize(plan, frame.session().conf().zone());
    }

    /// @throws QueryException `STREAMING_QUERY_NOT_STARTED` if a stream is read
    Execution checkBatch() {
        if (frame.isStreaming()) {
            throw new QueryException(
                    "STREAMING_QUERY_NOT_STARTED",
                    method
                            + " can't run on a stream, which has no end. Start it with writeStream()…start(), or write it"
                            + " to format(\"memory\") or format(\"console\") to look at its rows.");
        }
        return this;
    }

    private BatchQuery query() {
        checkBatch();
        try {
            return Nesting.within(
                    () -> BatchQuery.plan(optimized(), frame.session().runtime()));
        } catch (OutOfMemoryError exhausted) {
            throw JvmMemory.exhausted(exhausted);
        }
    }

    private BatchQuery running() {
        BatchQuery query = query();
        asked.runs(new Run(method, query));
        return query;
    }

    List<Row> rows() {
        JavaValues values = frame.session().javaValues();
        List<Row> rows = new ArrayList<>();
        StructType schema = frame.schema();
        eachRow(cells -> rows.add(values.toRow(cells, schema)));
        return rows;
    }

    /// The last rows; no others become objects unless they are the last of a chunk.
    List<Row> last(int most) {
        JavaValues values = frame.session().javaValues();
        StructType schema = frame.schema();
        Deque<Row> last = new ArrayDeque<>();
        chunks(chunk -> {
            for (int row = Math.max(0, chunk.rowCount() - most); row < chunk.rowCount(); row++) {
                if (last.size() == most) {
                    last.removeFirst();
                }
                last.addLast(values.toRow(cells(chunk, row), schema));
            }
            return true;
        });
        return new ArrayList<>(last);
    }

    /// The rows as the values of their columns, which stay valid.
    List<List<@Nullable Object>> cells() {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        eachRow(cells -> {
            List<@Nullable Object> row = new ArrayList<>(cells.size());
            cells.forEach(cell -> row.add(Cell.detach(cell)));
            rows.add(row);
        });
        return rows;
    }

    /// Hands over the rows in order while the query runs; see [BatchQuery#run(Predicate)].
    void chunks(Predicate<Chunk> recipient) {
        running().run(recipient);
    }

    /// Takes the rows while the query runs: many take long to become objects, and to give up that means to cancel it.
    private void eachRow(Consumer<List<@Nullable Object>> consumer) {
        chunks(chunk -> {
            for (int row = 0; row < chunk.rowCount(); row++) {
                consumer.accept(cells(chunk, row));
            }
            return true;
        });
    }

    static List<@Nullable Object> cells(Chunk chunk, int row) {
        List<@Nullable Object> cells = new ArrayList<>(chunk.columnCount());
        for (int i = 0; i < chunk.columnCount(); i++) {
            cells.add(Cell.read(chunk.column(i), row));
        }
        return cells;
    }

    RowIterator iterator() {
        return new RowIterator(frame, running().run());
    }

    static void each(Iterator<Row> rows, ForeachFunction<Row> function) {
        all(rows, all -> {
            while (all.hasNext()) {
                function.call(all.next());
            }
        });
    }

    static void all(Iterator<Row> rows, ForeachPartitionFunction<Row> function) {
        try (RowIterator closed = (RowIterator) rows) {
            function.call(closed);
        } catch (RuntimeException unchecked) {
            throw unchecked;
        } catch (OutOfMemoryError exhausted) {
            throw JvmMemory.exhausted(exhausted);
        } catch (Exception checked) {
            throw new QueryException(
                    "USER_FUNCTION_FAILED", "The function given to foreach failed: " + checked, checked);
        }
    }

    /// The rows of a query that has one row more than are to be shown, if there are so many.
    String table(int shown, int truncate, boolean vertical) {
        CellText text = new CellText(frame.session().runtime().settings().zone());
        StructType schema = frame.schema();
        List<List<String>> rows = new ArrayList<>();
        eachRow(cells -> {
            List<String> texts = new ArrayList<>(cells.size());
            for (int i = 0; i < cells.size(); i++) {
                texts.add(text.of(cells.get(i), schema.field(i).dataType()));
            }
            rows.add(texts);
        });
        boolean more = rows.size() > shown;
        TextTable table = new TextTable(schema.names(), more ? rows.subList(0, shown) : rows, truncate);
        String footer = "only showing top " + shown + (shown == 1 ? " row\n" : " rows\n");
        return (vertical ? table.vertical() : table.horizontal()) + (more && !(vertical && shown == 0) ? footer : "");
    }

    /// Closes the sink, also if there is no plan.
    void write(SinkBatch sink) {
        try (sink) {
            running().write(sink);
        }
    }

    String explain(String mode) {
        LogicalPlan analyzed = frame.resolved().plan();
        return switch (mode.toLowerCase(Locale.ROOT)) {
            case "simple" -> physical() + lastRun();
            case "extended" ->
                "== Parsed Logical Plan ==\n" + PlanText.of(frame.plan()) + "\n== Analyzed Logical Plan ==\n"
                        + schemaLine() + PlanText.of(analyzed) + "\n== Optimized Logical Plan ==\n"
                        + PlanText.of(optimized()) + "\n" + physical();
            case "cost" -> "== Optimized Logical Plan ==\n" + PlanText.withSizes(optimized()) + "\n" + physical();
            case "codegen" -> query().generatedCode();
            case "formatted" -> formatted();
            case "analyze" -> analyzed();
            default ->
                throw new QueryException(
                        "UNKNOWN_EXPLAIN_MODE",
                        "explain(\"" + mode + "\"): " + Suggestion.didYouMean(mode, EXPLAIN_MODES) + " Modes: "
                                + String.join(", ", EXPLAIN_MODES) + ".");
        };
    }

    private String physical() {
        if (frame.isStreaming()) {
            return "== Physical Plan ==\nA stream has one when it runs: see StreamingQuery.explain().\n";
        }
        PhysicalPlan plan = query().physicalPlan();
        return "== Physical Plan ==\n" + plan.treeString();
    }

    /// What the operators did when the DataFrame ran last; empty if it has not run.
    private String lastRun() {
        return frame.lastRun()
                .map(run -> "\n== Last Run: " + run.method() + " ==\n"
                        + run.query().physicalPlan().treeString(run.query().profile()::describe))
                .orElse("");
    }

    /// What the operators do in a run whose rows nobody gets.
    private String analyzed() {
        BatchQuery query = query();
        long began = System.nanoTime();
        query.run(_ -> true);
        double millis = (System.nanoTime() - began) / 1e6;
        return "== Physical Plan, after " + String.format(Locale.ROOT, "%,.1f ms", millis) + " ==\n"
                + query.physicalPlan().treeString(query.profile()::describe);
    }

    /// The tree with a number for each operator, then each operator by itself with the columns that it gives.
    private String formatted() {
        if (frame.isStreaming()) {
            return physical();
        }
        PhysicalPlan plan = query().physicalPlan();
        List<PhysicalPlan> operators = plan.all();
        // By identity: two scans of the same table are two operators.
        Map<PhysicalPlan, Integer> numbers = new IdentityHashMap<>();
        operators.forEach(operator -> numbers.put(operator, numbers.size() + 1));
        StringBuilder text = new StringBuilder("== Physical Plan ==\n");
        text.append(plan.treeString(operator -> name(operator) + " (" + numbers.get(operator) + ")"));
        for (int i = 0; i < operators.size(); i++) {
            PhysicalPlan operator = operators.get(i);
            text.append("\n(").append(i + 1).append(") ").append(operator.describe());
            if (!operator.inputs().isEmpty()) {
                text.append("\nInput: ")
                        .append(operator.inputs().stream()
                                .map(input -> "(" + numbers.get(input) + ")")
                                .collect(Collectors.joining(", ")));
            }
            text.append("\nOutput [")
                    .append(operator.schema().size())
                    .append("]: ")
                    .append(operator.schema().fieldList().stream()
                            .map(field -> field.name() + ": " + field.dataType().simpleString())
                            .collect(Collectors.joining(", ")))
                    .append("\n");
        }
        return text.toString();
    }

    private static String name(PhysicalPlan operator) {
        return operator.describe().split(" ", 2)[0];
    }

    private String schemaLine() {
        String columns = frame.toString();
        return columns.substring(1, columns.length() - 1) + "\n";
    }
}
