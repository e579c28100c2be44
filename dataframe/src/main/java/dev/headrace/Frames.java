package dev.headrace;

import dev.headrace.api.java.function.VoidFunction2;
import dev.headrace.chunk.Chunk;
import dev.headrace.connector.Table;
import dev.headrace.exec.BatchQuery;
import dev.headrace.exec.SessionRuntime;
import dev.headrace.plan.KnownRows;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.NamedExpr;
import dev.headrace.plan.NamedPlan;
import dev.headrace.plan.rules.Optimizer;
import dev.headrace.streaming.DataStreamWriter;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What modules that extend Headrace may do with DataFrames and programs may not: make them of tables, look at their
/// plans, run them into sinks. Not part of the API: it changes without notice.
public final class Frames {
    private Frames() {}

    /// The rows of a table.
    ///
    /// @param format for plans
    public static DataFrame of(Session session, Table table, String format) {
        return DataFrame.of(session, new NamedPlan.Read(table, format));
    }

    /// The rows of a plan.
    public static DataFrame of(Session session, NamedPlan plan) {
        return DataFrame.of(session, plan);
    }

    /// An expression as a column.
    public static Column column(NamedExpr expression) {
        return new Column(expression);
    }

    /// Other rows under a DataFrame's names: what refers to a column of `frame`, by name, by alias or with
    /// `frame.col(…)`, finds it in the result.
    ///
    /// @param rows its first columns are those of `frame`, with the same names and types; more may follow
    public static DataFrame over(DataFrame frame, LogicalPlan rows) {
        return frame.over(rows);
    }

    /// The analyzed plan, not optimized.
    public static LogicalPlan plan(DataFrame frame) {
        return frame.resolved().plan();
    }

    /// The query as it would run now.
    public static BatchQuery query(DataFrame frame) {
        LogicalPlan optimized =
                Optimizer.optimize(plan(frame), frame.session().conf().zone());
        return BatchQuery.plan(optimized, frame.session().runtime());
    }

    /// How many rows a DataFrame has, if that is known without reading them.
    public static OptionalLong knownRows(DataFrame frame) {
        return frame.isStreaming()
                ? OptionalLong.empty()
                : KnownRows.of(
                        Optimizer.optimize(plan(frame), frame.session().conf().zone()));
    }

    /// The rows of what was made of a DataFrame for an action of that one, whose `explain` then shows the run.
    ///
    /// @param action as `explain` names it
    public static List<Row> collect(DataFrame made, DataFrame asked, String action) {
        return new Execution(made, asked, action).rows();
    }

    /// Hands over the rows in order while the query runs, until no more are wanted.
    ///
    /// @param recipient is lent each chunk by one of the threads that the query runs on, one after the other, and says
    ///     whether it wants more
    public static void chunks(DataFrame frame, Predicate<Chunk> recipient) {
        new Execution(frame, "SELECT").chunks(recipient);
    }

    /// As [DataStreamWriter#foreachBatch], for a function that waits for somebody.
    ///
    /// @param stopping lets a call go on because the query is to stop; run by any thread, and perhaps several times
    public static DataStreamWriter foreachBatch(
            DataStreamWriter writer, VoidFunction2<DataFrame, Long> function, Runnable stopping) {
        return ((StreamWriter) writer).foreachBatch(function, stopping);
    }

    /// What a column says, not yet bound to columns of a table.
    public static NamedExpr expression(Column column) {
        return column.expr();
    }

    /// Whether a column is the word `DEFAULT`, which stands for what a table's column has where nothing is given.
    public static boolean isDefault(Column column) {
        return DefaultValues.isDefault(column.expr());
    }

    /// The rows' values as cells.
    ///
    /// @throws dev.headrace.errors.QueryException if a value does not fit its column
    public static List<List<@Nullable Object>> cells(List<Row> rows, StructType schema) {
        List<List<@Nullable Object>> cells = new ArrayList<>();
        for (Row row : rows) {
            cells.add(JavaValues.toCells(row, schema, "row " + cells.size()));
        }
        return cells;
    }

    /// Cells as a row that a program sees, with dates and times as the configuration says.
    public static Row row(List<@Nullable Object> cells, StructType schema, Map<String, String> conf) {
        return new JavaValues(Boolean.parseBoolean(conf.get(RuntimeConfig.JAVA8_TIME))).toRow(cells, schema);
    }

    /// What the queries of a session share.
    public static SessionRuntime runtime(Session session) {
        return session.runtime();
    }
}
