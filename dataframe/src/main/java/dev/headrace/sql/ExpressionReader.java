package dev.headrace.sql;

import dev.headrace.plan.CastFailure;
import dev.headrace.plan.Chains;
import dev.headrace.plan.Direction;
import dev.headrace.plan.NamedExpr;
import dev.headrace.plan.NullOrder;
import dev.headrace.plan.Scalar;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.antlr.v4.runtime.ParserRuleContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ArithmeticBinaryContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ArithmeticUnaryContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.BooleanExpressionContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.CastByColonContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.CastContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ColumnReferenceContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ComparisonContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ConstantDefaultContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.DereferenceContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ExistsContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ExpressionContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.LambdaContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.LogicalBinaryContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.LogicalNotContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.NamedExpressionContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.NamedExpressionSeqContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ParenthesizedExpressionContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.PredicateContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.PredicatedContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.PrimaryExpressionContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.RowConstructorContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.SearchedCaseContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ShiftExpressionContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.SimpleCaseContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.SortItemContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.StarContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.SubqueryExpressionContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.SubscriptContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ValueExpressionContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ValueExpressionDefaultContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.WhenClauseContext;

/// Reads expressions. What looks like a function call is left to the [FunctionReader].
final class ExpressionReader {
    private final Reading reading;

    ExpressionReader(Reading reading) {
        this.reading = reading;
    }

    NamedExpr expression(ExpressionContext context) {
        return condition(context.booleanExpression());
    }

    List<NamedExpr> expressions(List<ExpressionContext> contexts) {
        return contexts.stream().map(this::expression).toList();
    }

    /// An expression under its alias, if it has one.
    NamedExpr named(NamedExpressionContext context) {
        NamedExpr expr = expression(context.expression());
        if (context.identifierList() != null) {
            List<String> names = reading.names().of(context.identifierList());
            return reading.placed(new NamedExpr.MultiAlias(expr, names), context);
        }
        return context.name == null
                ? expr
                : reading.placed(new NamedExpr.Alias(expr, reading.names().of(context.name)), context);
    }

    List<NamedExpr> named(NamedExpressionSeqContext context) {
        return context.namedExpression().stream().map(this::named).toList();
    }

    NamedExpr sorted(SortItemContext item) {
        boolean descending = item.ordering != null && item.ordering.getType() == SqlBaseParser.DESC;
        NullOrder nulls = descending ? NullOrder.LAST : NullOrder.FIRST;
        if (item.nullOrder != null) {
            nulls = item.nullOrder.getType() == SqlBaseParser.FIRST ? NullOrder.FIRST : NullOrder.LAST;
        }
        return reading.placed(
                new NamedExpr.SortOrder(
                        expression(item.expression()), descending ? Direction.DESC : Direction.ASC, nulls),
                item);
    }

    // ---- Conditions

    NamedExpr condition(BooleanExpressionContext context) {
        NamedExpr expr = switch (context) {
            case LogicalNotContext not -> call("not", condition(not.booleanExpression()));
            case LogicalBinaryContext binary -> logical(binary);
            case ExistsContext exists -> new NamedExpr.Exists(reading.queries().query(exists.query()));
            case PredicatedContext predicated -> predicated(predicated);
            default -> throw reading.text().unsupported("'" + context.getText() + "' is not supported.", context);
        };
        return reading.placed(expr, context);
    }

    /// A chain of one operator, read without recursion along its left side: generated SQL has long ones.
    private NamedExpr logical(LogicalBinaryContext context) {
        List<LogicalBinaryContext> chain = new ArrayList<>();
        BooleanExpressionContext left = context;
        while (left instanceof LogicalBinaryContext binary) {
            chain.add(binary);
            left = binary.left;
        }
        Map<NamedExpr, ParserRuleContext> ends = new IdentityHashMap<>();
        List<NamedExpr> operands = new ArrayList<>(List.of(condition(left)));
        for (LogicalBinaryContext binary : chain.reversed()) {
            if (operands.size() > 1
                    && ends.get(operands.getLast()) instanceof LogicalBinaryContext before
                    && before.operator.getType() != binary.operator.getType()) {
                operands = new ArrayList<>(List.of(chained(operator(before), operands, ends)));
            }
            operands.add(condition(binary.right));
            ends.put(operands.getLast(), binary);
        }
        return chained(operator(context), operands, ends);
    }

