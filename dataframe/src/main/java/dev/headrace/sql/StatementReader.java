package dev.headrace.sql;

import dev.headrace.connector.Buckets;
import dev.headrace.function.SessionFunctions;
import dev.headrace.plan.NamedExpr;
import dev.headrace.plan.NamedPlan;
import dev.headrace.types.Metadata;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.antlr.v4.runtime.ParserRuleContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.AlterViewQueryContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.AlterViewSchemaBindingContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.AnalyzeContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.BucketSpecContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.CacheTableContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ClearCacheContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ConstantContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.CreateFunctionContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.CreateNamespaceContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.CreateTableClausesContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.CreateTableContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.CreateTableHeaderContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.CreateTableLikeContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.CreateTempViewUsingContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.CreateUserDefinedFunctionContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.CreateVariableContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.CreateViewContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.DescribeFuncNameContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.DescribeFunctionContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.DescribeNamespaceContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.DescribeQueryContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.DescribeRelationContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.DmlStatementContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.DropFunctionContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.DropNamespaceContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.DropTableContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.DropVariableContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.DropViewContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ExplainContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.IdentifierListContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.IdentifierReferenceContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.IdentityTransformContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.InsertIntoContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.InsertIntoReplaceBooleanCondContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.InsertIntoTableContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.InsertOverwriteDirContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.InsertOverwriteTableContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.MultiInsertQueryContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.NamedParameterLiteralContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.OptionsClauseContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.OrderedIdentifierContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.PartitionColumnContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.PartitionFieldContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.PartitionFieldListContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.PartitionSpecContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.PartitionTransformContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.PartitionValContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.PosParameterLiteralContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.PropertyListContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.QueryContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.RecoverPartitionsContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.RefreshTableContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.RenameTableContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.RepairTableContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ReplaceTableContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.SchemaBindingContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.SetTablePropertiesContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ShowCatalogsContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ShowColumnsContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ShowCreateTableContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ShowCurrentNamespaceContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ShowFunctionsContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ShowNamespacesContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ShowPartitionsContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ShowTableExtendedContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ShowTablesContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ShowTblPropertiesContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ShowViewsContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.SingleInsertQueryContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.SingleStatementContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.StatementContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.StatementDefaultContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.TableElementListContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.TableProviderContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.TruncateTableContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.UncacheTableContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.UnsetTablePropertiesContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.UseContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.UseNamespaceContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.VisitExecuteImmediateContext;
import org.jspecify.annotations.Nullable;

/// Reads statements.
final class StatementReader {
    private final Reading reading;
    private final PropertyReader properties;

    StatementReader(Reading reading) {
        this.reading = reading;
        this.properties = new PropertyReader(reading);
    }

    Statement statement(SingleStatementContext context) {
        return context.statement() != null
                ? statement(context.statement())
                : new SettingReader(reading).setting(context.setResetStatement());
    }

