package dev.headrace.sql;

import dev.headrace.connector.Buckets;
import dev.headrace.plan.NamedExpr;
import dev.headrace.plan.NamedPlan;
import dev.headrace.plan.SqlFunction;
import dev.headrace.types.DataType;
import dev.headrace.types.StructType;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What an SQL text asks for.
public sealed interface Statement {
    /// A query, whose rows are the result.
    record Query(NamedPlan plan) implements Statement {}

    /// `BEGIN … END`.
    record RunScript(Script.Block script) implements Statement {}

    /// What becomes of the columns of a view that outlives the session when those of its tables change.
    enum SchemaBinding {
        /// They stay. What the query gives must be of their types, or narrower ones.
        BINDING,
        /// They stay, and what the query gives is cast to their types.
        COMPENSATION,
        /// Their names stay.
        TYPE_EVOLUTION,
        /// They are those of the query.
        EVOLUTION
    }

    /// What makes or changes a view.
    sealed interface OfView extends Statement {}

    /// @param columns new names for all columns, or none
    /// @param binding of the columns, if the view is to outlive the session
    /// @param properties its comment among them
    /// @param global whether it is a temporary view of `global_temp`
    /// @param lasting the text of the query, if the view is to outlive the session
    record CreateView(
            List<String> name,
            List<String> columns,
            SchemaBinding binding,
            NamedPlan plan,
            boolean replace,
            boolean ifNotExists,
            boolean global,
            Map<String, String> properties,
            Optional<String> lasting)
            implements OfView {
        public CreateView {
            name = List.copyOf(name);
            properties = Map.copyOf(properties);
            columns = List.copyOf(columns);
        }
    }

    /// `CACHE TABLE`.
    ///
    /// @param query if present, what the table is made of, as a temporary view
    /// @param lazy whether the rows are computed by the first query that reads them
    record CacheTable(List<String> table, Optional<NamedPlan> query, boolean lazy) implements Statement {
        public CacheTable {
            table = List.copyOf(table);
        }
    }

    record UncacheTable(List<String> table, boolean ifExists) implements Statement {
        public UncacheTable {
            table = List.copyOf(table);
        }
    }

    record RefreshTable(List<String> table) implements Statement {
        public RefreshTable {
            table = List.copyOf(table);
        }
    }

    record ClearCache() implements Statement {}

    /// `CREATE TEMPORARY VIEW … USING format OPTIONS (…)`.
    record CreateViewUsing(
            String name,
            boolean global,
            Optional<StructType> schema,
            String format,
            Map<String, String> options,
            boolean replace)
            implements OfView {
        public CreateViewUsing {
            options = Map.copyOf(options);
        }
    }

    /// `ALTER VIEW`, but for `RENAME TO`.
    record AlterView(List<String> name, ViewChange change) implements OfView {
        public AlterView {
            name = List.copyOf(name);
        }
    }

    /// What becomes of a view.
    sealed interface ViewChange {
        /// `AS`.
        ///
        /// @param text the query as it is written
        record Query(NamedPlan plan, String text) implements ViewChange {}

        /// `WITH SCHEMA`.
        record Binding(SchemaBinding binding) implements ViewChange {}

        /// `SET TBLPROPERTIES`.
        record SetProperties(Map<String, String> properties) implements ViewChange {}

        /// `UNSET TBLPROPERTIES`.
        record UnsetProperties(List<String> keys, boolean ifExists) implements ViewChange {}
    }

    /// `CREATE TABLE … USING format`, with rows if there is a query.
    record CreateTable(
            List<String> name,
            Optional<StructType> schema,
            Optional<String> format,
            Map<String, String> options,
            List<String> partitionColumns,
            Optional<Buckets> buckets,
            Optional<String> location,
            Optional<NamedPlan> query,
            Exists ifExists,
            Map<String, String> properties)
            implements Statement {
        public CreateTable {
            name = List.copyOf(name);
            options = Map.copyOf(options);
            partitionColumns = List.copyOf(partitionColumns);
            properties = Map.copyOf(properties);
        }
    }

    /// `CREATE TABLE … LIKE …`: an empty table with the columns, the partitions and the buckets of another, or with a
    /// view's columns.
    ///
    /// @param format absent: that of the other table
    record CreateTableLike(
            List<String> name,
            List<String> source,
            Optional<String> format,
            Optional<String> location,
            Exists ifExists,
            Map<String, String> properties)
            implements Statement {
        public CreateTableLike {
            name = List.copyOf(name);
            source = List.copyOf(source);
            properties = Map.copyOf(properties);
        }
    }

    /// `ALTER TABLE … RENAME TO …`, `ALTER VIEW … RENAME TO …`.
    ///
    /// @param view whether it says VIEW
    record Rename(List<String> from, List<String> to, boolean view) implements Statement {
        public Rename {
            from = List.copyOf(from);
            to = List.copyOf(to);
        }
    }

    /// What CREATE TABLE does when there is such a table.
    enum Exists {
        FAIL,
        KEEP,
        REPLACE
    }

