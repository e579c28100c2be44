package dev.headrace.delta;

import dev.headrace.Column;
import dev.headrace.Row;
import dev.headrace.delta.log.Action;
import dev.headrace.delta.log.Commit;
import dev.headrace.delta.log.CommitInfo;
import dev.headrace.delta.log.CommitOutcome;
import dev.headrace.delta.log.Protocol;
import dev.headrace.delta.log.ReadSet;
import dev.headrace.delta.log.TableFeatures;
import dev.headrace.delta.log.TableMetadata;
import dev.headrace.errors.DataException;
import dev.headrace.errors.QueryException;
import dev.headrace.errors.Suggestion;
import dev.headrace.errors.UnavailableException;
import dev.headrace.functions;
import dev.headrace.sql.TableStatement.AddedColumn;
import dev.headrace.sql.TableStatement.AlteredColumn;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/// Changes what a table is: its properties, columns, constraints. Each change is one commit, with the features in the
/// protocol that it needs.
///
/// A change that meets another writer's commit is done again on the new version.
record TableAlteration(DeltaTable table) {
    static final String CONSTRAINT = "delta.constraints.";

    /// Properties that would promise something that writers here don't keep.
    private static final List<String> REFUSED = List.of(
            "delta.enableRowTracking",
            "delta.enableIcebergCompatV1",
            "delta.enableIcebergCompatV2",
            "delta.enableInCommitTimestamps",
            "delta.checkpointPolicy",
            "delta.minReaderVersion",
            "delta.minWriterVersion");

    /// @return the version that it makes, as all methods do
    long set(Map<String, String> properties) {
        checkSettable(table.path(), properties.keySet());
        return commit("SET TBLPROPERTIES", parameters("properties", properties), old -> {
            Map<String, String> all = new LinkedHashMap<>(old.configuration());
            all.putAll(properties);
            checkMapping(table.path(), old, all);
            return ColumnMapping.assigned(old.withConfiguration(all), true, UUID::randomUUID);
        });
    }

    private static String parameters(String what, Map<String, String> properties) {
        return what + "=" + properties;
    }

    /// @throws QueryException `DELTA_UNSUPPORTED_PROPERTY`
    static void checkSettable(Path table, Set<String> keys) {
        for (String key : keys) {
            String lower = key.toLowerCase(Locale.ROOT);
            if (lower.startsWith(CONSTRAINT)) {
                throw new QueryException(
                        "DELTA_UNSUPPORTED_PROPERTY",
                        table + ": the property '" + key
                                + "' is not set by hand: write ALTER TABLE … ADD CONSTRAINT … CHECK (…), or DROP CONSTRAINT.");
            }
            if (REFUSED.stream().anyMatch(key::equalsIgnoreCase) || lower.startsWith("delta.feature.")) {
                throw new QueryException(
                        "DELTA_UNSUPPORTED_PROPERTY",
                        table + ": the property '" + key
                                + "' can't be set here, because Headrace could not write the table as it demands. Leave it"
                                + " out.");
            }
        }
    }

    /// @throws QueryException `DELTA_UNSUPPORTED_PROPERTY`
    static void checkMapping(Path table, TableMetadata old, Map<String, String> all) {
        String before = old.configuration().getOrDefault(ColumnMapping.MODE, "none");
        String after = all.getOrDefault(ColumnMapping.MODE, "none");
        boolean on = before.equalsIgnoreCase("none") && after.equalsIgnoreCase("name");
        if (!before.equalsIgnoreCase(after) && !on) {
            throw new QueryException(
                    "DELTA_UNSUPPORTED_PROPERTY",
                    table + ": " + ColumnMapping.MODE + " can't become '" + after + "' from '" + before
                            + "': the files that there are would not be understood. Only 'none' can become 'name'.");
        }
    }

    long unset(List<String> keys, boolean ifExists) {
        return commit("UNSET TBLPROPERTIES", "properties=" + keys, old -> {
            Map<String, String> left = new LinkedHashMap<>(old.configuration());
            boolean comment = keys.contains(TableMetadata.COMMENT);
            old.description().filter(_ -> comment).ifPresent(text -> left.put(TableMetadata.COMMENT, text));
            for (String key : keys) {
                checkSettable(table.path(), Set.of(key));
                if (left.remove(key) == null && !ifExists) {
                    throw new QueryException(
                            "DELTA_NO_SUCH_PROPERTY",
                            table.path() + ": the table has no property '" + key + "'. "
                                    + Suggestion.didYouMean(key, left.keySet())
                                    + " Write UNSET TBLPROPERTIES IF EXISTS to"
                                    + " unset it if there is one.");
                }
            }
            checkMapping(table.path(), old, left);
            return (comment ? old.withoutDescription() : old).withConfiguration(left);
        });
    }