    Statement statement(StatementContext context) {
        return switch (context) {
            case StatementDefaultContext query ->
                new Statement.Query(reading.queries().query(query.query()));
            case DmlStatementContext dml -> dml(dml);
            case CreateViewContext view -> view(view);
            case CreateTempViewUsingContext view -> view(view);
            case AlterViewQueryContext alter ->
                new Statement.AlterView(
                        reading.names().of(alter.identifierReference()),
                        new Statement.ViewChange.Query(
                                reading.queries().query(alter.query()),
                                reading.text().query(alter.query())));
            case AlterViewSchemaBindingContext alter ->
                new Statement.AlterView(
                        reading.names().of(alter.identifierReference()),
                        new Statement.ViewChange.Binding(binding(List.of(alter.schemaBinding()))));
            case SetTablePropertiesContext set when set.VIEW() != null ->
                new Statement.AlterView(
                        reading.names().of(set.identifierReference()),
                        new Statement.ViewChange.SetProperties(properties.properties(set.propertyList())));
            case UnsetTablePropertiesContext unset when unset.VIEW() != null ->
                new Statement.AlterView(
                        reading.names().of(unset.identifierReference()),
                        new Statement.ViewChange.UnsetProperties(
                                properties.keys(unset.propertyList()), unset.EXISTS() != null));
            case CreateTableContext table -> table(table);
            case ReplaceTableContext table -> table(table);
            case CreateTableLikeContext table -> table(table);
            case RenameTableContext rename ->
                new Statement.Rename(
                        reading.names().of(rename.from), reading.names().of(rename.to), rename.VIEW() != null);
            case DropViewContext drop ->
                new Statement.Drop(reading.names().of(drop.identifierReference()), drop.IF() != null, true);
            case DropTableContext drop ->
                new Statement.Drop(reading.names().of(drop.identifierReference()), drop.IF() != null, false);
            case ExplainContext explain -> explain(explain);
            case ShowTablesContext show ->
                new Statement.ShowTables(
                        database(show.identifierReference()),
                        Optional.ofNullable(show.pattern).map(reading.literals()::string),
                        false);
            case ShowViewsContext show ->
                new Statement.ShowTables(
                        database(show.identifierReference()),
                        Optional.ofNullable(show.pattern).map(reading.literals()::string),
                        true);
            case ShowNamespacesContext show ->
                new Statement.Look.Databases(
                        Optional.ofNullable(show.multipartIdentifier()).map(reading.names()::of),
                        Optional.ofNullable(show.pattern).map(reading.literals()::string));
            case ShowCatalogsContext show ->
                new Statement.Look.Catalogs(Optional.ofNullable(show.pattern).map(reading.literals()::string));
            case DescribeNamespaceContext describe ->
                new Statement.Look.Database(
                        reading.names().of(describe.identifierReference()), describe.EXTENDED() != null);
            case CreateNamespaceContext create -> new DatabaseReader(reading).create(create);
            case DropNamespaceContext drop ->
                new Statement.DropDatabase(
                        reading.names().of(drop.identifierReference()), drop.IF() != null, drop.CASCADE() != null);
            case ShowTableExtendedContext show -> showExtended(show);
            case ShowCurrentNamespaceContext _ -> new Statement.Look.Current();
            case ShowPartitionsContext show ->
                new Statement.Look.Partitions(
                        reading.names().of(show.identifierReference()), values(show.partitionSpec()));
            case ShowTblPropertiesContext show ->
                new Statement.Look.Properties(
                        reading.names().of(show.table),
                        Optional.ofNullable(show.key).map(new PropertyReader(reading)::key));
            case ShowCreateTableContext show ->
                new Statement.Look.CreateTable(reading.names().of(show.identifierReference()));
            case UseContext use -> new Statement.Use(reading.names().of(use.identifierReference()), false);
            case UseNamespaceContext use -> new Statement.Use(reading.names().of(use.identifierReference()), true);
            case ShowColumnsContext show -> new Statement.ShowColumns(table(show));
            case ShowFunctionsContext show ->
                new Statement.ShowFunctions(database(show.ns), scope(show), pattern(show));
            case DescribeRelationContext describe -> describe(describe);
            case DescribeQueryContext describe ->
                new Statement.DescribeQuery(reading.queries().query(describe.query()));
            case DescribeFunctionContext describe -> new Statement.DescribeFunction(function(describe));
            case CacheTableContext cache ->
                new Statement.CacheTable(
                        reading.names().of(cache.identifierReference()),
                        Optional.ofNullable(cache.query()).map(reading.queries()::query),
                        cache.LAZY() != null);
            case UncacheTableContext uncache ->
                new Statement.UncacheTable(reading.names().of(uncache.identifierReference()), uncache.IF() != null);
            case RefreshTableContext refresh ->
                new Statement.RefreshTable(reading.names().of(refresh.identifierReference()));
            // Partitions are found, and statistics are those of the files, whenever a table is read.
            case RepairTableContext repair ->
                new Statement.RefreshTable(reading.names().of(repair.identifierReference()));
            case RecoverPartitionsContext recover ->
                new Statement.RefreshTable(reading.names().of(recover.identifierReference()));
            case AnalyzeContext analyze ->
                new Statement.RefreshTable(reading.names().of(analyze.identifierReference()));
            case TruncateTableContext truncate -> truncate(truncate);
            case ClearCacheContext _ -> new Statement.ClearCache();
            case CreateUserDefinedFunctionContext create -> new DefinedFunctionReader(reading).create(create);
            case CreateFunctionContext create ->
                throw reading.text()
                        .unsupported(
                                "Functions of a class are not supported here: register one with session.udf(), or define one in"
                                        + " SQL, as in CREATE FUNCTION twice(x INT) RETURNS INT RETURN x * 2.",
                                create);
            case DropFunctionContext drop -> new DefinedFunctionReader(reading).drop(drop);
            case CreateVariableContext declare -> new VariableReader(reading).declare(declare);
            case DropVariableContext drop -> new VariableReader(reading).drop(drop);
            case VisitExecuteImmediateContext execute ->
                new VariableReader(reading).execute(execute.executeImmediate());
            default ->
                new DatabaseReader(reading)
                        .alter(context)
                        .or(() ->
                                new TableStatementReader(reading).read(context).map(Statement.OfTable::new))
                        .orElseThrow(() -> unsupported(context));
        };
    }

