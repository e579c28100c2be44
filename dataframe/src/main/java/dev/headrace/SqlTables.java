package dev.headrace;

import dev.headrace.errors.QueryException;
import dev.headrace.errors.Suggestion;
import dev.headrace.plan.NamedPlan;
import dev.headrace.sql.Statement;
import dev.headrace.sql.TableStatement;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// CREATE TABLE and INSERT.
final class SqlTables {
    private final Session session;

    SqlTables(Session session) {
        this.session = session;
    }

    // ---- CREATE TABLE

    DataFrame create(Statement.CreateTable create, Function<NamedPlan, DataFrame> frame) {
        String name = SessionTables.plain(create.name());
        if (session.tables().isKnown(create.name()) && create.ifExists() != Statement.Exists.REPLACE) {
            if (create.ifExists() == Statement.Exists.KEEP) {
                return session.emptyDataFrame();
            }
            throw SessionTables.exists(name);
        }
        // A format with a path, as in delta.`/data`, is a table without a name of its own.
        boolean atPath = session.tables().isPath(create.name());
        String format = atPath
                ? create.name().getFirst().toLowerCase(Locale.ROOT)
                : create.format().orElse("parquet");
        Map<String, String> options = new HashMap<>(create.options());
        Optional<String> path = Optional.of(create.name().getLast())
                .filter(_ -> atPath)
                .or(create::location)
                .or(() -> Optional.ofNullable(options.remove("path")))
                .or(() -> Optional.of(session.tables().inWarehouse(name)));
        boolean managed =
                !atPath && create.location().isEmpty() && !create.options().containsKey("path");
        Optional<DataFrame> rows = create.query().map(frame);
        Optional<TableStatements> keeper = SqlTableStatements.find(format);
        if (rows.isPresent()) {
            SaveMode mode =
                    atPath && create.ifExists() == Statement.Exists.KEEP ? SaveMode.Ignore : mode(create, managed);
            Map<String, String> writing = new HashMap<>(options);
            // Options of a write of Delta that creates a table: its properties.
            writing.putAll(create.properties());
            if (keeper.isPresent() && mode == SaveMode.Overwrite) {
                writing.put("overwriteSchema", "true");
            }
            write(rows.get(), format, writing, create.partitionColumns(), mode, path);
        } else if (create.schema().isPresent() && keeper.isPresent()) {
            boolean anew = managed || create.ifExists() == Statement.Exists.REPLACE;
            TableStatement.Create empty = new TableStatement.Create(
                    create.name(),
                    create.schema().get(),
                    create.partitionColumns(),
                    create.properties(),
                    atPath ? create.ifExists() : anew ? Statement.Exists.REPLACE : Statement.Exists.KEEP);
            keeper.get().run(session, empty, path.orElseThrow(), Optional.empty());
        } else if (create.schema().isPresent()) {
            // Rows that lie at a location already become the table's.
            boolean anew = managed || create.ifExists() == Statement.Exists.REPLACE;
            DataFrame none = session.createDataFrame(List.of(), create.schema().get());
            write(none, format, options, create.partitionColumns(), anew ? SaveMode.Overwrite : SaveMode.Ignore, path);
        }
        if (atPath) {
            return session.emptyDataFrame();
        }
        session.tables()
                .putTable(
                        name,
                        new SessionTables.StoredTable(
                                format,
                                options,
                                path,
                                create.schema().filter(_ -> !format.equals("delta")),
                                create.partitionColumns()));
        return session.emptyDataFrame();
    }

    private static SaveMode mode(Statement.CreateTable create, boolean managed) {
        return managed || create.ifExists() == Statement.Exists.REPLACE ? SaveMode.Overwrite : SaveMode.ErrorIfExists;
    }

    private static void write(
            DataFrame rows,
            String format,
            Map<String, String> options,
            List<String> partitionColumns,
            SaveMode mode,
            Optional<String> path) {
        DataFrameWriter writer = rows.write().format(format).options(options).mode(mode);
        if (!partitionColumns.isEmpty()) {
            writer.partitionBy(partitionColumns.toArray(String[]::new));
        }
        path.ifPresentOrElse(writer::save, writer::save);
    }

