package dev.headrace.sql;

import dev.headrace.errors.QueryException;
import dev.headrace.errors.Suggestion;
import dev.headrace.plan.IntervalText;
import dev.headrace.plan.JoinType;
import dev.headrace.plan.NamedExpr;
import dev.headrace.plan.NamedPlan;
import dev.headrace.plan.Scalar;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import org.antlr.v4.runtime.ParserRuleContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.AliasedQueryContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.AliasedRelationContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.FromClauseContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.FunctionArgumentContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.FunctionTableArgumentContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.IdentifierReferenceContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.InlineTableContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.InlineTableDefault2Context;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.JoinCriteriaContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.JoinRelationContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.JoinTypeContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.LateralViewContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.RelationContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.RelationExtensionContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.RelationPrimaryContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.SampleByBucketContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.SampleByPercentileContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.SampleByRowsContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.SampleContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.StreamRelationContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.StreamRelationPrimaryContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.StreamTableNameContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.TableAliasContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.TableFunctionCallContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.TableNameContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.TableValuedFunctionContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.WatermarkClauseContext;
import org.jspecify.annotations.Nullable;

/// Reads what stands after FROM.
final class RelationReader {
    private static final Set<String> GENERATORS = Set.of(
            "explode",
            "explode_outer",
            "posexplode",
            "posexplode_outer",
            "inline",
            "inline_outer",
            "stack",
            "json_tuple",
            "variant_explode",
            "variant_explode_outer");

    private final Reading reading;
    private final Relations tables;

    RelationReader(Reading reading, Relations tables) {
        this.reading = reading;
        this.tables = tables;
    }

    NamedPlan recursive(Relations.Recursion recursion) {
        return tables.recursive(recursion);
    }

    /// One row without columns.
    static NamedPlan oneRow() {
        return new NamedPlan.LocalRelation(new StructType(), List.of(List.of()));
    }

    NamedPlan from(FromClauseContext context) {
        NamedPlan plan = null;
        for (RelationContext relation : context.relation()) {
            if (plan == null) {
                plan = relation(relation);
            } else if (relation.LATERAL() != null || isGenerator(relation.relationPrimary())) {
                NamedPlan lateral = lateral(plan, relation.relationPrimary(), JoinType.INNER, Optional.empty());
                plan = extended(lateral, relation.relationExtension());
            } else {
                plan = new NamedPlan.Join(plan, relation(relation), JoinType.INNER, Optional.empty(), List.of());
            }
        }
        if (plan == null) {
            throw new IllegalStateException("FROM without relations");
        }
        for (LateralViewContext view : context.lateralView()) {
            plan = lateralView(plan, view);
        }
        if (context.pivotClause() != null) {
            plan = new PivotReader(reading).pivot(plan, context.pivotClause());
        }
        return context.unpivotClause() == null ? plan : new PivotReader(reading).unpivot(plan, context.unpivotClause());
    }

    NamedPlan relation(RelationContext context) {
        return extended(primary(context.relationPrimary()), context.relationExtension());
    }

    private NamedPlan extended(NamedPlan input, List<RelationExtensionContext> extensions) {
        NamedPlan plan = input;
        for (RelationExtensionContext extension : extensions) {
            if (extension.joinRelation() != null) {
                plan = join(plan, extension.joinRelation());
            } else if (extension.pivotClause() != null) {
                plan = new PivotReader(reading).pivot(plan, extension.pivotClause());
            } else {
                plan = new PivotReader(reading).unpivot(plan, extension.unpivotClause());
            }
        }
        return plan;
    }

    // ---- Joins

    NamedPlan join(NamedPlan left, JoinRelationContext context) {
        if (context.nearestByClause() != null) {
            throw reading.text().unsupported("NEAREST BY is not supported.", context);
        }
        JoinType type = context.joinType() == null ? JoinType.INNER : type(context.joinType());
        JoinCriteriaContext criteria = context.joinCriteria();
        Optional<NamedExpr> condition = criteria == null || criteria.booleanExpression() == null
                ? Optional.empty()
                : Optional.of(reading.expressions().condition(criteria.booleanExpression()));
        if (AsOfToken.begins(context)) {
            return asOf(left, context, type, condition);
        }
        if (context.LATERAL() != null || isGenerator(context.right)) {
            return lateral(left, context.right, type, condition);
        }
        NamedPlan right = primary(context.right);
        if (context.NATURAL() != null) {
            return reading.placed(new NamedPlan.NaturalJoin(left, right, type), context);
        }
        List<String> using = using(context);
        if (type == JoinType.CROSS && condition.isPresent()) {
            type = JoinType.INNER;
        }
        return reading.placed(new NamedPlan.Join(left, right, type, condition, using), context);
    }