    private Optional<List<String>> database(@Nullable IdentifierReferenceContext context) {
        return Optional.ofNullable(context).map(reading.names()::of);
    }

    private dev.headrace.errors.QueryException unsupported(StatementContext context) {
        String words = context.getStart().getText().toUpperCase(Locale.ROOT);
        return reading.text()
                .unsupported(
                        "This kind of " + words
                                + " statement is not supported. Supported are queries, CREATE, ALTER and DROP of"
                                + " databases, tables and views, CREATE and DROP of functions, INSERT, EXPLAIN, SHOW,"
                                + " DESCRIBE, CACHE, REFRESH, USE, SET and RESET, and for Delta tables MERGE, UPDATE,"
                                + " DELETE, OPTIMIZE, VACUUM and RESTORE.",
                        context);
    }

    // ---- Writing

    private Statement dml(DmlStatementContext context) {
        Optional<TableStatement> change = reading.queries()
                .within(context.ctes(), () -> new TableStatementReader(reading).read(context.dmlStatementNoWith()));
        if (change.isPresent()) {
            return new Statement.OfTable(change.get());
        }
        return reading.queries().within(context.ctes(), () -> switch (context.dmlStatementNoWith()) {
            case SingleInsertQueryContext insert ->
                insert(insert.insertInto(), reading.queries().query(insert.query()));
            case MultiInsertQueryContext inserts ->
                new Statement.Inserts(inserts.multiInsertQueryBody().stream()
                        .map(each -> insert(
                                each.insertInto(),
                                reading.queries().from(inserts.fromClause(), each.fromStatementBody())))
                        .toList());
            default ->
                throw reading.text()
                        .unsupported(
                                "Of statements that write, MERGE, UPDATE, DELETE, and INSERT INTO and"
                                        + " INSERT OVERWRITE are supported.",
                                context);
        });
    }

    private Statement insert(InsertIntoContext insert, NamedPlan query) {
        return switch (insert) {
            case InsertIntoTableContext into ->
                new Statement.Insert(
                        reading.names().of(into.identifierReference()),
                        options(into.optionsClause()),
                        query,
                        columns(into.identifierList()),
                        partition(into.partitionSpec()),
                        into.BY() != null,
                        false,
                        ifNotExists(into));
            case InsertOverwriteTableContext over ->
                new Statement.Insert(
                        reading.names().of(over.identifierReference()),
                        options(over.optionsClause()),
                        query,
                        columns(over.identifierList()),
                        partition(over.partitionSpec()),
                        over.BY() != null,
                        true,
                        ifNotExists(over));
            case InsertIntoReplaceBooleanCondContext replace -> replace(replace, query);
            case InsertOverwriteDirContext directory -> directory(directory, query);
            default -> throw reading.text().unsupported("This kind of INSERT is not supported.", insert);
        };
    }

    private boolean ifNotExists(InsertIntoTableContext insert) {
        if (insert.IF() != null) {
            throw reading.text()
                    .error(
                            "INVALID_STATEMENT_OR_CLAUSE",
                            "IF NOT EXISTS can only follow the partition of INSERT OVERWRITE: INSERT INTO adds rows to it.",
                            insert);
        }
        return false;
    }

    private boolean ifNotExists(InsertOverwriteTableContext insert) {
        if (insert.IF() == null) {
            return false;
        }
        insert.partitionSpec().partitionVal().stream()
                .filter(each -> each.constant() == null)
                .findFirst()
                .ifPresent(each -> {
                    throw reading.text()
                            .error(
                                    "INVALID_STATEMENT_OR_CLAUSE",
                                    "IF NOT EXISTS asks for one partition: give each column in PARTITION (…) a value.",
                                    each);
                });
        return true;
    }

