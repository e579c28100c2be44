package dev.headrace;

import dev.headrace.errors.QueryException;
import dev.headrace.plan.NamedExpr;
import dev.headrace.plan.Scalar;
import dev.headrace.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Writes a DataFrame's rows to a table of the session, from [DataFrame#writeTo]: each method that ends it says what
/// becomes of the table.
public final class DataFrameWriterV2 {
    private final DataFrame frame;
    private final String table;
    private final SortedMap<String, String> options = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final Map<String, String> properties = new HashMap<>();
    private final List<String> partitionColumns = new ArrayList<>();
    private Optional<String> format = Optional.empty();

    DataFrameWriterV2(DataFrame frame, String table) {
        this.frame = frame;
        this.table = table;
    }

    /// The format of a table that is made; `parquet` if not said.
    public DataFrameWriterV2 using(String provider) {
        format = Optional.of(provider);
        return this;
    }

    public DataFrameWriterV2 option(String key, String value) {
        options.put(key, value);
        return this;
    }

    public DataFrameWriterV2 option(String key, boolean value) {
        return option(key, String.valueOf(value));
    }

    public DataFrameWriterV2 option(String key, long value) {
        return option(key, String.valueOf(value));
    }

    public DataFrameWriterV2 option(String key, double value) {
        return option(key, String.valueOf(value));
    }

    public DataFrameWriterV2 options(Map<String, String> more) {
        options.putAll(more);
        return this;
    }

    /// A property of a table that is made, such as `delta.enableChangeDataFeed`.
    public DataFrameWriterV2 tableProperty(String property, String value) {
        properties.put(property, value);
        return this;
    }

    /// Columns whose values become folders of a table that is made.
    ///
    /// @throws QueryException `UNRESOLVED_COLUMN`; `UNSUPPORTED_OPERATION` for what is no column
    public DataFrameWriterV2 partitionedBy(Column column, Column... columns) {
        partitionColumns.clear();
        partitionColumns.add(name(column));
        for (Column further : columns) {
            partitionColumns.add(name(further));
        }
        return this;
    }

    private String name(Column column) {
        if (column.expr() instanceof NamedExpr.Name(List<String> parts, var _)) {
            return frame.namesOf(new String[] {parts.getLast()}).getFirst();
        }
        throw new QueryException(
                "UNSUPPORTED_OPERATION",
                "partitionedBy(" + column + ") is not a column. Compute it with withColumn(…) first.");
    }

    /// Makes the table.
    ///
    /// @throws QueryException `TABLE_OR_VIEW_ALREADY_EXISTS`, and as [DataFrameWriter#saveAsTable]
    public void create() {
        make(Statement.Exists.FAIL);
    }

    /// Makes a table anew that is there.
    ///
    /// @throws QueryException `TABLE_OR_VIEW_NOT_FOUND`, and as [DataFrameWriter#saveAsTable]
    public void replace() {
        frame.session().table(table);
        make(Statement.Exists.REPLACE);
    }

    /// Makes the table, anew if it is there.
    ///
    /// @throws QueryException as [DataFrameWriter#saveAsTable]
    public void createOrReplace() {
        make(Statement.Exists.REPLACE);
    }

    private void make(Statement.Exists ifExists) {
        new Execution(frame, "writeTo()").checkBatch();
        Map<String, String> rest = new TreeMap<>(options);
        Optional<String> location = Optional.ofNullable(rest.remove("path"));
        Statement.CreateTable create = new Statement.CreateTable(
                ColumnName.parts(table),
                Optional.empty(),
                format,
                rest,
                partitionColumns,
                Optional.empty(),
                location,
                Optional.of(frame.identified()),
                ifExists,
                properties);
        new SqlTables(frame.session()).create(create, Optional.of(frame));
        frame.session().tables().changed(create.name());
    }

    /// Adds the rows to the table. Columns are found by name.
    ///
    /// @throws QueryException `TABLE_OR_VIEW_NOT_FOUND`, `INSERT_COLUMN_ARITY_MISMATCH`, `UNRESOLVED_COLUMN`
    public void append() {
        insert(options, false);
    }

    /// Replaces the partitions that the rows are in.
    ///
    /// @throws QueryException as [#append]
    public void overwritePartitions() {
        Map<String, String> dynamic = new TreeMap<>(options);
        dynamic.put(SqlTables.PARTITION_OVERWRITE_MODE, "dynamic");
        insert(dynamic, true);
    }

    /// Replaces the rows of the table for which a condition is true; all rows that are written must satisfy it.
    ///
    /// @param condition comparisons of columns and constants, with `and`, `or` and `not`; `lit(true)` replaces all rows
    /// @throws QueryException `UNSUPPORTED_OPERATION` for other conditions, and for tables of formats that keep no
    ///     versions; else as [#append]
    /// @throws dev.headrace.errors.DataException `DELTA_REPLACE_WHERE_MISMATCH`
    public void overwrite(Column condition) {
        if (condition.expr().equals(new NamedExpr.Literal(Scalar.TRUE))) {
            Map<String, String> whole = new TreeMap<>(options);
            if (frame.session().conf().replacesPartitions()) {
                whole.put(SqlTables.PARTITION_OVERWRITE_MODE, "static");
            }
            insert(whole, true);
            return;
        }
        List<String> name = ColumnName.parts(table);
        SqlTableStatements.Target target = new SqlTableStatements(frame.session()).target(name);
        String where = ConditionText.of(condition.expr(), target.name());
        String keeper = target.format();
        if (SqlTableStatements.find(keeper).isEmpty()) {
            throw new QueryException(
                    "UNSUPPORTED_OPERATION",
                    "overwrite(" + condition + "): " + table + " is a table of format '" + keeper
                            + "', of which only all rows or whole partitions can be overwritten. Use overwrite(lit(true)) or"
                            + " overwritePartitions(), or make it a Delta table.");
        }
        Map<String, String> replacing = new TreeMap<>(options);
        replacing.put("replaceWhere", where);
        insert(replacing, true);
    }

    private void insert(Map<String, String> with, boolean overwrite) {
        new Execution(frame, "writeTo()").checkBatch();
        new SqlTables(frame.session())
                .insert(
                        new Statement.Insert(
                                ColumnName.parts(table), with, frame.identified(), List.of(), true, overwrite),
                        frame);
    }
}
