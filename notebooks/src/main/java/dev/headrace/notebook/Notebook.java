package dev.headrace.notebook;

import dev.headrace.DataFrame;
import dev.headrace.Frames;
import dev.headrace.Session;
import dev.headrace.exec.BatchRuns;
import dev.headrace.plotting.Chart;
import dev.headrace.plotting.Plot;
import dev.headrace.sql.SqlParser;
import dev.headrace.streaming.OutputMode;
import dev.headrace.streaming.StreamingQuery;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.rapaio.jupyter.kernel.display.DisplayData;
import org.rapaio.jupyter.kernel.display.DisplaySystem;

/// What cells can call without importing it: `session`, [#display], [#plot], [#sql], [#stopAll] and [#stackTrace].
///
/// A DataFrame, a schema, a streaming query or a chart that is a cell's last value is shown without any call.
public final class Notebook {
    private Notebook() {}

    /// The notebook's session, made when it is first asked for.
    public static Session session() {
        return Session.builder().appName("notebook").getOrCreate();
    }

    /// Shows a DataFrame below the cell: its first 20 rows, or, of a stream, a table that changes as batches end.
    ///
    /// Running the cell again stops the stream's query and starts another one; so do an interrupt while no cell runs,
    /// [#stopAll], and the end of the kernel. A stream that is aggregated is shown whole (output mode complete), any
    /// other by its last 20 rows.
    ///
    /// @throws dev.headrace.errors.QueryException if the stream can't be run
    public static LiveTable display(DataFrame frame) {
        return LiveTable.show(frame, null, LiveTable.Look.TABLE);
    }

    /// Shows a stream in an output mode of one's choice.
    ///
    /// @throws dev.headrace.errors.QueryException `UNSUPPORTED_OUTPUT_MODE`
    public static LiveTable display(DataFrame frame, OutputMode mode) {
        return LiveTable.show(frame, mode, LiveTable.Look.TABLE);
    }

    /// Shows a chart below the cell, which changes as batches end if its DataFrame is a stream.
    public static LiveTable display(Chart chart) {
        FrameChart drawn = (FrameChart) chart;
        return LiveTable.show(drawn.frame(), null, drawn.look());
    }

    /// Shows anything else below the cell, as if it were the cell's value.
    public static void display(@Nullable Object value) {
        switch (value) {
            case null -> Cells.installed().show(DisplayData.fromText("null"), id());
            case DataFrame frame -> display(frame);
            case Chart chart -> display(chart);
            default -> Cells.installed().show(DisplaySystem.inst().render(value), id());
        }
    }

    static String id() {
        return UUID.randomUUID().toString();
    }

    /// The same as [DataFrame#plot], for short: `plot(orders).bar("status", "count")`.
    public static Plot plot(DataFrame frame) {
        return frame.plot();
    }

    /// Runs SQL statements, separated by semicolons, and gives the result of the last one. `%%sql` cells do the same.
    ///
    /// @throws dev.headrace.errors.QueryException as [Session#sql]
    public static DataFrame sql(String statements) {
        DataFrame result = session().emptyDataFrame();
        for (String statement : SqlParser.split(statements)) {
            result = session().sql(statement);
        }
        return result;
    }

    /// Stops all streaming queries, those of displays and others.
    public static void stopAll() {
        Cells.installed().stopAll();
        stopQueries();
    }

    /// The whole stack trace of the last exception that a cell has shown.
    public static void stackTrace() {
        System.out.println(ExceptionText.lastTrace());
    }

    /// Tells the batch queries that run to end.
    ///
    /// @return whether there is one
    static boolean cancelQueries() {
        return !session().interruptAll().isEmpty();
    }

    /// How far the batch queries are that run.
    static List<BatchRuns.Progress> progress() {
        return Frames.runtime(session()).runs().running().stream()
                .map(BatchRuns.Run::progress)
                .toList();
    }

    private static void stopQueries() {
        for (StreamingQuery query : session().streams().active()) {
            LiveTable.stop(query);
        }
    }

    /// Ends what runs, with the kernel.
    static void close() {
        session().close();
        LiveTable.awaitEnds();
    }
}
