package dev.headrace;

import dev.headrace.errors.HeadraceException;
import dev.headrace.errors.QueryException;
import dev.headrace.sql.ChangeClause;
import dev.headrace.sql.Statement;
import dev.headrace.streaming.Changes;
import dev.headrace.streaming.DataStreamWriter;
import dev.headrace.streaming.Debezium;
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.streaming.StreamingQueryException;
import dev.headrace.streaming.Trigger;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// APPLY CHANGES INTO: starts the query that [DataStreamWriter#applyChanges] describes.
final class SqlChanges {
    private static final StructType STARTED = new StructType()
            .add("name", "string", true)
            .add("id", "string", false)
            .add("runId", "string", false);

    private final Session session;

    SqlChanges(Session session) {
        this.session = session;
    }

    /// @return one row that names the query, which runs on; or has ended, if the statement said AVAILABLE NOW
    DataFrame start(Statement.ApplyChanges statement, DataFrame source) {
        SqlTableStatements.Target target = new SqlTableStatements(session).target(statement.target());
        if (!source.isStreaming()) {
            throw new QueryException(
                    "NOT_A_STREAM",
                    "APPLY CHANGES INTO " + String.join(".", statement.target())
                            + ": what stands after FROM is not a stream. Read it as one, FROM STREAM(…), or name a view of a"
                            + " DataFrame of readStream().");
        }
        DataFrame rows = statement.envelopes().map(read -> opened(source, read)).orElse(source);
        DataStreamWriter writer = rows.writeStream().format(target.format());
        Changes changes = statement.envelopes().isPresent()
                ? Changes.debezium(statement.keys().toArray(String[]::new))
                : Changes.keyedBy(statement.keys().toArray(String[]::new));
        for (ChangeClause clause : statement.clauses()) {
            changes = with(changes, clause, rows);
            set(writer, clause, changes.debezium());
        }
        statement.name().ifPresent(writer::queryName);
        StreamingQuery query = started(writer.applyChanges(changes), target.path());
        if (statement.clauses().contains(new ChangeClause.AvailableNow())) {
            await(query);
            session.tables().changed(statement.target());
        }
        List<@Nullable Object> row = new ArrayList<>();
        row.add(query.name());
        row.add(query.id().toString());
        row.add(query.runId().toString());
        return session.createDataFrame(List.of(RowFactory.create(row.toArray())), STARTED);
    }

    private static DataFrame opened(DataFrame messages, Statement.Envelopes envelopes) {
        if (envelopes.columns().isEmpty()) {
            return messages;
        }
        String row = envelopes.columns().get();
        Column value = messages.col("value");
        return envelopes
                .registry()
                .map(registry -> Debezium.avro(messages, value, row, registry, envelopes.options()))
                .orElseGet(() -> Debezium.json(messages, value, row));
    }

    private static Changes with(Changes changes, ChangeClause clause, DataFrame rows) {
        return switch (clause) {
            case ChangeClause.SequenceBy by -> {
                Changes sequenced = changes.sequencedBy(new Column(by.order()));
                yield by.column().map(sequenced::sequenceColumn).orElse(sequenced);
            }
            case ChangeClause.DeleteWhen when -> changes.deletedWhere(new Column(when.condition()));
            case ChangeClause.TruncateWhen when -> changes.truncatedWhere(new Column(when.condition()));
            case ChangeClause.MarkDeletes(String column) -> changes.markingDeletes(column);
            case ChangeClause.IgnoreNulls(List<String> columns) ->
                columns.isEmpty()
                        ? changes.ignoringNullUpdates()
                        : changes.ignoringNullUpdates(columns.toArray(String[]::new));
            case ChangeClause.Except(List<String> columns) -> changes.without(columns.toArray(String[]::new));
            case ChangeClause.Only(List<String> columns) ->
                changes.without(ChangeRows.others(rows, columns, changes.debezium()));
            case ChangeClause.Rename(Map<String, String> names) -> {
                Changes renamed = changes;
                for (Map.Entry<String, String> name : names.entrySet()) {
                    renamed = renamed.renaming(name.getKey(), name.getValue());
                }
                yield renamed;
            }
            case ChangeClause.StoredAs(boolean history) -> history ? changes.keepingHistory() : changes;
            case ChangeClause.AvailableNow _, ChangeClause.Every _, ChangeClause.Options _ -> changes;
        };
    }

    private static void set(DataStreamWriter writer, ChangeClause clause, boolean debezium) {
        switch (clause) {
            case ChangeClause.AvailableNow _ -> writer.trigger(Trigger.AvailableNow());
            case ChangeClause.Every(String interval) -> writer.trigger(Trigger.ProcessingTime(interval));
            case ChangeClause.Options options -> writer.options(options.options());
            // A list of columns is complete: what comes at the source later is not in it.
            case ChangeClause.Only _ -> {
                if (debezium) {
                    writer.option("ignoreNewColumns", true);
                }
            }
            case ChangeClause.SequenceBy _,
                    ChangeClause.DeleteWhen _,
                    ChangeClause.TruncateWhen _,
                    ChangeClause.MarkDeletes _,
                    ChangeClause.IgnoreNulls _,
                    ChangeClause.Except _,
                    ChangeClause.Rename _,
                    ChangeClause.StoredAs _ -> {}
        }
    }

    private static StreamingQuery started(DataStreamWriter writer, String path) {
        try {
            return writer.start(path);
        } catch (TimeoutException late) {
            throw new IllegalStateException(late);
        }
    }

    /// The error of a batch is the statement's.
    private static void await(StreamingQuery query) {
        try {
            query.awaitTermination();
        } catch (StreamingQueryException failed) {
            throw failed.getCause() instanceof HeadraceException cause ? cause : failed;
        }
    }
}