    private static String operator(LogicalBinaryContext context) {
        return context.operator.getType() == SqlBaseParser.AND ? "and" : "or";
    }

    /// @param ends by operand, but for the first, the text of the chain up to it
    private NamedExpr chained(String operator, List<NamedExpr> operands, Map<NamedExpr, ParserRuleContext> ends) {
        return Chains.combined(operands, (a, b) -> {
                    ParserRuleContext end = Objects.requireNonNull(ends.get(b));
                    NamedExpr both = reading.placed(call(operator, a, b), end);
                    ends.put(both, end);
                    return both;
                })
                .orElseThrow();
    }

    private NamedExpr predicated(PredicatedContext context) {
        NamedExpr value = value(context.valueExpression());
        PredicateContext predicate = context.predicate();
        if (predicate == null) {
            return value;
        }
        if (predicate.errorCapturingNot() != null && predicate.kind.getType() == SqlBaseParser.NULL) {
            return reading.placed(call("isnotnull", value), context);
        }
        NamedExpr holds = reading.placed(predicate(value, predicate), context);
        return predicate.errorCapturingNot() == null ? holds : call("not", holds);
    }

    private NamedExpr predicate(NamedExpr value, PredicateContext predicate) {
        return switch (predicate.kind.getType()) {
            case SqlBaseParser.BETWEEN -> call("between", value, value(predicate.lower), value(predicate.upper));
            case SqlBaseParser.IN -> in(value, predicate);
            case SqlBaseParser.RLIKE -> call("rlike", value, value(predicate.pattern));
            case SqlBaseParser.LIKE -> like("like", value, predicate);
            case SqlBaseParser.ILIKE -> like("ilike", value, predicate);
            case SqlBaseParser.NULL -> call("isnull", value);
            case SqlBaseParser.UNKNOWN -> call("isnull", value);
            case SqlBaseParser.TRUE -> call("<=>", value, new NamedExpr.Literal(Scalar.TRUE));
            case SqlBaseParser.FALSE -> call("<=>", value, new NamedExpr.Literal(Scalar.FALSE));
            case SqlBaseParser.DISTINCT -> call("not", call("<=>", value, value(predicate.right)));
            default -> throw reading.text().unsupported("'" + predicate.getText() + "' is not supported.", predicate);
        };
    }

    private NamedExpr in(NamedExpr value, PredicateContext predicate) {
        if (predicate.query() != null) {
            List<NamedExpr> values =
                    value instanceof NamedExpr.Call row && row.function().equals(ROW)
                            ? row.arguments()
                            : List.of(value);
            return new NamedExpr.InSubquery(values, reading.queries().query(predicate.query()));
        }
        List<NamedExpr> arguments = new ArrayList<>(List.of(value));
        arguments.addAll(expressions(predicate.expression()));
        return new NamedExpr.Call("in", arguments, false);
    }

    /// How `(a, b)` is called as long as it may be the left side of an IN.
    private static final String ROW = "struct";

    private NamedExpr like(String function, NamedExpr value, PredicateContext predicate) {
        if (predicate.quantifier == null) {
            NamedExpr pattern = value(predicate.pattern);
            return predicate.escapeChar == null
                    ? call(function, value, pattern)
                    : call(function, value, pattern, string(reading.literals().string(predicate.escapeChar)));
        }
        if (predicate.expression().isEmpty()) {
            throw reading.text().error("PARSE_SYNTAX_ERROR", "Expected a pattern between the parentheses.", predicate);
        }
        // NOT LIKE ALL: like none; NOT LIKE ANY: not like one of them. What is read here is negated around it.
        boolean negated = predicate.errorCapturingNot() != null;
        String operator = (predicate.quantifier.getType() == SqlBaseParser.ALL) == negated ? "or" : "and";
        List<NamedExpr> tests = predicate.expression().stream()
                .map(pattern -> call(function, value, expression(pattern)))
                .toList();
        return Chains.combined(tests, (a, b) -> call(operator, a, b)).orElseThrow();
    }

