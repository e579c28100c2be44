package dev.headrace.sql;

import dev.headrace.plan.Chains;
import dev.headrace.plan.NamedExpr;
import dev.headrace.plan.NamedPlan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;
import org.antlr.v4.runtime.tree.ParseTree;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.CtesContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.FromClauseContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.FromStatementBodyContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.FromStatementContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.FromStmtContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.InlineTableDefault1Context;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.NamedQueryContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.OperatorPipeStatementContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.QueryContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.QueryOrganizationContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.QueryPrimaryContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.QueryPrimaryDefaultContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.QueryTermContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.QueryTermDefaultContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.SetOperationContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.SetQuantifierContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.SortItemContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.SubqueryContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.TableContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.TableNameContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.WindowDefContext;
import org.jspecify.annotations.Nullable;

/// Reads queries: common table expressions, set operations, and what is done to a query's whole result.
final class QueryReader {
    private final Reading reading;
    private Map<String, NamedPlan> withs = Map.of();

    QueryReader(Reading reading) {
        this.reading = reading;
    }

    NamedPlan query(QueryContext context) {
        Map<String, NamedPlan> outside = withs;
        if (context.ctes() != null) {
            define(context.ctes());
        }
        NamedPlan plan = organized(context.queryTerm(), context.queryOrganization());
        withs = outside;
        return plan;
    }

    /// Reads a statement's query where the common table expressions stand before the statement.
    NamedPlan query(QueryContext context, @Nullable CtesContext before) {
        return within(before, () -> query(context));
    }

    /// Reads what may use the common table expressions that stand before a statement.
    <T> T within(@Nullable CtesContext before, Supplier<T> statement) {
        Map<String, NamedPlan> outside = withs;
        if (before != null) {
            define(before);
        }
        T read = statement.get();
        withs = outside;
        return read;
    }

    /// The common table expression of this name, if there is one here.
    Optional<NamedPlan> with(String name) {
        return Optional.ofNullable(withs.get(name.toLowerCase(Locale.ROOT)));
    }

    private void define(CtesContext context) {
        Set<String> names = new HashSet<>();
        for (NamedQueryContext named : context.namedQuery()) {
            String name = reading.names().of(named.name);
            if (!names.add(name.toLowerCase(Locale.ROOT))) {
                throw reading.text()
                        .error(
                                "DUPLICATED_CTE_NAMES",
                                "WITH: there are two queries '" + name + "'. Give each a name of its own.",
                                named.name);
            }
            NamedPlan plan =
                    context.RECURSIVE() != null && isRecursive(named, name) ? recursive(named, name) : named(named);
            Map<String, NamedPlan> more = new HashMap<>(withs);
            more.put(name.toLowerCase(Locale.ROOT), plan);
            withs = more;
        }
    }

    private NamedPlan named(NamedQueryContext named) {
        NamedPlan plan = query(named.query());
        return named.columnAliases == null
                ? plan
                : new NamedPlan.ToDF(plan, reading.names().of(named.columnAliases));
    }

    /// Whether a query reads the name that it defines.
    private static boolean isRecursive(NamedQueryContext named, String name) {
        return reads(named.query(), name);
    }

    private static boolean reads(ParseTree tree, String name) {
        if (tree instanceof TableNameContext table) {
            return table.identifierReference().getText().replace("`", "").equalsIgnoreCase(name);
        }
        for (int i = 0; i < tree.getChildCount(); i++) {
            if (reads(tree.getChild(i), name)) {
                return true;
            }
        }
        return false;
    }

    private NamedPlan recursive(NamedQueryContext named, String name) {
        QueryContext query = named.query();
        boolean union = query.ctes() == null
                && query.queryTerm() instanceof SetOperationContext operation
                && operation.operator.getType() == SqlBaseParser.UNION
                && !reads(operation.left, name);
        if (!union) {
            throw reading.text()
                    .error(
                            "INVALID_RECURSIVE_CTE",
                            "'" + name + "' reads itself, so it must be a first query that does not, UNION [ALL], and a"
                                    + " second one that does.",
                            named);
        }
        SetOperationContext operation = (SetOperationContext) query.queryTerm();
        List<String> columns =
                named.columnAliases == null ? List.of() : reading.names().of(named.columnAliases);
        boolean all =
                operation.setQuantifier() != null && operation.setQuantifier().ALL() != null;
        Map<String, NamedPlan> outside = withs;
        NamedPlan plan = reading.relations()
                .recursive(new Relations.Recursion(
                        name,
                        columns,
                        term(operation.left),
                        rows -> {
                            Map<String, NamedPlan> more = new HashMap<>(outside);
                            more.put(name.toLowerCase(Locale.ROOT), rows);
                            withs = more;
                            NamedPlan step = term(operation.right);
                            withs = outside;
                            return step;
                        },
                        all,
                        named.integerValue() == null
                                ? OptionalInt.empty()
                                : OptionalInt.of(
                                        Integer.parseInt(named.integerValue().getText()))));
        return organized(plan, query.queryOrganization());
    }

    /// ORDER BY, LIMIT and the like over a term. Over a plain SELECT they can use what the SELECT leaves out.
    private NamedPlan organized(QueryTermContext term, QueryOrganizationContext organization) {
        Map<String, WindowDefContext> windows = reading.windows().enter(organization.windowClause());
        NamedPlan plan = term(term);
        plan = organized(plan, organization);
        reading.windows().leave(windows);
        return plan;
    }

