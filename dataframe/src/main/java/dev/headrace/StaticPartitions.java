package dev.headrace;

import dev.headrace.errors.QueryException;
import dev.headrace.files.OutputDirectory;
import dev.headrace.files.PartitionPath;
import dev.headrace.plan.NamedExpr;
import dev.headrace.sql.Statement;
import dev.headrace.types.DataType;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// `INSERT … PARTITION (day = '2026-01-31', region)`: values of partition columns that the statement says instead of
/// its query. An overwrite replaces the rows with these values only, whether the query gives any or none.
final class StaticPartitions {
    private final Statement.Insert insert;
    private final StructType target;
    private final List<String> partitionColumns;
    /// The columns that have values, as the table calls them.
    private final Map<String, NamedExpr> values = new LinkedHashMap<>();

    /// @throws QueryException `NON_PARTITION_COLUMN`
    private StaticPartitions(Statement.Insert insert, StructType target, List<String> partitionColumns) {
        this.insert = insert;
        this.target = target;
        this.partitionColumns = partitionColumns;
        for (Map.Entry<String, Optional<NamedExpr>> each : insert.partition().entrySet()) {
            String name = partitionColumns.stream()
                    .filter(each.getKey()::equalsIgnoreCase)
                    .findFirst()
                    .orElseThrow(() -> new QueryException(
                            "NON_PARTITION_COLUMN",
                            statement() + ": '" + each.getKey() + "' in PARTITION (…) is not a partition column: "
                                    + (partitionColumns.isEmpty()
                                            ? "the table has none."
                                            : "those are " + String.join(", ", partitionColumns) + ".")));
            each.getValue().ifPresent(value -> values.put(name, value));
        }
    }

    /// The same insert without PARTITION, of rows that have its values.
    record Said(Statement.Insert insert, DataFrame rows) {}

    /// @param versions whether the table's format keeps versions, and so replaces rows by a condition
    static Said of(
            Statement.Insert insert,
            DataFrame rows,
            StructType target,
            List<String> partitionColumns,
            boolean versions) {
        if (insert.partition().isEmpty()) {
            return new Said(insert, rows);
        }
        StaticPartitions partitions = new StaticPartitions(insert, target, partitionColumns);
        Map<String, String> options = new HashMap<>(insert.options());
        if (insert.overwrite() && !partitions.values.isEmpty() && !replacesByRows(options)) {
            if (versions) {
                options.put("replaceWhere", partitions.condition(rows.sparkSession()));
            } else {
                options.put(OutputDirectory.REPLACED_PARTITION, partitions.directory(rows.sparkSession()));
            }
        }
        return new Said(
                new Statement.Insert(
                        insert.target(),
                        options,
                        insert.query(),
                        partitions.columns(),
                        insert.byName(),
                        insert.overwrite()),
                partitions.with(rows));
    }

    /// Whether a table has rows with the values of the statement.
    ///
    /// @throws QueryException `NON_PARTITION_COLUMN`
    static boolean haveRows(Statement.Insert insert, DataFrame table, List<String> partitionColumns) {
        StaticPartitions partitions = new StaticPartitions(insert, table.schema(), partitionColumns);
        return partitions.values.entrySet().stream()
                .map(each -> functions
                        .col(ColumnName.quoted(each.getKey()))
                        .eqNullSafe(partitions.cast(each.getKey(), each.getValue())))
                .reduce(Column::and)
                .filter(condition -> !table.filter(condition).isEmpty())
                .isPresent();
    }

    /// Whether those partitions are replaced that rows are written to.
    private static boolean replacesByRows(Map<String, String> options) {
        return options.entrySet().stream()
                .anyMatch(option -> option.getKey().equalsIgnoreCase(SqlTables.PARTITION_OVERWRITE_MODE)
                        && option.getValue().equalsIgnoreCase("dynamic"));
    }

    private String statement() {
        return "INSERT INTO " + String.join(".", insert.target());
    }

    private List<String> columns() {
        if (insert.byName()) {
            return List.of();
        }
        List<String> columns = new ArrayList<>(insert.columns());
        if (columns.isEmpty()) {
            columns.addAll(target.names());
            columns.removeIf(name -> values.keySet().stream().anyMatch(name::equalsIgnoreCase));
        }
        columns.addAll(values.keySet());
        return columns;
    }

    private DataFrame with(DataFrame rows) {
        List<Column> columns = new ArrayList<>(List.of(functions.col("*")));
        values.forEach((name, value) -> columns.add(cast(name, value).as(name)));
        return rows.select(columns.toArray(Column[]::new));
    }

    private Column cast(String name, NamedExpr value) {
        DataType type = target.fieldList().stream()
                .filter(field -> field.name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow()
                .dataType();
        return new Column(value).cast(type);
    }

    /// The values as directories have them.
    private Map<String, Optional<String>> texts(Session session) {
        Column[] columns = values.entrySet().stream()
                .map(each -> cast(each.getKey(), each.getValue()).cast("string"))
                .toArray(Column[]::new);
        Row row = session.range(1).select(columns).head();
        Map<String, Optional<String>> texts = new LinkedHashMap<>();
        for (String name : values.keySet()) {
            @Nullable String text = row.getString(texts.size());
            texts.put(name, Optional.ofNullable(text));
        }
        return texts;
    }

    private String condition(Session session) {
        return texts(session).entrySet().stream()
                .map(each -> ColumnName.quoted(each.getKey())
                        + each.getValue()
                                .map(text -> " = '" + text.replace("\\", "\\\\").replace("'", "\\'") + "'")
                                .orElse(" IS NULL"))
                .collect(Collectors.joining(" AND "));
    }

    /// @throws QueryException `INVALID_PARTITION_SPEC` if rows with the values don't lie in one directory
    private String directory(Session session) {
        List<String> first = partitionColumns.subList(0, values.size());
        if (!values.keySet().containsAll(first)) {
            throw new QueryException(
                    "INVALID_PARTITION_SPEC",
                    statement() + ": PARTITION (…) gives values to " + String.join(", ", values.keySet())
                            + ", but files lie in directories of " + String.join(", ", partitionColumns)
                            + ", in this order. Give values to the first ones, or set"
                            + " OPTIONS (partitionOverwriteMode 'dynamic').");
        }
        Map<String, Optional<String>> texts = texts(session);
        return first.stream()
                .map(name -> PartitionPath.directory(
                        name, Objects.requireNonNull(texts.get(name)).orElse("")))
                .collect(Collectors.joining("/"));
    }
}
