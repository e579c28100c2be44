package dev.headrace.plan.rules;

import dev.headrace.function.AggregateFunction;
import dev.headrace.function.PartialOf;
import dev.headrace.function.PieceOf;
import dev.headrace.function.TotalOf;
import dev.headrace.plan.AggregateCall;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.JoinType;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.LogicalPlan.Aggregate;
import dev.headrace.plan.LogicalPlan.Aggregate.Aggregation;
import dev.headrace.plan.LogicalPlan.Join;
import dev.headrace.plan.OutputColumn;
import dev.headrace.plan.RowEstimate;
import dev.headrace.plan.Totality;
import dev.headrace.types.ByteType;
import dev.headrace.types.DataType;
import dev.headrace.types.DecimalType;
import dev.headrace.types.DoubleType;
import dev.headrace.types.FloatType;
import dev.headrace.types.IntegerType;
import dev.headrace.types.LongType;
import dev.headrace.types.ShortType;
import dev.headrace.types.StringType;
import dev.headrace.types.VariantType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/// Rows that are joined with the names of what they are grouped by become pieces of groups before that: of a customer's
/// rows that came together one is left, which is joined with the names and grouped by them (Yan and Larson, "Eager
/// aggregation and lazy aggregation", 1995).
///
/// Groups may come in several pieces, so that nothing waits for them: they are grouped as they stream by, as far as
/// rows with equal keys lie near each other. Only where there are many rows, and several texts to group by that a large
/// table brings.
final class GroupBeforeJoins implements Rule {
    private static final double MANY_ROWS = 1_000_000;

    /// A table with fewer rows stays in the processor's cache.
    private static final double LARGE_TABLE = 10_000;

    /// Fewer are joined and grouped by about as fast as rows are looked at here.
    private static final int MANY_TEXTS = 3;

    /// With each further key two rows are less likely to be of one group.
    private static final int MOST_KEYS = 2;