    // ---- Values

    NamedExpr value(ValueExpressionContext context) {
        NamedExpr expr = switch (context) {
            case ValueExpressionDefaultContext plain -> primary(plain.primaryExpression());
            case ArithmeticUnaryContext unary -> unary(unary);
            case ArithmeticBinaryContext binary -> arithmetic(binary);
            case ShiftExpressionContext shift -> shift(shift);
            case ComparisonContext comparison -> comparison(comparison);
            default -> throw reading.text().unsupported("'" + context.getText() + "' is not supported.", context);
        };
        return reading.placed(expr, context);
    }

    private NamedExpr unary(ArithmeticUnaryContext context) {
        NamedExpr operand = value(context.valueExpression());
        return switch (context.operator.getType()) {
            case SqlBaseParser.MINUS ->
                operand instanceof NamedExpr.Interval interval ? interval.negated() : call("negative", operand);
            case SqlBaseParser.PLUS -> operand instanceof NamedExpr.Interval ? operand : call("positive", operand);
            default -> call("~", operand);
        };
    }

    private NamedExpr arithmetic(ArithmeticBinaryContext context) {
        List<ArithmeticBinaryContext> chain = new ArrayList<>();
        ValueExpressionContext left = context;
        while (left instanceof ArithmeticBinaryContext binary) {
            chain.add(binary);
            left = binary.left;
        }
        Map<NamedExpr, ParserRuleContext> ends = new IdentityHashMap<>();
        List<NamedExpr> joined = new ArrayList<>(List.of(value(left)));
        for (ArithmeticBinaryContext binary : chain.reversed()) {
            NamedExpr right = value(binary.right);
            ends.put(right, binary);
            if (binary.operator.getType() == SqlBaseParser.CONCAT_PIPE) {
                joined.add(right);
            } else {
                NamedExpr before = chained("concat", joined, ends);
                joined = new ArrayList<>(List.of(reading.placed(call(operator(binary), before, right), binary)));
            }
        }
        return chained("concat", joined, ends);
    }

    private static String operator(ArithmeticBinaryContext context) {
        return switch (context.operator.getType()) {
            case SqlBaseParser.ASTERISK -> "*";
            case SqlBaseParser.SLASH -> "/";
            case SqlBaseParser.PERCENT -> "%";
            case SqlBaseParser.DIV -> "div";
            case SqlBaseParser.PLUS -> "+";
            case SqlBaseParser.MINUS -> "-";
            case SqlBaseParser.AMPERSAND -> "&";
            case SqlBaseParser.HAT -> "^";
            default -> "|";
        };
    }

    private NamedExpr shift(ShiftExpressionContext context) {
        String function = switch (context.shiftOperator().getText()) {
            case "<<" -> "shiftleft";
            case ">>" -> "shiftright";
            default -> "shiftrightunsigned";
        };
        return call(function, value(context.left), value(context.right));
    }

    private NamedExpr comparison(ComparisonContext context) {
        NamedExpr left = value(context.left);
        NamedExpr right = value(context.right);
        return switch (context.comparisonOperator().getText()) {
            case "=", "==" -> call("=", left, right);
            case "<>", "!=" -> call("not", call("=", left, right));
            case String operator -> call(operator, left, right);
        };
    }

    // ---- What operators stand between

