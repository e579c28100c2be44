package dev.headrace.plan;

import dev.headrace.errors.QueryException;
import dev.headrace.types.DataTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;

/// How several groupings at once become one: each input row is repeated for every grouping, with a number that says
/// which one it is for. That number has a bit for each key, the first key's the highest, set if the key is not grouped
/// by; bits above tell equal groupings apart.
///
/// @param ordinal where the number's column is
record GroupingId(int ordinal, int keyCount) {
    static final String NAME = "spark_grouping_id";
    private static final int MOST_KEYS = 32;

    GroupingId {
        if (keyCount > MOST_KEYS) {
            throw new QueryException(
                    "GROUPING_SIZE_LIMIT_EXCEEDED",
                    "GROUPING SETS, ROLLUP and CUBE take at most " + MOST_KEYS + " columns, not " + keyCount + ".");
        }
    }

    /// The input's rows, once for each grouping, followed by the number.
    LogicalPlan expand(LogicalPlan input, List<List<Integer>> sets) {
        List<BoundExpr> numbers = new ArrayList<>();
        for (int set = 0; set < sets.size(); set++) {
            long number = 0;
            for (int key = 0; key < keyCount; key++) {
                number = number << 1 | (sets.get(set).contains(key) ? 0 : 1);
            }
            int copies = 0;
            for (List<Integer> before : sets.subList(0, set)) {
                copies += new java.util.HashSet<>(before).equals(new java.util.HashSet<>(sets.get(set))) ? 1 : 0;
            }
            numbers.add(new BoundExpr.Literal(Scalar.of((long) copies << keyCount | number)));
        }
        BoundExpr all = dev.headrace.function.FunctionRegistry.bindScalar("array", numbers);
        return new LogicalPlan.Explode(input, all, false, false, List.of(NAME));
    }

    BoundExpr column() {
        return new BoundExpr.Column(ordinal, NAME, DataTypes.LongType, false);
    }

    /// The key in the groupings that have it, else null.
    BoundExpr inSets(BoundExpr key, int index) {
        BoundExpr isIn = Selection.bindScalar("=", bit(index), new BoundExpr.Literal(Scalar.of(0L)));
        return new BoundExpr.Case(List.of(new BoundExpr.Case.Branch(isIn, key)), Optional.empty(), key.type());
    }

    private BoundExpr bit(int index) {
        BoundExpr shifted =
                Selection.bindScalar("shiftright", column(), new BoundExpr.Literal(Scalar.of(keyCount - 1 - index)));
        return Selection.bindScalar("&", shifted, new BoundExpr.Literal(Scalar.of(1L)));
    }

    /// `grouping(key)`, or `grouping_id(…)`.
    BoundExpr value(NamedExpr.Call call, ToIntFunction<NamedExpr> keyIndex) {
        if (call.function().equalsIgnoreCase("grouping")) {
            if (call.arguments().size() != 1) {
                throw new QueryException("WRONG_NUM_ARGS", "grouping(…) takes one grouping column.");
            }
            BoundExpr bit = bit(index(call.arguments().getFirst(), keyIndex));
            return new BoundExpr.Cast(bit, DataTypes.ByteType, CastFailure.ERROR);
        }
        if (call.arguments().isEmpty()) {
            long mask = (1L << keyCount) - 1;
            return Selection.bindScalar("&", column(), new BoundExpr.Literal(Scalar.of(mask)));
        }
        BoundExpr id = new BoundExpr.Literal(Scalar.of(0L));
        for (NamedExpr argument : call.arguments()) {
            BoundExpr shifted = Selection.bindScalar("shiftleft", id, new BoundExpr.Literal(Scalar.of(1)));
            id = Selection.bindScalar("|", shifted, bit(index(argument, keyIndex)));
        }
        return id;
    }

    private static int index(NamedExpr expr, ToIntFunction<NamedExpr> keyIndex) {
        int index = keyIndex.applyAsInt(expr);
        if (index < 0) {
            throw new QueryException(
                            "GROUPING_COLUMN_MISMATCH", "'" + expr.text() + "' is not one of the grouping columns.")
                    .within(expr);
        }
        return index;
    }
}