    /// `PARTITION (…)` with a value for each column that it names.
    private Map<String, NamedExpr> values(@Nullable PartitionSpecContext context) {
        Map<String, NamedExpr> values = new LinkedHashMap<>();
        partition(context)
                .forEach((name, value) -> values.put(
                        name,
                        value.orElseThrow(() -> reading.text()
                                .error(
                                        "INVALID_STATEMENT_OR_CLAUSE",
                                        "PARTITION (…): there is no value for '" + name + "'. Write " + name + " = ….",
                                        Objects.requireNonNull(context)))));
        return values;
    }

    private Map<String, Optional<NamedExpr>> partition(@Nullable PartitionSpecContext context) {
        if (context == null) {
            return Map.of();
        }
        Map<String, Optional<NamedExpr>> values = new LinkedHashMap<>();
        for (PartitionValContext each : context.partitionVal()) {
            if (each.DEFAULT() != null) {
                throw reading.text().unsupported("DEFAULT is no value of a partition here.", each);
            }
            String name = reading.names().plain(each.identifier());
            Optional<NamedExpr> value = Optional.ofNullable(each.constant()).map(reading.literals()::constant);
            if (values.put(name, value) != null) {
                throw reading.text().unsupported("The column '" + name + "' stands twice in PARTITION (…).", each);
            }
        }
        return values;
    }

    /// `INSERT INTO t REPLACE WHERE condition`: as an overwrite with the option `replaceWhere`.
    private Statement replace(InsertIntoReplaceBooleanCondContext context, NamedPlan query) {
        if (context.ON() != null || context.tableAlias().getChildCount() > 0) {
            throw reading.text()
                    .unsupported("INSERT INTO … REPLACE takes WHERE and a condition, without an alias.", context);
        }
        Map<String, String> options = new java.util.HashMap<>(options(context.optionsClause()));
        options.put("replaceWhere", withValues(context.replaceCondition));
        return new Statement.Insert(
                reading.names().of(context.identifierReference()),
                options,
                query,
                List.of(),
                context.BY() != null,
                true);
    }

    /// A part of the text with the values of the parameters in it.
    private String withValues(ParserRuleContext part) {
        StringBuilder sql = new StringBuilder();
        int at = part.getStart().getStartIndex();
        for (ConstantContext parameter : parameters(part).toList()) {
            int start = parameter.getStart().getStartIndex();
            // Apart from what stands beside it: -:n with -1 is no comment.
            sql.append(SqlText.part(reading.text().text(), at, start - 1))
                    .append(' ')
                    .append(valueText(parameter))
                    .append(' ');
            at = parameter.getStop().getStopIndex() + 1;
        }
        return sql.append(SqlText.part(reading.text().text(), at, part.getStop().getStopIndex()))
                .toString();
    }

    private static Stream<ConstantContext> parameters(ParserRuleContext part) {
        return part instanceof PosParameterLiteralContext || part instanceof NamedParameterLiteralContext
                ? Stream.of((ConstantContext) part)
                : part.getRuleContexts(ParserRuleContext.class).stream().flatMap(StatementReader::parameters);
    }

    private String valueText(ConstantContext parameter) {
        return reading.constant(reading.literals().constant(parameter))
                .flatMap(LiteralText::of)
                .orElseThrow(() -> reading.text()
                        .unsupported(
                                "A parameter in REPLACE WHERE is a number, a text, a date, a time or a boolean.",
                                parameter));
    }

    private Map<String, String> options(@Nullable OptionsClauseContext context) {
        return context == null ? Map.of() : properties.properties(context.options);
    }

    private List<String> columns(@Nullable IdentifierListContext context) {
        return context == null ? List.of() : reading.names().of(context);
    }

    private Statement directory(InsertOverwriteDirContext context, NamedPlan query) {
        Map<String, String> options = new java.util.HashMap<>(properties.properties(context.options));
        if (context.path != null) {
            options.put("path", reading.literals().string(context.path));
        }
        return new Statement.InsertDirectory(format(context.tableProvider()), options, query);
    }

    /// A name that errors may point at, as long as it is this string, which is in lower case already.
    private String format(TableProviderContext context) {
        String name = String.join(".", reading.names().of(context.multipartIdentifier()));
        return reading.placed(name.toLowerCase(Locale.ROOT), context.multipartIdentifier());
    }