    /// A key of which there may be more than one for so many rows says that hardly two rows are of one group.
    private static final double FEWEST_ROWS_PER_KEY = 4;

    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        return Expressions.transformUp(
                plan,
                node -> node instanceof Aggregate aggregate && canBeSplit(aggregate)
                        ? split(aggregate).orElse(node)
                        : node);
    }

    private static boolean canBeSplit(Aggregate node) {
        return node.firing().isEmpty()
                && !node.aggregates().isEmpty()
                && node.keys().stream().allMatch(key -> key.expr().deterministic())
                && calls(node).stream().allMatch(GroupBeforeJoins::canBeSplit);
    }

    /// Whether pieces give the same result, and nothing else can go wrong with rows that a join leaves out.
    private static boolean canBeSplit(AggregateCall call) {
        AggregateFunction function = call.function();
        return !call.distinct()
                && !(function instanceof PartialOf || function instanceof TotalOf)
                && !function.inOrder()
                && function.inBlocks()
                && function.heapBytes(1, 1) == 0
                && (!function.name().equals("sum") && !function.name().equals("avg")
                        || call.arguments().stream().allMatch(GroupBeforeJoins::hasSmallSums))
                && expressions(call).stream().allMatch(BoundExpr::deterministic);
    }

    /// Whether numbers are so short that sums of rows that a join leaves out don't overflow either.
    private static boolean hasSmallSums(BoundExpr argument) {
        return switch (argument.type()) {
            case LongType _ ->
                argument instanceof BoundExpr.Cast cast
                        && (cast.input().type() instanceof ByteType
                                || cast.input().type() instanceof ShortType
                                || cast.input().type() instanceof IntegerType);
            case DecimalType(int precision, int _) -> precision <= DecimalType.MAX_PRECISION - 10;
            default -> false;
        };
    }

    private static List<AggregateCall> calls(Aggregate node) {
        return node.aggregates().stream().map(Aggregation::call).toList();
    }

    private static List<BoundExpr> expressions(AggregateCall call) {
        List<BoundExpr> expressions = new ArrayList<>(call.arguments());
        call.filter().ifPresent(expressions::add);
        return expressions;
    }

    private static Optional<LogicalPlan> split(Aggregate node) {
        BitSet keys = new BitSet();
        node.keys().forEach(key -> keys.or(Columns.usedBy(key.expr())));
        return inPieces(node.input(), calls(node), keys).map(pieces -> {
            List<OutputColumn> outerKeys = new ArrayList<>();
            for (OutputColumn key : node.keys()) {
                outerKeys.add(new OutputColumn(key.name(), pieces.move(key.expr()), key.metadata()));
            }
            List<Aggregation> totals = new ArrayList<>();
            for (Aggregation aggregation : node.aggregates()) {
                totals.add(new Aggregation(
                        aggregation.name(),
                        new AggregateCall(
                                new TotalOf(aggregation.call().function()),
                                List.of(Columns.of(pieces.plan().schema(), pieces.first() + totals.size())),
                                false,
                                Optional.empty())));
            }
            return new Aggregate(pieces.plan(), outerKeys, totals);
        });
    }

    /// A plan with pieces of groups in the place of its rows.
    ///
    /// @param places of the columns that are kept, by their ordinals before; -1 for others
    /// @param first the column of the first call's pieces, behind which those of the others come
    private record Pieces(LogicalPlan plan, int[] places, int first) {
        BoundExpr move(BoundExpr expr) {
            return Columns.move(expr, plan, ordinal -> places[ordinal]);
        }
    }

    /// The plan with pieces as far below as they can be, just below a join that brings texts.
    ///
    /// @param calls over the plan's columns
    /// @param kept the columns that are needed above, beside those of the calls
    private static Optional<Pieces> inPieces(LogicalPlan plan, List<AggregateCall> calls, BitSet kept) {
        return switch (plan) {
            case Join join when join.type() == JoinType.INNER
                    && join.condition().map(BoundExpr::deterministic).orElse(false) ->
                belowJoin(join, join.condition().orElseThrow(), calls, kept);
            case LogicalPlan.Filter(LogicalPlan input, BoundExpr predicate) when predicate.deterministic() -> {
                BitSet more = Columns.usedBy(predicate);
                more.or(kept);
                yield inPieces(input, calls, more)
                        .map(below -> new Pieces(
                                new LogicalPlan.Filter(below.plan(), below.move(predicate)),
                                below.places(),
                                below.first()));
            }
            case LogicalPlan.Project project -> belowProject(project, calls, kept);
            default -> Optional.empty();
        };
    }

    private static Optional<Pieces> belowProject(LogicalPlan.Project project, List<AggregateCall> calls, BitSet kept) {
        List<OutputColumn> columns = project.columns();
        BitSet below = new BitSet();
        for (int i = kept.nextSetBit(0); i >= 0; i = kept.nextSetBit(i + 1)) {
            if (!(columns.get(i).expr() instanceof BoundExpr.Column column)) {
                return Optional.empty();
            }
            below.set(column.ordinal());
        }
        List<AggregateCall> substituted = calls.stream()
                .map(call -> Expressions.call(call, expr -> Columns.substitute(expr, columns)))
                .toList();
        return inPieces(project.input(), substituted, below).map(pieces -> {
            int[] places = new int[columns.size()];
            Arrays.fill(places, -1);
            List<OutputColumn> left = new ArrayList<>();
            kept.stream().forEach(i -> {
                places[i] = left.size();
                OutputColumn column = columns.get(i);
                left.add(new OutputColumn(column.name(), pieces.move(column.expr()), column.metadata()));
            });
            int first = left.size();
            for (int i = 0; i < calls.size(); i++) {
                left.add(Columns.keep(pieces.plan().schema(), pieces.first() + i));
            }
            return new Pieces(new LogicalPlan.Project(pieces.plan(), left), places, first);
        });
    }

    private static Optional<Pieces> belowJoin(Join join, BoundExpr condition, List<AggregateCall> calls, BitSet kept) {
        int leftWidth = join.left().schema().size();
        int width = join.schema().size();
        BitSet arguments = new BitSet();
        calls.forEach(call -> expressions(call).forEach(expr -> arguments.or(Columns.usedBy(expr))));
        boolean ofLeft = arguments.length() <= leftWidth;
        if (!ofLeft && arguments.nextSetBit(0) < leftWidth) {
            return Optional.empty();
        }
        LogicalPlan side = ofLeft ? join.left() : join.right();
        LogicalPlan other = ofLeft ? join.right() : join.left();
        int from = ofLeft ? 0 : leftWidth;
        int end = ofLeft ? leftWidth : width;
        BitSet all = Columns.usedBy(condition);
        all.or(kept);
        BitSet ofSide = all.get(from, end);
        List<AggregateCall> moved = calls.stream()
                .map(call -> Expressions.call(call, expr -> Columns.move(expr, side, ordinal -> ordinal - from)))
                .toList();
        Optional<Pieces> below = inPieces(side, moved, ofSide);
        if (below.isEmpty()
                && bringsTexts(other, ofLeft ? kept.get(leftWidth, width) : kept.get(0, leftWidth))
                && mayShrink(side, ofSide)
                && canBeGrouped(side, moved, ofSide)) {
            below = Optional.of(grouped(side, moved, ofSide));
        }
        return below.map(pieces -> {
            int piecesWidth = pieces.plan().schema().size();
            int[] places = new int[width];
            for (int i = 0; i < width; i++) {
                boolean isOfSide = i >= from && i < end;
                places[i] = isOfSide
                        ? pieces.places()[i - from] < 0 ? -1 : pieces.places()[i - from] + from
                        : ofLeft ? i - leftWidth + piecesWidth : i;
            }
            Join pairs = ofLeft
                    ? new Join(pieces.plan(), other, JoinType.INNER, Optional.empty())
                    : new Join(other, pieces.plan(), JoinType.INNER, Optional.empty());
            Pieces joined = new Pieces(pairs, places, pieces.first() + from);
            Join joining = new Join(pairs.left(), pairs.right(), JoinType.INNER, Optional.of(joined.move(condition)));
            return new Pieces(joining, places, joined.first());
        });
    }

    private static boolean bringsTexts(LogicalPlan other, BitSet kept) {
        return kept.stream()
                                .filter(i -> other.schema().field(i).dataType() instanceof StringType)
                                .count()
                        >= MANY_TEXTS
                && RowEstimate.rows(other).orElse(0) >= LARGE_TABLE;
    }

    private static boolean mayShrink(LogicalPlan side, BitSet keys) {
        double rows = RowEstimate.rows(side).orElse(0);
        return rows >= MANY_ROWS
                && keys.cardinality() <= MOST_KEYS
                && keys.stream()
                        .mapToDouble(key -> RowEstimate.distinct(side, key).orElse(0))
                        .allMatch(distinct -> distinct * FEWEST_ROWS_PER_KEY <= rows);
    }

    /// Whether equal keys can't be told from each other by what is computed of them, and arguments of rows that a join
    /// leaves out don't fail.
    private static boolean canBeGrouped(LogicalPlan side, List<AggregateCall> calls, BitSet keys) {
        return !keys.isEmpty()
                && keys.stream()
                        .mapToObj(key -> side.schema().field(key).dataType())
                        .allMatch(GroupBeforeJoins::isExactKey)
                && calls.stream().flatMap(call -> expressions(call).stream()).allMatch(Totality::neverFails);
    }

    private static boolean isExactKey(DataType type) {
        return !(type.isNested()
                || type instanceof VariantType
                // 0.0 and -0.0 are one group.
                || type instanceof FloatType
                || type instanceof DoubleType);
    }

    private static Pieces grouped(LogicalPlan side, List<AggregateCall> calls, BitSet kept) {
        int[] places = new int[side.schema().size()];
        Arrays.fill(places, -1);
        List<OutputColumn> keys = new ArrayList<>();
        kept.stream().forEach(key -> {
            places[key] = keys.size();
            keys.add(Columns.keep(side.schema(), key));
        });
        List<Aggregation> pieces = new ArrayList<>();
        for (AggregateCall call : calls) {
            pieces.add(new Aggregation(
                    "piece" + pieces.size(),
                    new AggregateCall(new PieceOf(call.function()), call.arguments(), false, call.filter())));
        }
        return new Pieces(new Aggregate(side, keys, pieces), places, keys.size());
    }
}