    /// @param columns the target's columns that the query's columns go to, in order; empty for all
    /// @param partition the columns of PARTITION (…), those with values being constants
    /// @param ifNotExists whether nothing is done if there are rows with the values of PARTITION (…)
    record Insert(
            List<String> target,
            Map<String, String> options,
            NamedPlan query,
            List<String> columns,
            Map<String, Optional<NamedExpr>> partition,
            boolean byName,
            boolean overwrite,
            boolean ifNotExists)
            implements Statement {
        public Insert {
            target = List.copyOf(target);
            options = Map.copyOf(options);
            columns = List.copyOf(columns);
            partition = Collections.unmodifiableMap(new LinkedHashMap<>(partition));
        }

        /// Without PARTITION.
        public Insert(
                List<String> target,
                Map<String, String> options,
                NamedPlan query,
                List<String> columns,
                boolean byName,
                boolean overwrite) {
            this(target, options, query, columns, Map.of(), byName, overwrite, false);
        }

        /// The same with one more option.
        public Insert with(String option, String value) {
            Map<String, String> more = new HashMap<>(options);
            more.put(option, value);
            return new Insert(target, more, query, columns, partition, byName, overwrite, ifNotExists);
        }

        /// The same of another query's rows.
        public Insert of(NamedPlan other) {
            return new Insert(target, options, other, columns, partition, byName, overwrite, ifNotExists);
        }
    }

    /// Several INSERTs of the rows of one FROM.
    ///
    /// @param inserts each an [Insert] or an [InsertDirectory]
    record Inserts(List<Statement> inserts) implements Statement {
        public Inserts {
            inserts = List.copyOf(inserts);
        }
    }

    /// `INSERT OVERWRITE DIRECTORY 'path' USING format SELECT …`.
    record InsertDirectory(String format, Map<String, String> options, NamedPlan query) implements Statement {
        public InsertDirectory {
            options = Map.copyOf(options);
        }
    }

    /// `TRUNCATE TABLE`: the table has no rows any more.
    record Truncate(List<String> table) implements Statement {
        public Truncate {
            table = List.copyOf(table);
        }
    }

    /// A change of a table that keeps versions.
    record OfTable(TableStatement statement) implements Statement {}

    /// `APPLY CHANGES INTO`: a stream of changes that is applied to a table.
    ///
    /// @param name of the query, if `CREATE FLOW` says one
    /// @param envelopes if the source has Debezium's messages
    /// @param clauses no two of a kind
    record ApplyChanges(
            Optional<String> name,
            List<String> target,
            NamedPlan source,
            Optional<Envelopes> envelopes,
            List<String> keys,
            List<ChangeClause> clauses)
            implements Statement {
        public ApplyChanges {
            target = List.copyOf(target);
            keys = List.copyOf(keys);
            clauses = List.copyOf(clauses);
        }
    }

    /// Debezium's messages.
    ///
    /// @param columns of the rows in the messages, as DDL; absent if the messages have been read into columns already
    /// @param registry of the messages' schemas, if they are in Avro
    /// @param options of the registry, which may be secrets
    record Envelopes(Optional<String> columns, Optional<String> registry, Map<String, String> options) {
        public Envelopes {
            options = Map.copyOf(options);
        }

        @Override
        public String toString() {
            return "Envelopes[" + columns + ", " + options.keySet() + "]";
        }
    }

    record Drop(List<String> name, boolean ifExists, boolean view) implements Statement {
        public Drop {
            name = List.copyOf(name);
        }
    }

    /// @param mode as `DataFrame.explain` takes it
    record Explain(Statement statement, String mode) implements Statement {}

    /// @param database whose tables are shown, with its catalog or without; absent: the current one's
    record ShowTables(Optional<List<String>> database, Optional<String> pattern, boolean viewsOnly)
            implements Statement {}

    /// What there is, or where one is.
    sealed interface Look extends Statement {
        /// @param catalog whose databases are shown; absent: the current one's
        record Databases(Optional<List<String>> catalog, Optional<String> pattern) implements Look {}

        /// `DESCRIBE DATABASE`.
        record Database(List<String> name, boolean extended) implements Look {}

        record Catalogs(Optional<String> pattern) implements Look {}

        record Current() implements Look {}

        /// @param values of partition columns that a partition must have to be shown
        record Partitions(List<String> table, Map<String, NamedExpr> values) implements Look {}

        /// @param key of one property; absent for all
        record Properties(List<String> table, Optional<String> key) implements Look {}

        record CreateTable(List<String> table) implements Look {}

        /// `SHOW TABLE EXTENDED`.
        ///
        /// @param database whose tables are shown, with its catalog or without; absent: the current one's
        record Tables(Optional<List<String>> database, String pattern) implements Look {}
    }

    /// A change of the databases that there are.
    sealed interface OfDatabase extends Statement {
        /// With its catalog or without.
        List<String> name();
    }

    /// `CREATE DATABASE`.
    ///
    /// @param location absent: in the warehouse
    record CreateDatabase(
            List<String> name,
            boolean ifNotExists,
            Optional<String> comment,
            Optional<String> location,
            Map<String, String> properties)
            implements OfDatabase {
        public CreateDatabase {
            name = List.copyOf(name);
            properties = Map.copyOf(properties);
        }
    }