    // ---- Views and tables

    private Statement view(CreateViewContext context) {
        boolean lasting = context.TEMPORARY() == null;
        List<String> columns = context.identifierCommentList() == null
                ? List.of()
                : context.identifierCommentList().identifierComment().stream()
                        .map(column -> reading.names().plain(column.identifier()))
                        .toList();
        return new Statement.CreateView(
                reading.names().of(context.identifierReference()),
                columns,
                binding(context.schemaBinding()),
                reading.queries().query(context.query()),
                context.REPLACE() != null,
                context.EXISTS() != null,
                context.GLOBAL() != null,
                viewProperties(context),
                lasting ? Optional.of(reading.text().query(context.query())) : Optional.empty());
    }

    private Map<String, String> viewProperties(CreateViewContext context) {
        Map<String, String> all = new LinkedHashMap<>();
        for (PropertyListContext list : context.propertyList()) {
            if (context.TEMPORARY() != null) {
                throw reading.text()
                        .unsupported(
                                "A temporary view has no TBLPROPERTIES: leave them out, or leave out TEMPORARY.", list);
            }
            all.putAll(properties.properties(list));
        }
        context.commentSpec()
                .forEach(comment ->
                        all.put(TableStatement.COMMENT, reading.literals().string(comment.stringLit())));
        return all;
    }

    private static Statement.SchemaBinding binding(List<SchemaBindingContext> written) {
        if (written.isEmpty()) {
            return Statement.SchemaBinding.COMPENSATION;
        }
        SchemaBindingContext last = written.getLast();
        if (last.EVOLUTION() != null) {
            return last.TYPE() == null ? Statement.SchemaBinding.EVOLUTION : Statement.SchemaBinding.TYPE_EVOLUTION;
        }
        return last.BINDING() == null ? Statement.SchemaBinding.COMPENSATION : Statement.SchemaBinding.BINDING;
    }

    private Statement view(CreateTempViewUsingContext context) {
        return new Statement.CreateViewUsing(
                reading.names().of(context.tableIdentifier().table),
                context.GLOBAL() != null,
                Optional.ofNullable(context.colTypeList()).map(reading.types()::columns),
                format(context.tableProvider()),
                properties.properties(context.propertyList()),
                context.REPLACE() != null);
    }

    private Statement table(CreateTableContext context) {
        CreateTableHeaderContext header = context.createTableHeader();
        if (header.TEMPORARY() != null) {
            throw reading.text().unsupported("Temporary tables are not supported: create a temporary view.", header);
        }
        return table(
                reading.names().of(header.identifierReference()),
                context.tableElementList(),
                context.tableProvider(),
                context.createTableClauses(),
                context.query(),
                header.EXISTS() != null ? Statement.Exists.KEEP : Statement.Exists.FAIL);
    }

    private Statement table(CreateTableLikeContext context) {
        if (!context.rowFormat().isEmpty() || !context.createFileFormat().isEmpty()) {
            throw reading.text().unsupported("CREATE TABLE … LIKE takes USING, LOCATION and TBLPROPERTIES.", context);
        }
        Optional<String> format = context.tableProvider().stream().findFirst().map(this::format);
        if (context.tableProps != null
                && format.filter("delta"::equalsIgnoreCase).isEmpty()) {
            throw reading.text()
                    .unsupported("TBLPROPERTIES are for Delta tables: say USING delta.", context.tableProps);
        }
        return new Statement.CreateTableLike(
                reading.names().of(context.target),
                reading.names().of(context.source),
                format,
                context.locationSpec().stream()
                        .findFirst()
                        .map(location -> reading.literals().string(location.stringLit())),
                context.EXISTS() != null ? Statement.Exists.KEEP : Statement.Exists.FAIL,
                properties.properties(context.tableProps));
    }

    private Statement table(ReplaceTableContext context) {
        return table(
                reading.names().of(context.replaceTableHeader().identifierReference()),
                context.tableElementList(),
                context.tableProvider(),
                context.createTableClauses(),
                context.query(),
                Statement.Exists.REPLACE);
    }