    long add(List<AddedColumn> columns) {
        StructType added =
                new StructType(columns.stream().map(AddedColumn::column).toList());
        return commit("ADD COLUMNS", "columns=" + added.toDDL(), old -> {
            StructType all = old.schema();
            for (AddedColumn next : columns) {
                StructField column = next.column();
                if (find(all, column.name()).isPresent()) {
                    throw new QueryException(
                            "DELTA_DUPLICATE_COLUMN",
                            table.path() + ": the table has a column '" + column.name() + "' already.");
                }
                if (!column.nullable()) {
                    throw new QueryException(
                            "DELTA_ADDED_COLUMN_NOT_NULL",
                            table.path() + ": column '" + column.name()
                                    + "' can't be added as NOT NULL, because it is null in the rows that there are. Leave NOT NULL"
                                    + " out.");
                }
                TableSchema.forNewTable(table.path().toString(), new StructType().add(column));
                all = next.place().isEmpty()
                        ? all.add(column)
                        : new ColumnAlteration(table, old)
                                .placed(all, column, next.place().get());
            }
            return ColumnMapping.assigned(old.withSchema(all), false, UUID::randomUUID);
        });
    }

    long alter(List<AlteredColumn> columns) {
        String changes = columns.stream()
                .map(column -> column.name() + " " + ColumnAlteration.text(column.change()))
                .collect(Collectors.joining(", "));
        return commit("CHANGE COLUMN", "columns=" + changes, old -> {
            TableMetadata altered = old;
            for (AlteredColumn column : columns) {
                altered = new ColumnAlteration(table, altered).altered(column.name(), column.change());
            }
            return altered;
        });
    }

    long rename(String from, String to) {
        return commit(
                "RENAME COLUMN",
                "oldColumnPath=" + from + ", newColumnPath=" + to,
                old -> renamed(table.path(), old, from, to));
    }

    /// A table with another name for a column, which changes no file.
    ///
    /// @throws QueryException `UNRESOLVED_COLUMN`, `DELTA_DUPLICATE_COLUMN`, `DELTA_COLUMN_IN_USE`,
    ///     `DELTA_COLUMN_MAPPING_NEEDED`
    static TableMetadata renamed(Path table, TableMetadata old, String from, String to) {
        StructField field = mapped(table, old, from, "renamed");
        if (find(old.schema(), to).isPresent() && !from.equalsIgnoreCase(to)) {
            throw new QueryException(
                    "DELTA_DUPLICATE_COLUMN", table + ": the table has a column '" + to + "' already.");
        }
        checkNotUsed(table, old, field.name(), "renamed");
        StructType columns = new StructType(old.schema().fieldList().stream()
                .map(other -> other.name().equals(field.name()) ? other.withName(to) : other)
                .toList());
        List<String> partitions = old.partitionColumns().stream()
                .map(name -> name.equals(field.name()) ? to : name)
                .toList();
        return new TableMetadata(
                old.id(),
                old.name(),
                old.description(),
                columns,
                partitions,
                old.configuration(),
                old.createdTimeMillis());
    }

    long drop(List<String> names, boolean ifExists) {
        return commit("DROP COLUMNS", "columns=" + names, old -> {
            StructType left = old.schema();
            for (String name : names) {
                if (ifExists && find(left, name).isEmpty()) {
                    continue;
                }
                StructField field = mapped(table.path(), old, name, "dropped");
                checkNotUsed(table.path(), old, field.name(), "dropped");
                if (old.partitionColumns().contains(field.name())) {
                    throw new QueryException(
                            "DELTA_PARTITION_COLUMN",
                            table.path() + ": '" + field.name() + "' is a partition column, which can't be dropped.");
                }
                left = new StructType(left.fieldList().stream()
                        .filter(other -> !other.name().equals(field.name()))
                        .toList());
            }
            return old.withSchema(left);
        });
    }

    private static StructField mapped(Path table, TableMetadata metadata, String name, String what) {
        StructField field = find(metadata.schema(), name)
                .orElseThrow(() -> new QueryException(
                        "UNRESOLVED_COLUMN",
                        table + ": there is no column '" + name + "' to be " + what + "; the table has "
                                + String.join(", ", metadata.schema().names()) + "."));
        if (!ColumnMapping.isMapped(metadata)) {
            throw new QueryException(
                    "DELTA_COLUMN_MAPPING_NEEDED",
                    table + ": columns are " + what
                            + " only in tables that map them. Set the property delta.columnMapping.mode to 'name'"
                            + " first: ALTER TABLE … SET TBLPROPERTIES ('delta.columnMapping.mode' = 'name').");
        }
        return field;
    }

    /// What is written in SQL over the columns would not find them any more.
    ///
    /// @param name as the table has it
    /// @throws QueryException `DELTA_COLUMN_IN_USE`
    static void checkNotUsed(Path table, TableMetadata metadata, String name, String what) {
        for (RowRules.Rule rule : RowRules.rulesOf(metadata)) {
            if (RowRules.columnsOf(table, metadata, rule).contains(name)) {
                throw new QueryException(
                        "DELTA_COLUMN_IN_USE",
                        table + ": column '" + name + "' can't be " + what + ", because " + rule.text()
                                + " speaks of it. Drop that first.");
            }
        }
    }

    private static Optional<StructField> find(StructType columns, String name) {
        return columns.fieldList().stream()
                .filter(field -> field.name().equalsIgnoreCase(name))
                .findFirst();
    }

