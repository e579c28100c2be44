package dev.headrace.codegen;

import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CastFailure;
import dev.headrace.plan.CompareOp;
import dev.headrace.plan.Scalar;
import dev.headrace.plan.Totality;
import dev.headrace.types.DataType;
import dev.headrace.types.DecimalType;
import dev.headrace.types.NullType;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Writes the statements that compute expressions for one row.
///
/// What the interpreter does not evaluate, the code does not either: operands that may fail or cost something are
/// computed within the branch that needs them. A value that has been computed on every way to a place is used again
/// there.
final class ExprWriter {
    private final SourceWriter code;
    private final LoopInputs inputs;
    private final ClassParts parts;
    private Scope scope = new Scope(null);
    private int names;

    /// Decimal variables that have their digits beside them.
    private final Set<String> chosen = new HashSet<>();

    /// The values that are known at a place in the code: those of the blocks around it.
    private record Scope(@Nullable Scope outer, Map<BoundExpr, Value> values) {
        Scope(@Nullable Scope outer) {
            this(outer, new HashMap<>());
        }

        @Nullable Value find(BoundExpr expr) {
            Value here = values.get(expr);
            return here != null || outer == null ? here : outer.find(expr);
        }
    }

    ExprWriter(SourceWriter code, LoopInputs inputs, ClassParts parts) {
        this.code = code;
        this.inputs = inputs;
        this.parts = parts;
    }

    /// Leaves the row if the predicate isn't true for it.
    void continueUnlessTrue(BoundExpr predicate) {
        if (predicate instanceof BoundExpr.And(BoundExpr left, BoundExpr right) && Totality.neverFails(right)) {
            continueUnlessTrue(left);
            continueUnlessTrue(right);
        } else {
            String holds = emit(predicate).text();
            // To Janino, code after `if (!false) continue` is an error.
            code.line("if (" + (holds.equals("false") ? "row >= 0" : "!" + holds) + ") continue;");
        }
    }

    /// Writes what computes `expr`, unless it is known here.
    Value emit(BoundExpr expr) {
        if (expr instanceof BoundExpr.Literal(Scalar value)) {
            return parts.literal(value);
        }
        Value known = scope.find(expr);
        if (known != null) {
            return known;
        }
        Value value = compute(expr);
        if (expr.deterministic()) {
            scope.values().put(expr, value);
        }
        return value;
    }

    private Value compute(BoundExpr expr) {
        Optional<Path> path = Path.of(expr);
        if (path.isPresent()) {
            return load(expr, path.get());
        }
        return switch (expr) {
            case BoundExpr.Cast cast -> cast(cast);
            case BoundExpr.Compare compare -> compare(compare);
            case BoundExpr.Arithmetic arithmetic -> arithmetic(arithmetic);
            case BoundExpr.And and -> and(and);
            case BoundExpr.Or or -> or(or);
            case BoundExpr.Not not -> not(not);
            case BoundExpr.IsNull isNull -> isNull(isNull);
            case BoundExpr.Coalesce coalesce -> coalesce(coalesce);
            case BoundExpr.Case node -> firstTrue(node);
            case BoundExpr.In in -> in(in);
            case BoundExpr.GetField field -> field(field);
            case BoundExpr.MakeStruct struct -> struct(struct);
            case BoundExpr.Call call -> call(call);
            case BoundExpr.Column _, BoundExpr.Literal _ -> throw new IllegalStateException(expr.toString());
        };
    }

    /// A new name for a variable.
    String name(String kind) {
        return kind + ++names;
    }

    /// Begins a block, in which new values are known until it ends.
    void open(String head) {
        code.open(head);
        scope = new Scope(scope);
    }

    void close() {
        code.close();
        scope = Objects.requireNonNull(scope.outer());
    }

    /// Ends a block and begins its alternative.
    private void otherwise() {
        code.next("else");
        scope = new Scope(scope.outer());
    }

    // Columns.

    private Value load(BoundExpr expr, Path path) {
        JavaType type = JavaType.of(expr.type());
        String isNull = nullFlag(expr, path);
        if (type == JavaType.VOID || isNull.equals("true")) {
            return Value.absent(type);
        }
        boolean present = isNull.equals("false");
        if (present && expr.type() instanceof DecimalType decimal) {
            return decimals().load(expr, decimal, inputs.decimalAddress(path));
        }
        if (type == JavaType.SLICE) {
            code.line((present ? "" : "if (!" + isNull + ") ") + inputs.pointSlice(path), expr);
            return new Value(type, isNull, inputs.slice(path));
        }
        String read = inputs.read(path, expr.type());
        String value = name("v");
        code.line(
                type.type + " " + value + " = " + (present ? "" : isNull + " ? " + type.blank + " : ") + read + ";",
                expr);
        return new Value(type, isNull, value);
    }