    private Statement table(
            List<String> name,
            @Nullable TableElementListContext elements,
            @Nullable TableProviderContext provider,
            CreateTableClausesContext clauses,
            @Nullable QueryContext query,
            Statement.Exists exists) {
        refuse(clauses);
        boolean keepsProperties = provider != null && format(provider).equalsIgnoreCase("delta");
        if (clauses.tableProps != null && !keepsProperties) {
            throw reading.text().unsupported("Only Delta tables have TBLPROPERTIES.", clauses.tableProps);
        }
        List<StructField> fields = new ArrayList<>();
        if (elements != null) {
            (keepsProperties
                            ? new TableStatementReader(reading).columns(elements)
                            : reading.types().columns(elements))
                    .forEach(fields::add);
        }
        List<String> partitions = clauses.partitioning == null ? List.of() : partitions(clauses.partitioning, fields);
        return new Statement.CreateTable(
                name,
                fields.isEmpty() ? Optional.empty() : Optional.of(new StructType(fields)),
                Optional.ofNullable(provider).map(this::format),
                properties.properties(clauses.options),
                partitions,
                clauses.bucketSpec().stream().findFirst().map(this::buckets),
                clauses.locationSpec().stream()
                        .findFirst()
                        .map(location -> reading.literals().string(location.stringLit())),
                Optional.ofNullable(query).map(reading.queries()::query),
                exists,
                properties(clauses, keepsProperties));
    }

    /// The comment of a Delta table is a property; others have none.
    private Map<String, String> properties(CreateTableClausesContext clauses, boolean keepsProperties) {
        Map<String, String> all = new LinkedHashMap<>(properties.properties(clauses.tableProps));
        if (keepsProperties) {
            clauses.commentSpec()
                    .forEach(comment ->
                            all.put(TableStatement.COMMENT, reading.literals().string(comment.stringLit())));
        }
        return all;
    }

    private void refuse(CreateTableClausesContext clauses) {
        if (!clauses.skewSpec().isEmpty()
                || !clauses.clusterBySpec().isEmpty()
                || !clauses.rowFormat().isEmpty()
                || !clauses.createFileFormat().isEmpty()) {
            throw reading.text()
                    .unsupported(
                            "Of a table's clauses OPTIONS, PARTITIONED BY, CLUSTERED BY … INTO … BUCKETS, LOCATION, TBLPROPERTIES and COMMENT are supported.",
                            clauses);
        }
    }

    private Buckets buckets(BucketSpecContext context) {
        List<String> sorted = new ArrayList<>();
        if (context.orderedIdentifierList() != null) {
            for (OrderedIdentifierContext column :
                    context.orderedIdentifierList().orderedIdentifier()) {
                if (column.DESC() != null) {
                    throw reading.text().unsupported("Files of buckets are sorted in ascending order only.", column);
                }
                sorted.add(reading.names().plain(column.ident.identifier()));
            }
        }
        int count = Integer.parseInt(context.integerValue().getText());
        return new Buckets(count, reading.names().of(context.identifierList()), sorted);
    }

    /// The names of the partition columns; those that are defined here become columns of the table.
    private List<String> partitions(PartitionFieldListContext context, List<StructField> fields) {
        List<String> names = new ArrayList<>();
        for (PartitionFieldContext field : context.fields) {
            switch (field) {
                case PartitionColumnContext column -> {
                    String name = reading.names().of(column.colType().colName);
                    fields.add(reading.types().column(name, column.colType().dataType(), true, Metadata.empty()));
                    names.add(name);
                }
                case PartitionTransformContext transform
                        when transform.transform() instanceof IdentityTransformContext identity ->
                    names.add(reading.names().of(identity.qualifiedName()).getLast());
                default -> throw reading.text().unsupported("Tables are partitioned by columns only.", field);
            }
        }
        return names;
    }

    // ---- Looking at things

    private Statement explain(ExplainContext context) {
        if (context.statement() == null) {
            throw reading.text().unsupported("Only queries and INSERT can be explained.", context);
        }
        String mode = "simple";
        if (ExplainAnalyzeToken.begins(context)) {
            mode = "analyze";
        } else if (context.EXTENDED() != null || context.LOGICAL() != null) {
            mode = "extended";
        } else if (context.FORMATTED() != null) {
            mode = "formatted";
        } else if (context.CODEGEN() != null) {
            mode = "codegen";
        } else if (context.COST() != null) {
            mode = "cost";
        }
        return new Statement.Explain(statement(context.statement()), mode);
    }

