package dev.headrace.codegen;

import dev.headrace.plan.BoundExpr;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// A node that is null if an operand is. An operand that is null keeps the operands after it from being evaluated.
final class StrictNode {
    /// What a call gives beside a value.
    enum Outcome {
        NEVER_NULL,
        MAYBE_NULL,
        NULL_ON_DATA_EXCEPTION
    }

    private final ExprWriter exprs;
    private final SourceWriter code;
    private final BoundExpr node;
    private final Outcome outcome;
    private final JavaType type;
    private final String isNull;
    private final String value;
    private final List<String> unguarded = new ArrayList<>();
    private int depth;
    private boolean declared;

    StrictNode(ExprWriter exprs, SourceWriter code, BoundExpr node, Outcome outcome) {
        this.exprs = exprs;
        this.code = code;
        this.node = node;
        this.outcome = outcome;
        type = JavaType.of(node.type());
        isNull = exprs.name("n");
        value = exprs.name("v");
    }

    /// @param call makes of the operands' values, none of which is null, an expression of the node's Java type
    Value write(List<BoundExpr> operands, Function<List<Value>, String> call) {
        List<Value> values = new ArrayList<>();
        for (int i = 0; i < operands.size(); i++) {
            if (!unguarded.isEmpty()
                    && !operands.subList(i, operands.size()).stream().allMatch(Cost::isCheap)) {
                openIfPresent();
            }
            Value operand = exprs.emit(operands.get(i));
            if (operand.alwaysNull()) {
                closeAll();
                return Value.absent(type);
            }
            if (!operand.neverNull() && !unguarded.contains(operand.isNull())) {
                unguarded.add(operand.isNull());
            }
            values.add(operand);
        }
        String result = call.apply(values);
        if (type == JavaType.VOID || outcome == Outcome.NULL_ON_DATA_EXCEPTION || declared) {
            return assigned(result);
        }
        return outcome == Outcome.MAYBE_NULL ? declaredMaybeNull(result) : declaredPresent(result);
    }

    private void openIfPresent() {
        declare();
        exprs.open("if (!" + anyNull() + ")");
        depth++;
        unguarded.clear();
    }

    private void declare() {
        if (!declared) {
            code.line("boolean " + isNull + " = true;");
            code.line(type.type + " " + value + " = " + type.blank + ";");
            declared = true;
        }
    }

    private void closeAll() {
        for (; depth > 0; depth--) {
            exprs.close();
        }
    }

    private String anyNull() {
        return unguarded.size() == 1 ? unguarded.getFirst() : "(" + String.join(" || ", unguarded) + ")";
    }

    private Value declaredPresent(String result) {
        if (unguarded.isEmpty()) {
            code.line(type.type + " " + value + " = " + result + ";", node);
            return Value.present(type, value);
        }
        String flag = unguarded.getFirst();
        if (unguarded.size() > 1) {
            flag = isNull;
            code.line("boolean " + isNull + " = " + String.join(" || ", unguarded) + ";");
        }
        code.line(type.type + " " + value + " = " + flag + " ? " + type.blank + " : " + result + ";", node);
        return new Value(type, flag, value);
    }

    private Value declaredMaybeNull(String result) {
        String object = type.isPrimitive() ? exprs.name("o") : value;
        String guard = unguarded.isEmpty() ? "" : anyNull() + " ? null : ";
        code.line(type.box + " " + object + " = " + guard + result + ";", node);
        code.line("boolean " + isNull + " = " + object + " == null;");
        if (type.isPrimitive()) {
            code.line(type.type + " " + value + " = " + isNull + " ? " + type.blank + " : " + unboxed(object) + ";");
        }
        return new Value(type, isNull, value);
    }

    /// Sets the variables declared outside the blocks.
    private Value assigned(String result) {
        if (!unguarded.isEmpty()) {
            openIfPresent();
        }
        declare();
        if (outcome == Outcome.NULL_ON_DATA_EXCEPTION) {
            code.open("try");
        }
        if (outcome == Outcome.MAYBE_NULL && type.isPrimitive()) {
            String object = exprs.name("o");
            code.line(type.box + " " + object + " = " + result + ";", node);
            code.line(isNull + " = " + object + " == null;");
            code.line("if (!" + isNull + ") " + value + " = " + unboxed(object) + ";");
        } else {
            code.line(value + " = " + result + ";", node);
            code.line(isNull + " = " + (type.isPrimitive() ? "false" : value + " == null") + ";");
        }
        if (outcome == Outcome.NULL_ON_DATA_EXCEPTION) {
            code.next("catch (DataException doesNotFit)");
            code.line(isNull + " = true;");
            code.close();
        }
        closeAll();
        return type == JavaType.VOID ? Value.absent(type) : new Value(type, isNull, value);
    }

    private String unboxed(String object) {
        return object + "." + type.type + "Value()";
    }
}