    /// Whether a column or field is null, known as the value of `IsNull` of it.
    private String nullFlag(BoundExpr expr, Path path) {
        if (expr.type() instanceof NullType) {
            return "true";
        }
        inputs.use(path);
        if (inputs.dense()) {
            return "false";
        }
        BoundExpr test = new BoundExpr.IsNull(expr);
        Value known = scope.find(test);
        if (known != null) {
            return known.text();
        }
        String own = inputs.isNull(path);
        String flag = name("n");
        if (expr instanceof BoundExpr.GetField(BoundExpr struct, int _)) {
            own = nullFlag(struct, path.parent()) + " || " + own;
        }
        code.line("boolean " + flag + " = " + own + ";", test);
        scope.values().put(test, Value.present(JavaType.BOOLEAN, flag));
        return flag;
    }

    private DecimalCode decimals() {
        return new DecimalCode(this, code);
    }

    // Nodes that are null if an operand is.

    /// A value that is null if an operand is, and else what `call` makes of the operands.
    private Value strict(
            BoundExpr node, List<BoundExpr> operands, StrictNode.Outcome outcome, Function<List<Value>, String> call) {
        return new StrictNode(this, code, node, outcome).write(operands, call);
    }

    private Value cast(BoundExpr.Cast cast) {
        DataType from = cast.input().type();
        if (from.equals(cast.type())) {
            return emit(cast.input());
        }
        if (from instanceof NullType) {
            emit(cast.input());
            return Value.absent(JavaType.of(cast.type()));
        }
        if (inputs.dense() && cast.deterministic() && DecimalCode.widens(from, cast.type())) {
            Optional<Value> widened = decimals().widened(emit(cast.input()), (DecimalType) cast.type(), cast);
            if (widened.isPresent()) {
                return widened.get();
            }
        }
        CastCall call = CastCall.of(from, cast.type(), cast.failure(), parts);
        StrictNode.Outcome outcome = switch (call.outcome()) {
            case FITS -> StrictNode.Outcome.NEVER_NULL;
            case GIVES_NULL -> StrictNode.Outcome.MAYBE_NULL;
            case THROWS ->
                cast.failure() == CastFailure.ERROR
                        ? StrictNode.Outcome.NEVER_NULL
                        : StrictNode.Outcome.NULL_ON_DATA_EXCEPTION;
        };
        return strict(cast, List.of(cast.input()), outcome, values -> call.text(values.getFirst()));
    }

    private Value arithmetic(BoundExpr.Arithmetic node) {
        if (inputs.dense() && node.deterministic() && DecimalCode.isPlain(node)) {
            Value left = emit(node.left());
            if (left.neverNull() && left.unscaled() != null) {
                Optional<Value> result = decimals().arithmetic(node, left, emit(node.right()));
                if (result.isPresent()) {
                    return result.get();
                }
            }
        }
        String method = switch (node.op()) {
            case ADD -> "add";
            case SUBTRACT -> "subtract";
            case MULTIPLY -> "multiply";
            case DIVIDE -> "divide";
            case INTEGRAL_DIVIDE -> "integralDivide";
            case REMAINDER -> "remainder";
        };
        String limits =
                node.type() instanceof DecimalType(int precision, int scale) ? ", " + precision + ", " + scale : "";
        boolean safe = JavaType.of(node.type()).isPrimitive() && Totality.neverFails(operator(node));
        return strict(
                node,
                List.of(node.left(), node.right()),
                node.failure() == CastFailure.ERROR || safe
                        ? StrictNode.Outcome.NEVER_NULL
                        : StrictNode.Outcome.NULL_ON_DATA_EXCEPTION,
                values -> "ArithmeticFunctions." + method + "(" + texts(values) + limits + ")");
    }

    /// The operator alone, over operands that can't fail.
    private static BoundExpr operator(BoundExpr.Arithmetic node) {
        BoundExpr zero = new BoundExpr.Literal(new Scalar(0, node.type()));
        return new BoundExpr.Arithmetic(node.op(), zero, zero, node.type(), node.failure());
    }

    private static String texts(List<Value> values) {
        return values.stream().map(Value::text).collect(Collectors.joining(", "));
    }

    private Value compare(BoundExpr.Compare node) {
        JavaType type = JavaType.of(node.left().type());
        if (node.op() == CompareOp.NULL_SAFE_EQUAL) {
            return nullSafeEqual(node, type);
        }
        return strict(
                node,
                List.of(node.left(), node.right()),
                StrictNode.Outcome.NEVER_NULL,
                values -> DecimalCode.comparison(node.op(), values.get(0), values.get(1))
                        .orElseGet(() -> Comparison.text(
                                node.op(),
                                type,
                                values.get(0).text(),
                                values.get(1).text())));
    }