    /// Moves an identity column's mark behind the numbers that rows have brought.
    ///
    /// @throws QueryException `DELTA_NOT_AN_IDENTITY_COLUMN`
    long syncIdentity(String name) {
        return commit("SYNC IDENTITY", "column=" + name, old -> {
            IdentityColumn column = IdentityColumn.of(old.schema()).stream()
                    .filter(identity -> identity.name().equalsIgnoreCase(name))
                    .findFirst()
                    .orElseThrow(() -> new QueryException(
                            "DELTA_NOT_AN_IDENTITY_COLUMN",
                            table.path() + ": '" + name + "' is not an identity column of the table ("
                                    + String.join(", ", old.schema().names())
                                    + "), so there are no numbers to go on with."));
            Column numbers = functions.col(ClauseColumns.quoted(column.name()));
            Row furthest = table.toDF()
                    .agg(column.step() > 0 ? functions.max(numbers) : functions.min(numbers))
                    .first();
            if (furthest.isNullAt(0)) {
                return old;
            }
            long mark = column.atOrBehind(table.path(), furthest.getLong(0));
            boolean further = column.mark().isEmpty()
                    ? mark == column.start() || column.isBehind(mark, column.start())
                    : column.isBehind(mark, column.mark().getAsLong());
            return further ? old.withSchema(column.withMark(old.schema(), mark)) : old;
        });
    }

    /// @throws DataException `DELTA_CONSTRAINT_VIOLATED` if a row of the table breaks it
    long addConstraint(String name, String condition) {
        String key = CONSTRAINT + name.toLowerCase(Locale.ROOT);
        return commit("ADD CONSTRAINT", "name=" + name + ", expr=" + condition, old -> {
            if (old.configuration().containsKey(key)) {
                throw new QueryException(
                        "DELTA_CONSTRAINT_EXISTS",
                        table.path() + ": there is a constraint '" + name + "' already: "
                                + old.configuration().get(key) + ". Drop it first.");
            }
            Map<String, String> all = new LinkedHashMap<>(old.configuration());
            all.put(key, condition);
            TableMetadata changed = old.withConfiguration(all);
            Column holds = functions.coalesce(functions.expr(condition), functions.lit(false));
            List<Row> broken =
                    table.toDF().filter(functions.not(holds)).limit(1).collectAsList();
            if (!broken.isEmpty()) {
                throw new DataException(
                        "DELTA_CONSTRAINT_VIOLATED",
                        table.path() + ": the constraint '" + name + "' (" + condition + ") is not true of the row "
                                + broken.getFirst() + ", which the table has. Change or delete such rows first.");
            }
            // Here alone the session's functions and variables were known, which writers don't have.
            RowRules.of(table.path(), changed, ZoneOffset.UTC);
            return changed;
        });
    }

    long dropConstraint(String name, boolean ifExists) {
        String key = CONSTRAINT + name.toLowerCase(Locale.ROOT);
        return commit("DROP CONSTRAINT", "name=" + name, old -> {
            Map<String, String> left = new LinkedHashMap<>(old.configuration());
            if (left.remove(key) == null && !ifExists) {
                throw new QueryException(
                        "DELTA_NO_SUCH_CONSTRAINT",
                        table.path() + ": there is no constraint '" + name
                                + "'. Write DROP CONSTRAINT IF EXISTS to drop it if there is one.");
            }
            return old.withConfiguration(left);
        });
    }

    private long commit(String operation, String parameters, UnaryOperator<TableMetadata> change) {
        try (TableTarget target = table.open(WriteKind.COMPACT)) {
            for (int attempt = 1; ; attempt++) {
                WriteBase base = target.base();
                TableMetadata changed = change.apply(base.metadata());
                Protocol protocol = TableFeatures.upgraded(base.protocol(), changed);
                List<Action> actions = new ArrayList<>();
                if (!protocol.equals(base.protocol())) {
                    actions.add(protocol);
                }
                if (changed.equals(base.metadata())) {
                    return base.version();
                }
                actions.add(changed);
                CommitInfo info = Operations.on(base, operation, Map.of("change", parameters), target);
                // Rows that came in between might break a new constraint.
                switch (target.log().commit(new Commit(base.version(), new ReadSet.WholeTable(), info, actions))) {
                    case CommitOutcome.Committed(long version) -> {
                        target.committed(new WriteBase(version, changed, protocol, Optional.empty()));
                        return version;
                    }
                    case CommitOutcome.Conflicted(var conflict) -> giveUpAfter(attempt, operation, conflict.describe());
                    case CommitOutcome.ReadVersionGone(long version) ->
                        giveUpAfter(attempt, operation, "its log no longer held the commit of version " + version);
                }
                target.reload();
            }
        }
    }

    private void giveUpAfter(int attempt, String operation, String obstacle) {
        if (attempt == RowChange.ATTEMPTS) {
            throw new UnavailableException(
                    "DELTA_CONCURRENT_CHANGE",
                    table.path() + ": " + operation + " was tried " + attempt
                            + " times, and each time another writer was faster; the last time " + obstacle
                            + ". Nothing was committed; run it again.");
        }
    }
}
