package dev.headrace.engine.stateful;

import dev.headrace.function.FunctionRegistry;
import dev.headrace.plan.AggregateCall;
import dev.headrace.plan.ArithmeticOp;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CastFailure;
import dev.headrace.plan.CompareOp;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.LogicalPlan.Aggregate.Aggregation;
import dev.headrace.plan.OutputColumn;
import dev.headrace.plan.Scalar;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.DecimalType;
import dev.headrace.types.StructField;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// An aggregation over rows that come and go as one over rows that only come: what a removed row has added is added
/// with the other sign. That goes for counts, and for sums and averages whose arithmetic is exact.
///
/// @param sums over the input's columns with the change; the last one, by the name of [#ROWS], is the number of rows
///     that are there
/// @param results what the aggregation gives, over the columns of `sums`
record SignedAggregates(LogicalPlan.Aggregate sums, List<OutputColumn> results) {
    static final String ROWS = "_rows";

    private static final BoundExpr NONE = new BoundExpr.Literal(Scalar.of(0L));
    private static final Set<DataType> INTEGERS =
            Set.of(DataTypes.ByteType, DataTypes.ShortType, DataTypes.IntegerType, DataTypes.LongType);
    /// Holds every bigint.
    private static final DecimalType LONGS = new DecimalType(19, 0);

    /// Collects the sums that the results are made of.
    private static final class Sums {
        private final LogicalPlan.Aggregate node;
        private final BoundExpr change;
        private final List<Aggregation> all = new ArrayList<>();

        Sums(LogicalPlan.Aggregate node, Edge input) {
            this.node = node;
            this.change = Changelog.changeOf(input);
        }

        private BoundExpr changeAsLong() {
            return new BoundExpr.Cast(change, DataTypes.LongType, CastFailure.ERROR);
        }

        /// @return the result's column
        BoundExpr.Column add(String name, BoundExpr value, Optional<BoundExpr> filter) {
            AggregateCall sum = FunctionRegistry.bindAggregate("sum", List.of(value), false);
            all.add(new Aggregation(name, new AggregateCall(sum.function(), sum.arguments(), false, filter)));
            DataType type = sum.function().resultType();
            return new BoundExpr.Column(node.keys().size() + all.size() - 1, name, type, true);
        }

        /// The number of rows in which no argument is null.
        BoundExpr.Column count(AggregateCall call) {
            BoundExpr one = call.arguments().stream()
                    .filter(BoundExpr::nullable)
                    .<BoundExpr>map(BoundExpr.IsNull::new)
                    .reduce(BoundExpr.Or::new)
                    .<BoundExpr>map(unknown -> new BoundExpr.Case(
                            List.of(new BoundExpr.Case.Branch(unknown, NONE)),
                            Optional.of(changeAsLong()),
                            DataTypes.LongType))
                    .orElse(changeAsLong());
            return add("_count" + all.size(), one, call.filter());
        }

        /// The sum of the first argument's values.
        BoundExpr.Column sum(AggregateCall call, BoundExpr value) {
            BoundExpr negative = FunctionRegistry.bindScalar("negative", List.of(value));
            BoundExpr added = new BoundExpr.Compare(CompareOp.GREATER, change, new BoundExpr.Literal(Scalar.of(0)));
            BoundExpr signed = new BoundExpr.Case(
                    List.of(new BoundExpr.Case.Branch(added, value)), Optional.of(negative), value.type());
            return add("_sum" + all.size(), signed, call.filter());
        }
    }

    /// @param input whose rows can go again
    /// @return empty if any function needs more than a sum to take a row back
    static Optional<SignedAggregates> of(LogicalPlan.Aggregate node, Edge input) {
        Sums sums = new Sums(node, input);
        List<OutputColumn> results = new ArrayList<>();
        for (int k = 0; k < node.keys().size(); k++) {
            StructField key = node.keys().get(k).field();
            results.add(new OutputColumn(key.name(), Changelog.column(key, k)));
        }
        for (Aggregation aggregation : node.aggregates()) {
            Optional<BoundExpr> result = aggregation.call().distinct()
                    ? Optional.empty()
                    : count(aggregation.call(), sums)
                            .or(() -> sum(aggregation.call(), sums))
                            .or(() -> average(aggregation.call(), sums));
            if (result.isEmpty()) {
                return Optional.empty();
            }
            results.add(new OutputColumn(aggregation.name(), result.get()));
        }
        sums.add(ROWS, sums.changeAsLong(), Optional.empty());
        return Optional.of(
                new SignedAggregates(new LogicalPlan.Aggregate(input.plan(), node.keys(), sums.all), results));
    }

    private static Optional<BoundExpr> count(AggregateCall call, Sums sums) {
        String name = call.function().name();
        if (!name.equals("count") && !name.equals("count_if")) {
            return Optional.empty();
        }
        BoundExpr.Column counted = sums.count(call);
        // Without a row that the filter lets through there is no sum.
        return Optional.of(new BoundExpr.Case(
                List.of(new BoundExpr.Case.Branch(new BoundExpr.IsNull(counted), NONE)),
                Optional.of(new BoundExpr.Column(counted.ordinal(), counted.name(), counted.type(), false)),
                DataTypes.LongType));
    }

    private static Optional<BoundExpr> sum(AggregateCall call, Sums sums) {
        if (!isBound("sum", call, call.arguments())
                || !(call.function().resultType() instanceof DecimalType)
                        && !call.function().resultType().equals(DataTypes.LongType)) {
            return Optional.empty();
        }
        BoundExpr value = call.arguments().getFirst();
        if (!value.type().equals(DataTypes.LongType)) {
            return Optional.of(ifAny(sums.count(call), sums.sum(call, value)));
        }
        // What comes may be added before what goes is taken away, so that there may be more in between than at the end.
        BoundExpr.Column sum = sums.sum(call, new BoundExpr.Cast(value, LONGS, CastFailure.ERROR));
        return Optional.of(ifAny(sums.count(call), new BoundExpr.Cast(sum, DataTypes.LongType, CastFailure.ERROR)));
    }

    /// The average of integers, whose sum is exact where that of doubles would not be.
    private static Optional<BoundExpr> average(AggregateCall call, Sums sums) {
        if (call.arguments().isEmpty()
                || !(call.arguments().getFirst() instanceof BoundExpr.Cast(BoundExpr value, var _, var _, var _))
                || !INTEGERS.contains(value.type())
                || !isBound("avg", call, List.of(value))) {
            return Optional.empty();
        }
        BoundExpr.Column sum = sums.sum(call, new BoundExpr.Cast(value, LONGS, CastFailure.ERROR));
        BoundExpr.Column count = sums.count(call);
        return Optional.of(ifAny(
                count,
                new BoundExpr.Arithmetic(
                        ArithmeticOp.DIVIDE,
                        new BoundExpr.Cast(sum, DataTypes.DoubleType, CastFailure.ERROR),
                        new BoundExpr.Cast(count, DataTypes.DoubleType, CastFailure.ERROR),
                        DataTypes.DoubleType,
                        CastFailure.NULL)));
    }

    private static boolean isBound(String function, AggregateCall call, List<BoundExpr> arguments) {
        return call.function().name().equals(function)
                && FunctionRegistry.bindAggregate(function, arguments, false)
                        .function()
                        .equals(call.function());
    }

    private static BoundExpr ifAny(BoundExpr.Column count, BoundExpr result) {
        return new BoundExpr.Case(
                List.of(new BoundExpr.Case.Branch(new BoundExpr.Compare(CompareOp.GREATER, count, NONE), result)),
                Optional.empty(),
                result.type());
    }
}
