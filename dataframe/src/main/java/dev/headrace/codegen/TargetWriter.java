package dev.headrace.codegen;

import dev.headrace.plan.BoundExpr;
import dev.headrace.types.DecimalType;
import java.util.List;

/// Writes the statements that store values in the vectors of the result.
final class TargetWriter {
    private final SourceWriter header;
    private final SourceWriter code;
    private final ExprWriter exprs;
    private final String row;

    /// @param header the lines before the loop
    /// @param code the lines within it
    /// @param row the variable with the row to write
    TargetWriter(SourceWriter header, SourceWriter code, ExprWriter exprs, String row) {
        this.header = header;
        this.code = code;
        this.exprs = exprs;
        this.row = row;
    }

    /// Stores an expression's value in a target.
    void write(int target, BoundExpr expr) {
        String suffix = String.valueOf(target);
        header.line("FieldVector target" + suffix + " = targets[" + target + "];", expr);
        write(suffix, expr);
    }

    private void write(String suffix, BoundExpr expr) {
        String vector = "target" + suffix;
        if (expr instanceof BoundExpr.MakeStruct(List<BoundExpr> values, var _)) {
            for (int i = 0; i < values.size(); i++) {
                String child = suffix + "_" + i;
                header.line("FieldVector target" + child + " = Vectors.child(" + vector + ", " + i + ");");
                write(child, values.get(i));
            }
            return;
        }
        Value value = exprs.emit(expr);
        switch (value.type()) {
            case VOID -> {}
            case LIST, MAP -> code.line("Cell.write(" + vector + ", " + row + ", " + value.boxed() + ");");
            case SLICE -> bytes(suffix, value);
            case BOOLEAN -> bits(suffix, value);
            case BYTE, SHORT, INT, LONG, FLOAT, DOUBLE, DECIMAL -> fixed(suffix, value, expr);
        }
    }

    private void bytes(String suffix, Value value) {
        String bytes = "bytes" + suffix;
        header.line("BytesTarget " + bytes + " = new BytesTarget(target" + suffix + ");");
        orNull(value, bytes + ".putNull(" + row + ");", bytes + ".put(" + row + ", " + value.text() + ");");
    }

    private void bits(String suffix, Value value) {
        String put = "if (" + value.text() + ") Memory.setBit(" + data(suffix) + ", " + row + ");";
        if (!value.neverNull()) {
            code.line("if (" + value.isNull() + ") " + clear(suffix));
        }
        if (!value.alwaysNull()) {
            code.line(put);
        }
    }

    private void fixed(String suffix, Value value, BoundExpr expr) {
        String address = data(suffix) + " + " + value.type().width + "L * " + row;
        String place = address + ", " + value.text();
        Value.Unscaled unscaled = value.unscaled();
        String put =
                unscaled != null && expr.type() instanceof DecimalType decimal && unscaled.scale() == decimal.scale()
                        ? putUnscaled(address, value.text(), unscaled)
                        : expr.type() instanceof DecimalType type
                                ? "Vectors.putDecimal(" + place + ", " + type.scale() + ");"
                                : "Memory.put" + value.type().memoryName() + "(" + place + ");";
        orNull(value, value.neverNull() ? "" : clear(suffix), put);
    }

    private static String putUnscaled(String address, String text, Value.Unscaled unscaled) {
        String narrow = "Vectors.putUnscaled(" + address + ", " + unscaled.value() + ");";
        return unscaled.alwaysFits()
                ? narrow
                : "if (" + unscaled.tooWide() + ") Vectors.putDecimal(" + address + ", " + text + ", "
                        + unscaled.scale() + "); else " + narrow;
    }

    private void orNull(Value value, String putNull, String put) {
        if (value.neverNull()) {
            code.line(put);
        } else if (value.alwaysNull()) {
            code.line(putNull);
        } else {
            code.open("if (" + value.isNull() + ")");
            code.line(putNull);
            code.next("else");
            code.line(put);
            code.close();
        }
    }

    private String data(String suffix) {
        header.line("long out" + suffix + " = Vectors.data(target" + suffix + ");");
        return "out" + suffix;
    }

    private String clear(String suffix) {
        header.line("long present" + suffix + " = Vectors.validityBits(target" + suffix + ");");
        return "Memory.clearBit(present" + suffix + ", " + row + ");";
    }
}