    /// `DROP DATABASE`.
    ///
    /// @param cascade whether its tables go, too
    record DropDatabase(List<String> name, boolean ifExists, boolean cascade) implements OfDatabase {
        public DropDatabase {
            name = List.copyOf(name);
        }
    }

    /// `ALTER DATABASE`, `COMMENT ON DATABASE`.
    record AlterDatabase(List<String> name, DatabaseChange change) implements OfDatabase {
        public AlterDatabase {
            name = List.copyOf(name);
        }
    }

    /// What becomes of a database.
    sealed interface DatabaseChange {
        /// `SET DBPROPERTIES`.
        record SetProperties(Map<String, String> properties) implements DatabaseChange {}

        /// `UNSET DBPROPERTIES`.
        record UnsetProperties(List<String> keys) implements DatabaseChange {}

        /// `SET LOCATION`: of tables that are made later.
        record SetLocation(String location) implements DatabaseChange {}

        /// `COMMENT ON DATABASE`; absent for none any more.
        record SetComment(Optional<String> text) implements DatabaseChange {}
    }

    /// `USE`.
    ///
    /// @param name of a database, of a catalog, or of both
    /// @param ofDatabase whether it says that the name is a database's
    record Use(List<String> name, boolean ofDatabase) implements Statement {
        public Use {
            name = List.copyOf(name);
        }
    }

    record ShowColumns(List<String> table) implements Statement {
        public ShowColumns {
            table = List.copyOf(table);
        }
    }

    /// @param database whose functions are shown, with its catalog or without; absent: the current one's
    /// @param scope which functions: of the library, of the program, or both
    record ShowFunctions(Optional<List<String>> database, Scope scope, Optional<String> pattern) implements Statement {
        /// The kinds of functions.
        public enum Scope {
            ALL,
            SYSTEM,
            USER
        }
    }

    record DescribeTable(List<String> table, Optional<String> column, boolean extended) implements Statement {
        public DescribeTable {
            table = List.copyOf(table);
        }
    }

    /// `DESCRIBE TABLE EXTENDED … AS JSON`.
    record DescribeAsJson(List<String> table) implements Statement {
        public DescribeAsJson {
            table = List.copyOf(table);
        }
    }

    record DescribeQuery(NamedPlan plan) implements Statement {}

    record DescribeFunction(String name) implements Statement {}

    /// `CREATE TEMPORARY FUNCTION … RETURN expression`.
    ///
    /// @param type absent: that of the body
    /// @param written the body as it is written
    record CreateFunction(
            String name,
            List<SqlFunction.Parameter> parameters,
            Optional<DataType> type,
            NamedExpr body,
            String written,
            Optional<String> comment,
            boolean replace)
            implements Statement {
        public CreateFunction {
            parameters = List.copyOf(parameters);
        }
    }

    record DropFunction(String name, boolean ifExists) implements Statement {}

    /// `CREATE FUNCTION … RETURN expression`, which outlives the session.
    record CreateLastingFunction(List<String> name, FunctionText text, boolean replace, boolean ifNotExists)
            implements Statement {
        public CreateLastingFunction {
            name = List.copyOf(name);
        }
    }

    /// A function as it is written.
    ///
    /// @param parameters with commas between them
    /// @param type absent: that of the body
    record FunctionText(String parameters, Optional<String> type, String body, Optional<String> comment) {}

    /// `DROP FUNCTION`.
    record DropLastingFunction(List<String> name, boolean ifExists) implements Statement {
        public DropLastingFunction {
            name = List.copyOf(name);
        }
    }

    /// `DECLARE VARIABLE`.
    ///
    /// @param type absent: that of the default
    /// @param otherwise the default, and the first value; absent: null
    record DeclareVariables(
            List<List<String>> names, Optional<DataType> type, Optional<NamedExpr> otherwise, boolean replace)
            implements Statement {
        public DeclareVariables {
            names = List.copyOf(names);
        }
    }

    /// `SET VARIABLE`.
    ///
    /// @param row a query, whose one row has the values
    record SetVariables(List<List<String>> names, NamedPlan row) implements Statement {
        public SetVariables {
            names = List.copyOf(names);
        }
    }

    record DropVariable(List<String> name, boolean ifExists) implements Statement {
        public DropVariable {
            name = List.copyOf(name);
        }
    }

    /// `EXECUTE IMMEDIATE`.
    ///
    /// @param text a statement
    /// @param arguments for its parameters
    /// @param into the variables that its one row is for; none: the rows are the result
    record Execute(NamedExpr text, List<NamedExpr> arguments, List<List<String>> into) implements Statement {
        public Execute {
            arguments = List.copyOf(arguments);
            into = List.copyOf(into);
        }
    }

    /// `SET key = value`; without a value it asks for one; without a key for all.
    record Set(Optional<String> key, Optional<String> value) implements Statement {}

    /// `RESET key`; without a key all.
    record Reset(Optional<String> key) implements Statement {}
}