    // ---- INSERT

    DataFrame insert(Statement.Insert insert, Function<NamedPlan, DataFrame> frame) {
        DataFrame rows = frame.apply(insert.query());
        SaveMode mode = insert.overwrite() ? SaveMode.Overwrite : SaveMode.Append;
        Optional<SessionTables.StoredTable> stored = session.tables().stored(insert.target());
        if (stored.isPresent()) {
            SessionTables.StoredTable table = stored.get();
            Map<String, String> options = new HashMap<>(table.options());
            options.putAll(insert.options());
            DataFrame fitting = fitting(insert, rows);
            write(fitting, table.format(), options, table.partitionColumns(), mode, table.path());
            session.tables().changed(insert.target());
            return session.emptyDataFrame();
        }
        if (!session.tables().isPath(insert.target())) {
            throw notATable(insert.target());
        }
        DataFrame fitting = existing(insert).isPresent() ? fitting(insert, rows) : named(insert, rows);
        write(
                fitting,
                insert.target().getFirst(),
                insert.options(),
                List.of(),
                mode,
                Optional.of(insert.target().get(1)));
        return session.emptyDataFrame();
    }

    private QueryException notATable(List<String> target) {
        String name = String.join(".", target);
        String view =
                session.tables().isKnown(target) ? "'" + name + "' is a view" : "There is no table '" + name + "'";
        return new QueryException(
                "TABLE_OR_VIEW_NOT_FOUND",
                "INSERT: " + view + ". Insert into a table made by CREATE TABLE, or into files as in parquet.`/path`. "
                        + Suggestion.didYouMean(name, session.tables().names()));
    }

    /// The target's schema, if it is there already.
    private Optional<StructType> existing(Statement.Insert insert) {
        try {
            return Optional.of(session.tables().table(insert.target()).schema());
        } catch (dev.headrace.errors.HeadraceException notThereYet) {
            return Optional.empty();
        }
    }

    private static DataFrame named(Statement.Insert insert, DataFrame rows) {
        return insert.columns().isEmpty() ? rows : rows.toDF(insert.columns().toArray(String[]::new));
    }

    /// The rows as the target's columns, in its order and types; columns that are not given are null.
    private DataFrame fitting(Statement.Insert insert, DataFrame rows) {
        StructType target = session.tables().table(insert.target()).schema();
        List<String> given = insert.columns();
        if (insert.byName()) {
            given = rows.schema().names();
        }
        if (given.isEmpty()) {
            given = target.names();
        }
        if (given.size() != rows.schema().size()) {
            throw new QueryException(
                    "INSERT_COLUMN_ARITY_MISMATCH",
                    "INSERT INTO " + String.join(".", insert.target()) + ": there are " + given.size() + " columns, "
                            + String.join(", ", given) + ", but the query gives "
                            + rows.schema().size() + ".");
        }
        List<Column> columns = new ArrayList<>();
        List<String> left = new ArrayList<>(given);
        DataFrame source = rows.toDF(java.util.stream.IntStream.range(0, given.size())
                .mapToObj(i -> "_" + i)
                .toArray(String[]::new));
        for (StructField field : target) {
            int at = indexOf(given, field.name());
            left.removeIf(field.name()::equalsIgnoreCase);
            Column value = at < 0 ? functions.lit(null) : functions.col("_" + at);
            columns.add(value.cast(field.dataType()).as(field.name()));
        }
        if (!left.isEmpty()) {
            throw new QueryException(
                    "UNRESOLVED_COLUMN",
                    "'" + left.getFirst() + "' is not a column of " + String.join(".", insert.target()) + ", which has "
                            + String.join(", ", target.names()) + ". "
                            + Suggestion.didYouMean(left.getFirst(), target.names()));
        }
        return source.select(columns.toArray(Column[]::new));
    }

    private static int indexOf(List<String> names, String name) {
        for (int i = 0; i < names.size(); i++) {
            if (names.get(i).equalsIgnoreCase(name)) {
                return i;
            }
        }
        return -1;
    }
}