    NamedExpr primary(PrimaryExpressionContext context) {
        NamedExpr expr = switch (context) {
            case ConstantDefaultContext constant -> reading.literals().constant(constant.constant());
            case ColumnReferenceContext column -> name(reading.names().parts(column.identifier()));
            case DereferenceContext field -> dereference(field);
            case ParenthesizedExpressionContext inner -> expression(inner.expression());
            case SearchedCaseContext searched -> searchedCase(searched);
            case SimpleCaseContext simple -> simpleCase(simple);
            case CastContext cast ->
                new NamedExpr.Cast(
                        expression(cast.expression()),
                        reading.types().type(cast.dataType()),
                        cast.name.getType() == SqlBaseParser.TRY_CAST ? CastFailure.NULL : CastFailure.ERROR);
            case CastByColonContext cast ->
                new NamedExpr.Cast(
                        primary(cast.primaryExpression()), reading.types().type(cast.dataType()), CastFailure.ERROR);
            case StarContext star -> star(star);
            case RowConstructorContext row ->
                new NamedExpr.Call(
                        ROW, row.namedExpression().stream().map(this::named).toList(), false);
            case SubqueryExpressionContext subquery ->
                new NamedExpr.ScalarSubquery(reading.queries().query(subquery.query()));
            case SubscriptContext subscript -> new NamedExpr.Extract(primary(subscript.value), value(subscript.index));
            case LambdaContext lambda ->
                new NamedExpr.Lambda(
                        lambda.identifier().stream().map(reading.names()::plain).toList(),
                        expression(lambda.expression()));
            default -> reading.functions().read(context);
        };
        return reading.placed(expr, context);
    }

    private NamedExpr dereference(DereferenceContext context) {
        NamedExpr base = primary(context.base);
        List<String> fields = reading.names().parts(context.fieldName);
        if (base instanceof NamedExpr.Name(List<String> parts, OptionalLong _)
                && !(context.base instanceof ParenthesizedExpressionContext)) {
            List<String> longer = new ArrayList<>(parts);
            longer.addAll(fields);
            return name(longer);
        }
        NamedExpr value = base;
        for (String field : fields) {
            value = new NamedExpr.Extract(value, string(field));
        }
        return value;
    }

    private NamedExpr star(StarContext context) {
        NamedExpr.Star star = new NamedExpr.Star(
                context.qualifiedName() == null ? List.of() : reading.names().of(context.qualifiedName()));
        if (context.exceptClause() == null) {
            return star;
        }
        List<List<String>> except = context.exceptClause().exceptCols.multipartIdentifier().stream()
                .map(reading.names()::of)
                .toList();
        return new NamedExpr.StarExcept(reading.placed(star, context), except);
    }

    private NamedExpr searchedCase(SearchedCaseContext context) {
        List<NamedExpr> branches = new ArrayList<>();
        for (WhenClauseContext branch : context.whenClause()) {
            branches.add(expression(branch.condition));
            branches.add(expression(branch.result));
        }
        Optional.ofNullable(context.elseExpression).map(this::expression).ifPresent(branches::add);
        return new NamedExpr.Call("when", branches, false);
    }

    private NamedExpr simpleCase(SimpleCaseContext context) {
        NamedExpr value = expression(context.value);
        List<NamedExpr> branches = new ArrayList<>();
        for (WhenClauseContext branch : context.whenClause()) {
            branches.add(reading.placed(call("=", value, expression(branch.condition)), branch));
            branches.add(expression(branch.result));
        }
        Optional.ofNullable(context.elseExpression).map(this::expression).ifPresent(branches::add);
        return new NamedExpr.Call("when", branches, false);
    }

    static NamedExpr name(List<String> parts) {
        return new NamedExpr.Name(parts, OptionalLong.empty());
    }

    static NamedExpr string(String value) {
        return new NamedExpr.Literal(Scalar.of(value));
    }

    static NamedExpr call(String function, NamedExpr... arguments) {
        return new NamedExpr.Call(function, arguments);
    }

    /// A number that must be known when the text is read.
    long wholeNumber(ExpressionContext context, String what) {
        OptionalLong number = reading.wholeNumber(expression(context));
        if (number.isPresent()) {
            return number.getAsLong();
        }
        throw reading.text()
                .error("INVALID_LIMIT", what + " must be a whole number, not " + written(context) + ".", context);
    }

    private static String written(ParserRuleContext context) {
        return "'" + context.getText() + "'";
    }
}