    private List<String> using(JoinRelationContext context) {
        JoinCriteriaContext criteria = context.joinCriteria();
        return criteria != null && criteria.identifierList() != null
                ? reading.names().of(criteria.identifierList())
                : List.of();
    }

    private NamedPlan asOf(NamedPlan left, JoinRelationContext context, JoinType type, Optional<NamedExpr> condition) {
        if (context.LATERAL() != null || context.NATURAL() != null || isGenerator(context.right)) {
            throw reading.text()
                    .unsupported("An ASOF join is neither NATURAL nor LATERAL, and not with a generator.", context);
        }
        return reading.placed(
                new NamedPlan.AsOfJoin(left, primary(context.right), type, condition, using(context), Optional.empty()),
                context);
    }

    private static JoinType type(JoinTypeContext context) {
        if (context.CROSS() != null) {
            return JoinType.CROSS;
        }
        if (context.SEMI() != null) {
            return JoinType.LEFT_SEMI;
        }
        if (context.ANTI() != null) {
            return JoinType.LEFT_ANTI;
        }
        if (context.FULL() != null) {
            return JoinType.FULL_OUTER;
        }
        if (context.RIGHT() != null) {
            return JoinType.RIGHT_OUTER;
        }
        return context.LEFT() != null ? JoinType.LEFT_OUTER : JoinType.INNER;
    }

    private NamedPlan lateral(NamedPlan left, RelationPrimaryContext right, JoinType type, Optional<NamedExpr> given) {
        // ON true says nothing, but that one may be written.
        Optional<NamedExpr> condition = given.filter(
                on -> !reading.constant(on).filter(Scalar.TRUE::equals).isPresent());
        if (isGenerator(right)) {
            return generate(left, (TableValuedFunctionContext) right, type, condition);
        }
        if (type != JoinType.INNER && type != JoinType.CROSS && type != JoinType.LEFT_OUTER) {
            throw reading.text().unsupported("A lateral join must be inner, cross or left outer.", right);
        }
        return reading.placed(new NamedPlan.LateralJoin(left, primary(right), type, condition), right);
    }

    private boolean isGenerator(RelationPrimaryContext context) {
        return context instanceof TableValuedFunctionContext function
                && GENERATORS.contains(reading.functions().name(call(function).funcName));
    }

    private static TableFunctionCallContext call(TableValuedFunctionContext function) {
        return function.tableFunctionCallWithTrailingClauses().tableFunctionCall();
    }

    private NamedPlan generate(
            NamedPlan left, TableValuedFunctionContext function, JoinType type, Optional<NamedExpr> condition) {
        if (condition.isPresent()) {
            return reading.placed(new NamedPlan.LateralJoin(left, primary(function), type, condition), function);
        }
        TableAliasContext alias =
                function.tableFunctionCallWithTrailingClauses().tableAlias();
        return reading.placed(
                new NamedPlan.Generate(
                        left,
                        generator(function),
                        type == JoinType.LEFT_OUTER,
                        Optional.ofNullable(alias.strictIdentifier()).map(reading.names()::plain),
                        alias.identifierList() == null
                                ? List.of()
                                : reading.names().of(alias.identifierList())),
                function);
    }

    private NamedExpr generator(TableValuedFunctionContext function) {
        return reading.placed(
                new NamedExpr.Call(reading.functions().name(call(function).funcName), arguments(call(function)), false),
                function);
    }

    private List<NamedExpr> arguments(TableFunctionCallContext call) {
        List<FunctionArgumentContext> arguments = new ArrayList<>();
        for (FunctionTableArgumentContext argument : call.functionTableArgument()) {
            if (argument.functionArgument() == null) {
                throw reading.text().unsupported("Only plain values can be arguments here.", argument);
            }
            arguments.add(argument.functionArgument());
        }
        return NamedArguments.of(reading, reading.functions().name(call.funcName), arguments, call);
    }

    NamedPlan lateralView(NamedPlan input, LateralViewContext context) {
        NamedExpr.Call call = new NamedExpr.Call(
                reading.names().of(context.qualifiedName()).getLast().toLowerCase(java.util.Locale.ROOT),
                reading.expressions().expressions(context.expression()),
                false);
        return reading.placed(
                new NamedPlan.Generate(
                        input,
                        reading.placed(call, context),
                        context.OUTER() != null,
                        Optional.of(reading.names().plain(context.tblName)),
                        context.colName.stream().map(reading.names()::plain).toList()),
                context);
    }

    // ---- What joins stand between