    private Value nullSafeEqual(BoundExpr.Compare node, JavaType type) {
        Value left = emit(node.left());
        Value right = emit(node.right());
        String result;
        if (left.alwaysNull() || right.alwaysNull()) {
            result = left.isNull() + " && " + right.isNull();
        } else {
            String equal = Comparison.text(CompareOp.EQUAL, type, left.text(), right.text());
            result = left.isNull() + " || " + right.isNull() + " ? " + left.isNull() + " && " + right.isNull() + " : "
                    + equal;
            result = left.neverNull() && right.neverNull() ? equal : result;
        }
        return bool(node, "false", result);
    }

    private Value in(BoundExpr.In node) {
        Value value = emit(node.value());
        if (value.alwaysNull()) {
            return Value.absent(JavaType.BOOLEAN);
        }
        boolean anyNull = node.constants().stream().anyMatch(Scalar::isNull);
        String found = parts.constantSet(node.constants()) + ".contains(" + value.text() + ")";
        Value result = bool(node, value.isNull(), value.neverNull() ? found : "!" + value.isNull() + " && " + found);
        if (!anyNull) {
            return result;
        }
        String isNull = name("n");
        code.line("boolean " + isNull + " = !" + result.text() + ";");
        return new Value(JavaType.BOOLEAN, isNull, result.text());
    }

    private Value call(BoundExpr.Call node) {
        FunctionCall call = FunctionCall.of(node, parts);
        if (node.function().calledOnNull()) {
            List<Value> values = node.arguments().stream().map(this::emit).toList();
            return strict(
                    node,
                    List.of(),
                    call.givesNull() ? StrictNode.Outcome.MAYBE_NULL : StrictNode.Outcome.NEVER_NULL,
                    _ -> call.text(values));
        }
        return strict(
                node,
                node.arguments(),
                call.givesNull() ? StrictNode.Outcome.MAYBE_NULL : StrictNode.Outcome.NEVER_NULL,
                call::text);
    }

    // Three-valued logic. A boolean that is null is false, too.

    private Value bool(BoundExpr node, String isNull, String text) {
        String value = name("v");
        code.line("boolean " + value + " = " + text + ";", node);
        return new Value(JavaType.BOOLEAN, isNull, value);
    }

    private Value not(BoundExpr.Not node) {
        Value input = emit(node.input());
        if (input.alwaysNull()) {
            return input;
        }
        return bool(
                node, input.isNull(), (input.neverNull() ? "" : "!" + input.isNull() + " && ") + "!" + input.text());
    }

    private Value isNull(BoundExpr.IsNull node) {
        Optional<Path> path = Path.of(node.input());
        return Value.present(
                JavaType.BOOLEAN,
                path.isPresent()
                        ? nullFlag(node.input(), path.get())
                        : emit(node.input()).isNull());
    }

    private Value and(BoundExpr.And node) {
        Value left = emit(node.left());
        if (Cost.isCheap(node.right())) {
            Value right = emit(node.right());
            Value result = bool(node, "false", left.text() + " && " + right.text());
            if (left.neverNull() && right.neverNull()) {
                return result;
            }
            return withNull(result, "!" + result.text() + " && " + notFalse(left) + " && " + notFalse(right));
        }
        return shortcut(node, node.right(), "false", notFalse(left), (value, isNull, right) -> {
            code.line(value + " = " + left.text() + " && " + right.text() + ";", node);
            code.line(isNull + " = !" + value + " && " + notFalse(right) + ";");
            return left.neverNull() && right.neverNull();
        });
    }

    private Value or(BoundExpr.Or node) {
        Value left = emit(node.left());
        if (Cost.isCheap(node.right())) {
            Value right = emit(node.right());
            Value result = bool(node, "false", left.text() + " || " + right.text());
            if (left.neverNull() && right.neverNull()) {
                return result;
            }
            return withNull(result, "!" + result.text() + " && (" + left.isNull() + " || " + right.isNull() + ")");
        }
        return shortcut(node, node.right(), left.text(), "!" + left.text(), (value, isNull, right) -> {
            code.line(value + " = " + right.text() + ";", node);
            code.line(isNull + " = !" + value + " && (" + left.isNull() + " || " + right.isNull() + ");");
            return left.neverNull() && right.neverNull();
        });
    }

    private static String notFalse(Value value) {
        return value.neverNull() ? value.text() : "(" + value.isNull() + " || " + value.text() + ")";
    }

    private Value withNull(Value value, String isNull) {
        String flag = name("n");
        code.line("boolean " + flag + " = " + isNull + ";");
        return new Value(value.type(), flag, value.text());
    }

