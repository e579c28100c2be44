package dev.headrace.delta;

import dev.headrace.Column;
import dev.headrace.DataFrame;
import dev.headrace.Frames;
import dev.headrace.Session;
import dev.headrace.TableStatements;
import dev.headrace.delta.store.TablePaths;
import dev.headrace.errors.QueryException;
import dev.headrace.plan.NamedExpr;
import dev.headrace.sql.TableStatement;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// SQL that changes Delta tables.
public final class DeltaStatements implements TableStatements {
    /// For [java.util.ServiceLoader].
    public DeltaStatements() {}

    @Override
    public String format() {
        return "delta";
    }

    @Override
    public DataFrame run(Session session, TableStatement statement, String path, Optional<String> name) {
        if (statement instanceof TableStatement.Create create) {
            new TableCreation(session, path, create).run();
            return session.emptyDataFrame();
        }
        if (statement instanceof TableStatement.Convert convert) {
            Path directory = TablePaths.of(path);
            new TableConversion(session, directory, convert.partitionColumns(), convert.statistics()).run();
            return session.emptyDataFrame();
        }
        DeltaTable table = DeltaTable.forPath(session, path);
        return switch (statement) {
            case TableStatement.Merge merge -> merge(named(table, merge.alias(), name), merge);
            case TableStatement.Update update -> update(named(table, update.alias(), name), update);
            case TableStatement.Delete delete -> delete(named(table, delete.alias(), name), delete);
            case TableStatement.Optimize optimize -> optimize(table, optimize);
            case TableStatement.Vacuum vacuum -> vacuum(table, vacuum);
            case TableStatement.History history -> table.history(history.limit().orElse(Integer.MAX_VALUE));
            case TableStatement.Detail _ -> table.detail();
            case TableStatement.Restore restore ->
                restore.version().isPresent()
                        ? table.restoreToVersion(restore.version().getAsLong())
                        : table.restoreToTimestamp(restore.timestamp().orElseThrow());
            case TableStatement.Clone clone ->
                table.clone(
                        clone.location().orElseThrow(),
                        clone.version(),
                        clone.timestamp(),
                        clone.deep(),
                        clone.ifExists(),
                        clone.properties());
            case TableStatement.Convert _ -> throw new IllegalStateException("handled above");
            case TableStatement.Create _ -> throw new IllegalStateException("handled above");
            case TableStatement.SetProperties set -> altered(table, new TableAlteration(table).set(set.properties()));
            case TableStatement.UnsetProperties unset ->
                altered(table, new TableAlteration(table).unset(unset.keys(), unset.ifExists()));
            case TableStatement.AddColumns add when add.columns().stream()
                    .anyMatch(added -> added.column().metadata().entries().containsKey(TableStatement.DEFAULT)) ->
                throw new QueryException(
                        "WRONG_COLUMN_DEFAULTS_FOR_DELTA_ALTER_TABLE_ADD_COLUMN_NOT_SUPPORTED",
                        "ALTER TABLE … ADD COLUMN: the rows that a Delta table has have no value for it, so a column is"
                                + " added without DEFAULT. Set one for later rows: ALTER TABLE … ALTER COLUMN … SET DEFAULT ….");
            case TableStatement.AddColumns add -> altered(table, new TableAlteration(table).add(add.columns()));
            case TableStatement.AlterColumns alter -> altered(table, new TableAlteration(table).alter(alter.columns()));
            case TableStatement.RenameColumn(List<String> _, String from, String to) ->
                altered(table, new TableAlteration(table).rename(from, to));
            case TableStatement.DropColumns drop ->
                altered(table, new TableAlteration(table).drop(drop.columns(), drop.ifExists()));
            case TableStatement.SyncIdentity(List<String> _, String column) ->
                altered(table, new TableAlteration(table).syncIdentity(column));
            case TableStatement.AddConstraint(List<String> _, String constraint, String condition) ->
                altered(table, new TableAlteration(table).addConstraint(constraint, condition));
            case TableStatement.DropConstraint drop ->
                altered(table, new TableAlteration(table).dropConstraint(drop.name(), drop.ifExists()));
        };
    }

    /// @param version what the alteration has made
    private static DataFrame altered(DeltaTable table, long version) {
        assert version >= 0;
        return table.session().emptyDataFrame();
    }