    private NamedPlan primary(RelationPrimaryContext context) {
        return switch (context) {
            case TableNameContext table -> table(table);
            case AliasedQueryContext query ->
                aliased(
                        sampled(
                                watermarked(reading.queries().query(query.query()), query.watermarkClause()),
                                query.sample()),
                        query.tableAlias(),
                        Optional.of("__auto_generated_subquery_name"));
            case AliasedRelationContext relation ->
                aliased(
                        sampled(
                                watermarked(relation(relation.relation()), relation.watermarkClause()),
                                relation.sample()),
                        relation.tableAlias(),
                        Optional.empty());
            case InlineTableDefault2Context values -> values(values.inlineTable());
            case TableValuedFunctionContext function -> function(function);
            case StreamRelationContext stream -> stream(stream.streamRelationPrimary());
            default -> throw reading.text().unsupported("This relation is not supported.", context);
        };
    }

    private NamedPlan stream(StreamRelationPrimaryContext context) {
        boolean plain = context instanceof StreamTableNameContext name
                && name.streamChangesClause() == null
                && name.identifiedByClause() == null;
        if (!plain) {
            throw reading.text()
                    .unsupported("STREAM takes the name of a view or table, or a format and a path.", context);
        }
        StreamTableNameContext table = (StreamTableNameContext) context;
        List<String> name = reading.names().of(table.multipartIdentifier());
        Map<String, String> options = table.optionsClause() == null
                ? Map.of()
                : new PropertyReader(reading).properties(table.optionsClause().options);
        NamedPlan plan = found(() -> tables.stream(name, options), name, table.multipartIdentifier());
        return aliased(watermarked(plan, table.watermarkClause()), table.tableAlias(), Optional.of(name.getLast()));
    }

    private NamedPlan table(TableNameContext context) {
        Map<String, String> options = new java.util.HashMap<>();
        if (context.optionsClause() != null) {
            options.putAll(new PropertyReader(reading).properties(context.optionsClause().options));
        }
        VersionReader versions = new VersionReader(reading);
        if (context.temporalClause() != null) {
            options.putAll(versions.options(context.temporalClause()));
        }
        List<String> name = reading.names().of(context.identifierReference());
        NamedPlan plan = find(name, options, context.identifierReference());
        plan = sampled(watermarked(plan, context.watermarkClause()), context.sample());
        return context.tableAlias().strictIdentifier() == null
                ? new NamedPlan.SubqueryAlias(
                        aliased(plan, context.tableAlias(), Optional.empty()), name.getLast(), database(name))
                : aliased(plan, context.tableAlias(), Optional.empty());
    }

    NamedPlan table(IdentifierReferenceContext reference) {
        List<String> name = reading.names().of(reference);
        return new NamedPlan.SubqueryAlias(find(name, Map.of(), reference), name.getLast(), database(name));
    }

    private Optional<String> database(List<String> name) {
        boolean with =
                name.size() == 1 && reading.queries().with(name.getFirst()).isPresent();
        return with ? Optional.empty() : tables.database(name);
    }

    /// The view, table or common table expression of this name.
    NamedPlan find(List<String> name, Map<String, String> options, ParserRuleContext at) {
        Optional<NamedPlan> with = name.size() == 1 ? reading.queries().with(name.getFirst()) : Optional.empty();
        return found(() -> with.or(() -> tables.find(name, options)), name, at);
    }

    private NamedPlan found(Supplier<Optional<NamedPlan>> search, List<String> name, ParserRuleContext at) {
        Optional<NamedPlan> found;
        try {
            found = search.get();
        } catch (QueryException cannotOpen) {
            throw reading.text().error(cannotOpen.code(), cannotOpen.text(), at);
        }
        String written = String.join(".", name);
        return found.orElseThrow(() -> reading.text()
                .error(
                        "TABLE_OR_VIEW_NOT_FOUND",
                        "There is no table or view '" + written + "'. "
                                + (Suggestion.didYouMean(written, tables.names())
                                                + " Make a view with createOrReplaceTempView(\"" + written
                                                + "\"), or read files as in parquet.`/path`.")
                                        .strip(),
                        at));
    }

    private NamedPlan watermarked(NamedPlan input, @Nullable WatermarkClauseContext context) {
        if (context == null) {
            return input;
        }
        NamedExpr.Interval delay = new IntervalReader(reading.text(), reading.literals()).interval(context.delay);
        NamedExpr column = reading.expressions().named(context.colName);
        if (!(column instanceof NamedExpr.Name(List<String> parts, OptionalLong _)) || delay.months() != 0) {
            throw reading.text().unsupported("WATERMARK takes a column, and a delay without months or years.", context);
        }
        return new NamedPlan.WithWatermark(
                input, parts.getLast(), IntervalText.of(delay.days() * 86_400_000_000L + delay.micros()));
    }

