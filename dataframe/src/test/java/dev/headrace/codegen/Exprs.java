package dev.headrace.codegen;

import dev.headrace.function.EvalContext;
import dev.headrace.plan.ArithmeticOp;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CastFailure;
import dev.headrace.plan.CompareOp;
import dev.headrace.plan.Scalar;
import dev.headrace.types.DataType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/// Short names for the expressions of tests.
final class Exprs {
    static final EvalContext CONTEXT = new EvalContext(ZoneOffset.UTC, 0, 0);

    private Exprs() {}

    static BoundExpr column(StructType schema, int ordinal) {
        StructField field = schema.field(ordinal);
        return new BoundExpr.Column(ordinal, field.name(), field.dataType(), field.nullable());
    }

    static BoundExpr constant(Object value) {
        return new BoundExpr.Literal(Scalar.ofJava(value));
    }

    static BoundExpr cast(BoundExpr input, DataType type) {
        return new BoundExpr.Cast(input, type, CastFailure.ERROR);
    }

    static BoundExpr arithmetic(ArithmeticOp op, BoundExpr left, BoundExpr right) {
        return new BoundExpr.Arithmetic(op, left, right, left.type(), CastFailure.ERROR);
    }

    static BoundExpr compare(CompareOp op, BoundExpr left, BoundExpr right) {
        return new BoundExpr.Compare(op, left, right);
    }

    static StructType schemaOf(List<BoundExpr> outputs) {
        List<StructField> fields = new ArrayList<>();
        for (BoundExpr output : outputs) {
            fields.add(new StructField("o" + fields.size(), output.type(), true));
        }
        return new StructType(fields);
    }
}