    private static DeltaTable named(DeltaTable table, Optional<String> alias, Optional<String> name) {
        return alias.or(() -> name).map(table::as).orElse(table);
    }

    private static DataFrame merge(DeltaTable table, TableStatement.Merge merge) {
        Map<String, Long> metrics = new Merge(
                        table,
                        table.toDF(),
                        Frames.of(table.session(), merge.source()),
                        Frames.column(merge.condition()),
                        clauses(merge.matched()),
                        clauses(merge.notMatched()),
                        clauses(merge.notMatchedBySource()),
                        merge.evolves())
                .execute();
        long updated = metrics.getOrDefault("numTargetRowsUpdated", 0L);
        long deleted = metrics.getOrDefault("numTargetRowsDeleted", 0L);
        long inserted = metrics.getOrDefault("numTargetRowsInserted", 0L);
        return numbers(
                table,
                "num_affected_rows",
                updated + deleted + inserted,
                "num_updated_rows",
                updated,
                "num_deleted_rows",
                deleted,
                "num_inserted_rows",
                inserted);
    }

    private static List<Clause> clauses(List<TableStatement.Clause> clauses) {
        return Clause.reachable(clauses.stream()
                .map(clause -> new Clause(
                        switch (clause.does()) {
                            case UPDATE -> Clause.Kind.UPDATE;
                            case DELETE -> Clause.Kind.DELETE;
                            case INSERT -> Clause.Kind.INSERT;
                        },
                        clause.condition().map(Frames::column),
                        values(clause)))
                .toList());
    }

    private static Clause.Values values(TableStatement.Clause clause) {
        if (clause.does() == TableStatement.Does.DELETE) {
            return new Clause.Values.Some(Map.of());
        }
        return clause.values()
                .<Clause.Values>map(values -> new Clause.Values.Some(columns(values)))
                .orElseGet(Clause.Values.All::new);
    }

    private static Map<String, Column> columns(Map<String, NamedExpr> values) {
        Map<String, Column> columns = new LinkedHashMap<>();
        values.forEach((name, value) -> columns.put(name, Frames.column(value)));
        return columns;
    }

    private static DataFrame update(DeltaTable table, TableStatement.Update update) {
        Clause clause = new Clause(
                Clause.Kind.UPDATE,
                update.condition().map(Frames::column),
                new Clause.Values.Some(columns(update.values())));
        Map<String, Long> metrics = new RowUpdate(table, table.toDF(), clause).execute();
        return numbers(table, "num_affected_rows", metrics.getOrDefault("numUpdatedRows", 0L));
    }

    private static DataFrame delete(DeltaTable table, TableStatement.Delete delete) {
        Clause clause = Clause.delete(delete.condition().map(Frames::column));
        Map<String, Long> metrics = new RowUpdate(table, table.toDF(), clause).execute();
        return numbers(table, "num_affected_rows", metrics.getOrDefault("numDeletedRows", 0L));
    }

    private static DataFrame numbers(DeltaTable table, Object... namesAndValues) {
        dev.headrace.types.StructType columns = new dev.headrace.types.StructType();
        Object[] values = new Object[namesAndValues.length / 2];
        for (int i = 0; i < values.length; i++) {
            columns = columns.add((String) namesAndValues[2 * i], "bigint");
            values[i] = namesAndValues[2 * i + 1];
        }
        return table.session().createDataFrame(List.of(dev.headrace.RowFactory.create(values)), columns);
    }

    private static DataFrame optimize(DeltaTable table, TableStatement.Optimize optimize) {
        DeltaOptimizeBuilder builder = table.optimize();
        if (optimize.condition().isPresent()) {
            builder = builder.where(Frames.column(optimize.condition().get()));
        }
        if (!optimize.zOrderBy().isEmpty()) {
            return builder.executeZOrderBy(optimize.zOrderBy().toArray(String[]::new));
        }
        return builder.executeCompaction();
    }

    private static DataFrame vacuum(DeltaTable table, TableStatement.Vacuum vacuum) {
        if (vacuum.retainHours().isEmpty()) {
            return vacuum.dryRun() ? table.vacuumDryRun() : table.vacuum();
        }
        double hours = vacuum.retainHours().getAsDouble();
        return vacuum.dryRun() ? table.vacuumDryRun(hours) : table.vacuum(hours);
    }
}