    NamedPlan sampled(NamedPlan input, @Nullable SampleContext context) {
        if (context == null) {
            return input;
        }
        return switch (context.sampleMethod()) {
            case SampleByRowsContext rows ->
                new NamedPlan.Limit(input, reading.expressions().wholeNumber(rows.expression(), "The number of ROWS"));
            case SampleByPercentileContext percent -> {
                String written = percent.DECIMAL_VALUE() != null
                        ? percent.DECIMAL_VALUE().getText()
                        : percent.integerValue().getText();
                double fraction = Double.parseDouble(written) / 100;
                if (percent.negativeSign != null || fraction > 1) {
                    throw reading.text().error("INVALID_SAMPLE", "A sample has from 0 to 100 PERCENT.", percent);
                }
                yield sampled(input, fraction, context);
            }
            // Without a column it is a share, as in Spark.
            case SampleByBucketContext bucket when bucket.ON() == null -> {
                double fraction = Double.parseDouble(bucket.numerator.getText())
                        / Double.parseDouble(bucket.denominator.getText());
                if (!(fraction >= 0 && fraction <= 1)) {
                    throw reading.text()
                            .error(
                                    "INVALID_SAMPLE",
                                    "A sample is BUCKET x OUT OF y with an x from 0 to y, and y above 0.",
                                    bucket);
                }
                yield sampled(input, fraction, context);
            }
            default -> throw reading.text().unsupported("Samples are by PERCENT, ROWS, or BUCKET without ON.", context);
        };
    }

    private static NamedPlan sampled(NamedPlan input, double fraction, SampleContext context) {
        NamedExpr random = context.seed == null
                ? ExpressionReader.call("rand")
                : ExpressionReader.call(
                        "rand", new NamedExpr.Literal(Scalar.of(Long.parseLong(context.seed.getText()))));
        return new NamedPlan.Filter(
                input, ExpressionReader.call("<", random, new NamedExpr.Literal(Scalar.of(fraction))));
    }

    /// @param otherwise the name if there is no alias; empty to leave the names of what is within
    private NamedPlan aliased(NamedPlan input, TableAliasContext alias, Optional<String> otherwise) {
        NamedPlan plan = input;
        if (alias.identifierList() != null) {
            plan = reading.placed(new NamedPlan.ToDF(plan, reading.names().of(alias.identifierList())), alias);
        }
        Optional<String> name = Optional.ofNullable(alias.strictIdentifier())
                .map(reading.names()::plain)
                .or(() -> otherwise);
        return name.isPresent() ? new NamedPlan.SubqueryAlias(plan, name.get()) : plan;
    }

    private NamedPlan function(TableValuedFunctionContext context) {
        TableAliasContext alias = context.tableFunctionCallWithTrailingClauses().tableAlias();
        String name = reading.functions().name(call(context).funcName);
        if (GENERATORS.contains(name)) {
            return generate(oneRow(), context, JoinType.INNER, Optional.empty());
        }
        if (VersionReader.isChanges(name)) {
            List<NamedExpr> arguments = arguments(call(context));
            VersionReader.Changes changes = new VersionReader(reading).changes(name, arguments, context);
            return aliased(find(changes.table(), changes.options(), context), alias, Optional.of(name));
        }
        if (!name.equals("range")) {
            throw reading.text()
                    .error(
                            "UNRESOLVED_TABLE_VALUED_FUNCTION",
                            "'" + name + "' is not a table function. Table functions: range, "
                                    + String.join(", ", new java.util.TreeSet<>(GENERATORS)) + ".",
                            context);
        }
        return aliased(range(context), alias, Optional.of("range"));
    }

    private NamedPlan range(TableValuedFunctionContext context) {
        List<Long> numbers = new ArrayList<>();
        for (NamedExpr argument : arguments(call(context))) {
            numbers.add(reading.wholeNumber(argument)
                    .orElseThrow(
                            () -> reading.text().error("INVALID_RANGE", "range(…) takes whole numbers.", context)));
        }
        long step = numbers.size() > 2 ? numbers.get(2) : 1;
        if (numbers.isEmpty() || numbers.size() > 4 || step == 0) {
            throw reading.text()
                    .error(
                            "INVALID_RANGE",
                            "range(…) takes an end, or a start and an end, then a step, not 0, and a number of partitions.",
                            context);
        }
        long start = numbers.size() == 1 ? 0 : numbers.get(0);
        long end = numbers.size() == 1 ? numbers.get(0) : numbers.get(1);
        int partitions = numbers.size() > 3 ? (int) Math.clamp(numbers.get(3), 1, 10_000) : 1;
        return new NamedPlan.Range(start, end, step, partitions);
    }

    NamedPlan values(InlineTableContext context) {
        NamedPlan plan = reading.placed(new InlineTable(reading).plan(context.expression()), context);
        return aliased(plan, context.tableAlias(), Optional.empty());
    }
}
