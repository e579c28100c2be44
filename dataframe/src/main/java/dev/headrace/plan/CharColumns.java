package dev.headrace.plan;

import dev.headrace.chunk.Slice;
import dev.headrace.function.TextLengths;
import dev.headrace.types.DeclaredText;
import dev.headrace.types.NullType;
import dev.headrace.types.StringType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;

/// Columns of tables that are `char(n)`: as Spark has it, their texts end in blanks when they are read, since files may
/// hold them without, and so do constants and other such columns that they are compared with.
public final class CharColumns {
    private static final Set<String> COMPARISONS =
            Set.of("=", "==", "!=", "<>", "<", "<=", ">", ">=", "<=>", "equal_null", "in");

    private CharColumns() {}

    /// The rows of a table as queries see them.
    public static LogicalPlan padded(LogicalPlan rows) {
        StructType schema = rows.schema();
        List<OutputColumn> columns = Decorrelation.identity(rows);
        List<OutputColumn> padded = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            StructField field = schema.field(i);
            OutputColumn column = columns.get(i);
            padded.add(new OutputColumn(
                    column.name(), TextLengths.read(column.expr(), DeclaredText.of(field)), field.metadata()));
        }
        return padded.equals(columns) ? rows : new LogicalPlan.Project(rows, padded);
    }

    /// An expression over the columns of a table as queries see them, over those that its files have.
    public static BoundExpr padded(BoundExpr expr, StructType columns) {
        return expr instanceof BoundExpr.Column column
                ? column.ordinal() < columns.size()
                        ? TextLengths.read(column, DeclaredText.of(columns.field(column.ordinal())))
                        : column
                : expr.mapOperands(operand -> padded(operand, columns));
    }

    /// The arguments of a function: those of a comparison all as long as the longest, if one of them is such a column
    /// and the others are, too, or constants.
    ///
    /// @param lengths of columns that are `char(n)`
    static List<BoundExpr> compared(
            String function, List<BoundExpr> arguments, Function<BoundExpr, OptionalInt> lengths) {
        if (!COMPARISONS.contains(function)
                || arguments.stream()
                        .allMatch(argument -> lengths.apply(argument).isEmpty())) {
            return arguments;
        }
        int longest = 0;
        for (BoundExpr argument : arguments) {
            OptionalInt length = lengths.apply(argument);
            if (argument.type() instanceof NullType) {
                continue;
            }
            if (length.isEmpty() && !(argument.type() instanceof StringType && isConstant(argument))) {
                return arguments;
            }
            longest = Math.max(longest, length.orElseGet(() -> lengthOf(argument)));
        }
        int all = longest;
        return arguments.stream()
                .map(argument -> argument.type() instanceof NullType
                                || lengths.apply(argument).orElse(0) == all
                        ? argument
                        : TextLengths.padded(argument, all))
                .toList();
    }

    private static boolean isConstant(BoundExpr expr) {
        return expr.deterministic()
                && !(expr instanceof BoundExpr.Column)
                && expr.operands().stream().allMatch(CharColumns::isConstant);
    }

    /// Of what is not computed yet, none.
    private static int lengthOf(BoundExpr constant) {
        return constant instanceof BoundExpr.Literal(Scalar value) && value.value() instanceof Slice text
                ? text.toString().codePointCount(0, text.toString().length())
                : 0;
    }
}