    NamedPlan organized(NamedPlan input, QueryOrganizationContext organization) {
        NamedPlan plan = input;
        List<NamedExpr> order = new ArrayList<>();
        organization.order.forEach(item -> order.add(sorted(item)));
        organization.sort.forEach(item -> order.add(sorted(item)));
        organization.clusterBy.forEach(expr -> order.add(reading.expressions().expression(expr)));
        if (!order.isEmpty()) {
            plan = new NamedPlan.Sort(plan, order);
        }
        if (organization.offset != null) {
            plan = new NamedPlan.Offset(
                    plan, reading.expressions().wholeNumber(organization.offset, "The number after OFFSET"));
        }
        if (organization.limit != null) {
            plan = new NamedPlan.Limit(
                    plan, reading.expressions().wholeNumber(organization.limit, "The number after LIMIT"));
        }
        return plan;
    }

    /// A whole number in ORDER BY is a column's position.
    private NamedExpr sorted(SortItemContext item) {
        NamedExpr expr = reading.expressions().sorted(item);
        return expr instanceof NamedExpr.SortOrder order
                        && SelectReader.position(order.input()) instanceof NamedExpr.Ordinal ordinal
                ? reading.placed(new NamedExpr.SortOrder(ordinal, order.direction(), order.nulls()), item)
                : expr;
    }

    NamedPlan term(QueryTermContext context) {
        return switch (context) {
            case QueryTermDefaultContext plain -> primary(plain.queryPrimary());
            case SetOperationContext operation -> setOperations(operation);
            case OperatorPipeStatementContext pipe ->
                new PipeReader(reading).pipe(term(pipe.left), pipe.operatorPipeRightSide());
            default -> throw reading.text().unsupported("This query is not supported.", context);
        };
    }

    /// A chain of operations, read without recursion along its left side.
    private NamedPlan setOperations(SetOperationContext context) {
        List<SetOperationContext> chain = new ArrayList<>();
        QueryTermContext left = context;
        while (left instanceof SetOperationContext operation) {
            chain.add(operation);
            left = operation.left;
        }
        List<NamedPlan> all = new ArrayList<>(List.of(term(left)));
        for (SetOperationContext operation : chain.reversed()) {
            NamedPlan right = term(operation.right);
            if (operation.operator.getType() == SqlBaseParser.UNION && isAll(operation.setQuantifier())) {
                all.add(right);
            } else {
                NamedPlan result =
                        setOperation(unionOf(all), operation.operator.getType(), operation.setQuantifier(), right);
                all = new ArrayList<>(List.of(result));
            }
        }
        return unionOf(all);
    }

    private static NamedPlan unionOf(List<NamedPlan> queries) {
        return Chains.<NamedPlan>combined(queries, (a, b) -> new NamedPlan.Union(a, b, false, false))
                .orElseThrow();
    }

    private static boolean isAll(@Nullable SetQuantifierContext quantifier) {
        return quantifier != null && quantifier.ALL() != null;
    }

    static NamedPlan setOperation(
            NamedPlan left, int operator, @Nullable SetQuantifierContext quantifier, NamedPlan right) {
        boolean all = isAll(quantifier);
        return switch (operator) {
            case SqlBaseParser.UNION -> {
                NamedPlan union = new NamedPlan.Union(left, right, false, false);
                yield all ? union : new NamedPlan.Deduplicate(union, List.of(), false);
            }
            case SqlBaseParser.INTERSECT ->
                new NamedPlan.SetOperation(left, right, NamedPlan.SetOperation.Kind.INTERSECT, all);
            default -> new NamedPlan.SetOperation(left, right, NamedPlan.SetOperation.Kind.EXCEPT, all);
        };
    }

    NamedPlan primary(QueryPrimaryContext context) {
        return switch (context) {
            case QueryPrimaryDefaultContext plain -> reading.selects().select(plain.querySpecification());
            case FromStmtContext from -> from(from.fromStatement());
            case TableContext table -> reading.relations().table(table.identifierReference());
            case InlineTableDefault1Context values -> reading.relations().values(values.inlineTable());
            case SubqueryContext subquery -> query(subquery.query());
            default -> throw reading.text().unsupported("This query is not supported.", context);
        };
    }

    /// `FROM t SELECT …`; several SELECTs give the rows of all.
    private NamedPlan from(FromStatementContext context) {
        return context.fromStatementBody().stream()
                .map(body -> from(context.fromClause(), body))
                .reduce((one, next) -> new NamedPlan.Union(one, next, false, false))
                .orElseGet(() -> reading.relations().from(context.fromClause()));
    }

    NamedPlan from(FromClauseContext rows, FromStatementBodyContext body) {
        if (body.transformClause() != null) {
            throw reading.text().unsupported("TRANSFORM is not supported.", body);
        }
        Map<String, WindowDefContext> windows = reading.windows()
                .enter(body.windowClause(), body.queryOrganization().windowClause());
        NamedPlan plan = reading.selects().select(rows, body);
        plan = organized(plan, body.queryOrganization());
        reading.windows().leave(windows);
        return plan;
    }
}