    private Statement describe(DescribeRelationContext context) {
        if (context.partitionSpec() != null) {
            throw reading.text()
                    .unsupported(
                            "DESCRIBE takes no PARTITION: SHOW PARTITIONS shows those that have rows.",
                            context.partitionSpec());
        }
        boolean extended = context.EXTENDED() != null || context.FORMATTED() != null;
        if (context.JSON() != null) {
            return describeAsJson(context, extended);
        }
        if (context.describeColName() != null
                && context.describeColName().nameParts.size() > 1) {
            throw reading.text()
                    .unsupported(
                            "DESCRIBE is of whole columns: leave out what stands behind the dot.",
                            context.describeColName());
        }
        return new Statement.DescribeTable(
                reading.names().of(context.identifierReference()),
                Optional.ofNullable(context.describeColName())
                        .map(column -> reading.names().of(column.nameParts.getFirst())),
                extended);
    }

    private Statement describeAsJson(DescribeRelationContext context, boolean extended) {
        if (context.describeColName() != null) {
            throw reading.text()
                    .unsupported(
                            "DESCRIBE … AS JSON is of whole tables: leave the column out.", context.describeColName());
        }
        if (!extended) {
            throw reading.text()
                    .error("DESCRIBE_JSON_NOT_EXTENDED", "Write DESCRIBE TABLE EXTENDED … AS JSON.", context);
        }
        return new Statement.DescribeAsJson(reading.names().of(context.identifierReference()));
    }

    private Statement showExtended(ShowTableExtendedContext context) {
        if (context.partitionSpec() != null) {
            throw reading.text()
                    .unsupported(
                            "SHOW TABLE EXTENDED takes no PARTITION: SHOW PARTITIONS shows those that have rows.",
                            context.partitionSpec());
        }
        return new Statement.Look.Tables(
                database(context.ns), reading.literals().string(context.pattern));
    }

    private Statement truncate(TruncateTableContext context) {
        if (context.partitionSpec() != null) {
            throw reading.text()
                    .unsupported(
                            "TRUNCATE TABLE takes no PARTITION: write INSERT OVERWRITE … PARTITION (…) with a query that gives"
                                    + " no rows, or DELETE of a Delta table.",
                            context.partitionSpec());
        }
        return new Statement.Truncate(reading.names().of(context.identifierReference()));
    }

    /// `SHOW COLUMNS IN table IN database`.
    private List<String> table(ShowColumnsContext context) {
        List<String> table = reading.names().of(context.table);
        if (context.ns == null) {
            return table;
        }
        List<String> database = reading.names().of(context.ns);
        if (table.size() > 1) {
            if (table.get(table.size() - 2).equalsIgnoreCase(database.getLast())) {
                return table;
            }
            throw reading.text()
                    .error(
                            "SHOW_COLUMNS_WITH_CONFLICT_NAMESPACE",
                            "The table's name has another database already. Name the database once.",
                            context.ns);
        }
        List<String> name = new ArrayList<>(database);
        name.addAll(table);
        return name;
    }

    private Statement.ShowFunctions.Scope scope(ShowFunctionsContext context) {
        if (context.functionScope == null) {
            return Statement.ShowFunctions.Scope.ALL;
        }
        String scope = context.functionScope.getText().toUpperCase(Locale.ROOT);
        return Arrays.stream(Statement.ShowFunctions.Scope.values())
                .filter(known -> known.name().equals(scope))
                .findFirst()
                .orElseThrow(() -> reading.text()
                        .error(
                                "INVALID_SHOW_FUNCTIONS",
                                "SHOW " + scope + " FUNCTIONS: expected ALL, SYSTEM or USER.",
                                context.functionScope));
    }

    private Optional<String> pattern(ShowFunctionsContext context) {
        if (context.pattern != null) {
            return Optional.of(reading.literals().string(context.pattern));
        }
        return Optional.ofNullable(context.legacy)
                .map(name -> String.join(".", reading.names().of(name)));
    }

    private String function(DescribeFunctionContext context) {
        return reading.placed(function(context.describeFuncName()), context.describeFuncName());
    }

    private String function(DescribeFuncNameContext name) {
        if (name.identifierReference() != null) {
            return SessionFunctions.name(reading.names().of(name.identifierReference()));
        }
        return name.stringLit() != null ? reading.literals().string(name.stringLit()) : name.getText();
    }
}