    @FunctionalInterface
    private interface RightSide {
        /// Sets the variables, and says whether the result is never null.
        boolean assign(String value, String isNull, Value right);
    }

    /// A value that depends on the right side only under a condition.
    private Value shortcut(BoundExpr node, BoundExpr rightSide, String initial, String condition, RightSide then) {
        String isNull = name("n");
        String value = name("v");
        int mark = code.mark();
        code.line("boolean " + value + " = " + initial + ";", node);
        code.line("boolean " + isNull + " = false;");
        open("if (" + condition + ")");
        boolean neverNull = then.assign(value, isNull, emit(rightSide));
        close();
        if (neverNull) {
            code.dropAssignments(mark, isNull);
        }
        return new Value(JavaType.BOOLEAN, neverNull ? "false" : isNull, value);
    }

    // Choices.

    private Value coalesce(BoundExpr.Coalesce node) {
        JavaType type = JavaType.of(node.type());
        Value first = emit(node.arguments().getFirst());
        if (first.neverNull()) {
            return first;
        }
        String isNull = name("n");
        String value = name("v");
        code.line("boolean " + isNull + " = " + first.isNull() + ";");
        code.line(type.type + " " + value + " = " + first.text() + ";", node);
        for (BoundExpr argument : node.arguments().subList(1, node.arguments().size())) {
            open("if (" + isNull + ")");
            boolean neverNull = give(argument, isNull, value);
            close();
            if (neverNull) {
                return Value.present(type, value);
            }
        }
        return new Value(type, isNull, value);
    }

    private boolean give(BoundExpr expr, String isNull, String value) {
        Value here = emit(expr);
        code.line(isNull + " = " + here.isNull() + ";");
        if (!here.alwaysNull()) {
            if (expr.type() instanceof DecimalType decimal && chosen.contains(value)) {
                DecimalCode.choose(code, value, here, decimal.scale());
            } else {
                code.line(value + " = " + here.text() + ";");
            }
        }
        return here.neverNull();
    }

    private Value firstTrue(BoundExpr.Case node) {
        JavaType type = JavaType.of(node.type());
        String isNull = name("n");
        String value = name("v");
        int mark = code.mark();
        code.line("boolean " + isNull + " = true;");
        if (node.type() instanceof DecimalType decimal) {
            chosen.add(value);
            Value result = decimals().choice(isNull, value, decimal.scale());
            boolean neverNull = choose(node, 0, isNull, value);
            if (neverNull) {
                code.dropAssignments(mark, isNull);
            }
            return neverNull ? new Value(type, "false", result.text(), result.unscaled()) : result;
        }
        code.line(type.type + " " + value + " = " + type.blank + ";", node);
        if (choose(node, 0, isNull, value)) {
            code.dropAssignments(mark, isNull);
            return Value.present(type, value);
        }
        return new Value(type, isNull, value);
    }

    /// Writes the branches from `index` on: nested, because Janino can't compile every jump out of a block.
    ///
    /// @return whether none of them gives null
    private boolean choose(BoundExpr.Case node, int index, String isNull, String value) {
        if (index == node.branches().size()) {
            return node.otherwise().isPresent() && give(node.otherwise().get(), isNull, value);
        }
        BoundExpr.Case.Branch branch = node.branches().get(index);
        String condition = emit(branch.condition()).text();
        if (condition.equals("true")) {
            return give(branch.value(), isNull, value);
        }
        if (condition.equals("false")) {
            return choose(node, index + 1, isNull, value);
        }
        open("if (" + condition + ")");
        boolean neverNull = give(branch.value(), isNull, value);
        if (index + 1 < node.branches().size() || node.otherwise().isPresent()) {
            otherwise();
            neverNull &= choose(node, index + 1, isNull, value);
        } else {
            neverNull = false;
        }
        close();
        return neverNull;
    }

    // Structs.

    private Value field(BoundExpr.GetField node) {
        if (node.struct() instanceof BoundExpr.MakeStruct(List<BoundExpr> values, var _)) {
            return values.stream().map(this::emit).toList().get(node.ordinal());
        }
        JavaType type = JavaType.of(node.type());
        return strict(
                node,
                List.of(node.struct()),
                StrictNode.Outcome.MAYBE_NULL,
                values -> "(" + type.box + ") " + values.getFirst().text() + ".get(" + node.ordinal() + ")");
    }

    private Value struct(BoundExpr.MakeStruct node) {
        List<Value> values = node.values().stream().map(this::emit).toList();
        String list = name("v");
        String elements = values.stream().map(Value::boxed).collect(Collectors.joining(", "));
        code.line("List " + list + " = Arrays.asList(new Object[] {" + elements + "});", node);
        return Value.present(JavaType.LIST, list);
    }
}
