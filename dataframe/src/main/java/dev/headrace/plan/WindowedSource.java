package dev.headrace.plan;

import dev.headrace.errors.QueryException;
import dev.headrace.function.TimeWindow;
import dev.headrace.types.ArrayType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructField;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.UnaryOperator;

/// The rows beneath a [Selection], with what the time windows in it need of them, and the values of subqueries in what
/// is grouped by and aggregated.
final class WindowedSource implements ExprBinder.TimeWindows {
    private LogicalPlan source;
    /// The subqueries that are joined to the source, and their values.
    private final Map<Subqueries.Bound, BoundExpr> subqueries = new LinkedHashMap<>();
    private final boolean grouped;
    private final Set<BoundExpr> notNull = new LinkedHashSet<>();
    /// Arrays for whose elements the rows of the source are repeated; the elements' columns follow the source's.
    private final List<LogicalPlan.Explode> repeats = new ArrayList<>();
    /// What `session_window` is over; its column follows those of the repeats.
    private Optional<WindowFunction.Session> session = Optional.empty();
    /// What `count_window` asks for; its column is at the same place.
    private Optional<Counted> counted = Optional.empty();

    /// @param source has the scope's columns first, perhaps more behind them
    /// @param grouped whether the rows become groups
    WindowedSource(LogicalPlan source, boolean grouped) {
        this.source = source;
        this.grouped = grouped;
    }

    WindowedSource copy() {
        WindowedSource copy = new WindowedSource(source, grouped);
        copy.subqueries.putAll(subqueries);
        copy.notNull.addAll(notNull);
        copy.repeats.addAll(repeats);
        copy.session = session;
        copy.counted = counted;
        return copy;
    }

    /// Whether these are the rows of a plan as they are.
    boolean isJust(LogicalPlan plan) {
        return source.equals(plan) && notNull.isEmpty() && repeats.isEmpty() && session.isEmpty() && counted.isEmpty();
    }

    /// The value of a subquery for each row of the source.
    BoundExpr value(Subqueries.Bound subquery) {
        BoundExpr known = subqueries.get(subquery);
        if (known != null) {
            return known;
        }
        if (!repeats.isEmpty() || session.isPresent() || counted.isPresent()) {
            throw new QueryException(
                    "UNSUPPORTED_SUBQUERY",
                    "A subquery in what is grouped by or aggregated can't stand behind a sliding, session or count window."
                            + " Put it into a select(…) of its own.");
        }
        Subqueries.Attached attached = Subqueries.attach(source, List.of(subquery), UnaryOperator.identity());
        BoundExpr value = attached.values().getFirst();
        source = attached.plan();
        subqueries.put(subquery, value);
        return value;
    }

    /// The value of a subquery, if it is known here.
    Optional<BoundExpr> known(Subqueries.Bound subquery) {
        return Optional.ofNullable(subqueries.get(subquery));
    }

    /// Windows of so many rows.
    private record Counted(Optional<BoundExpr> time, long size, long slide) {}

    @Override
    public void mustNotBeNull(BoundExpr expr) {
        notNull.add(expr);
    }

    @Override
    public BoundExpr each(BoundExpr array, String name) {
        requireOne(repeats.stream().allMatch(repeat -> repeat.collection().equals(array))
                && session.isEmpty()
                && counted.isEmpty());
        if (repeats.isEmpty()) {
            repeats.add(new LogicalPlan.Explode(source, array, false, false, List.of(name)));
        }
        return new BoundExpr.Column(source.schema().size(), name, ((ArrayType) array.type()).elementType(), false);
    }

    @Override
    public BoundExpr session(BoundExpr start, BoundExpr end) {
        if (!grouped) {
            return TimeWindow.window(start, end);
        }
        WindowFunction.Session wanted = new WindowFunction.Session(start, end);
        requireOne(session.filter(wanted::equals).isPresent()
                || session.isEmpty() && repeats.isEmpty() && counted.isEmpty());
        session = Optional.of(wanted);
        return sessionColumn(wanted);
    }

    @Override
    public BoundExpr counted(Optional<BoundExpr> time, long size, long slide) {
        Counted wanted = new Counted(time, size, slide);
        if (!grouped) {
            throw misplacedCount();
        }
        requireOne(counted.filter(wanted::equals).isPresent()
                || counted.isEmpty() && repeats.isEmpty() && session.isEmpty());
        counted = Optional.of(wanted);
        return countColumn();
    }

    private void requireOne(boolean one) {
        if (!one) {
            throw new QueryException(
                    "MULTI_TIME_WINDOW_EXPRESSIONS",
                    "One select(…) or groupBy(…) can have one sliding, session or count window. Put one of them into a"
                            + " select(…) of its own.");
        }
    }

    private BoundExpr sessionColumn(WindowFunction.Session of) {
        return new BoundExpr.Column(source.schema().size(), "session_window", of.type(), false);
    }

    private BoundExpr countColumn() {
        return new BoundExpr.Column(source.schema().size(), "count_window", DataTypes.LongType, false);
    }

    private static QueryException misplacedCount() {
        return new QueryException(
                "MISPLACED_WINDOW",
                "count_window(…) must be one of the columns of groupBy(…), as it is, not a part of one.");
    }

    /// The source's rows in their windows, for each combination of the other keys.
    private LogicalPlan inCountWindows(LogicalPlan plan, Counted windows, List<BoundExpr> keyed) {
        if (!keyed.contains(countColumn())) {
            throw misplacedCount();
        }
        int width = plan.schema().size();
        List<OutputColumn> columns = new ArrayList<>();
        for (int i = 0; i < width; i++) {
            columns.add(new OutputColumn(plan.schema().field(i).name(), columnOf(plan, i)));
        }
        List<Integer> partition = new ArrayList<>();
        for (BoundExpr key : keyed) {
            if (!key.equals(countColumn())) {
                partition.add(column(key, columns));
            }
        }
        OptionalInt time = windows.time().isPresent()
                ? OptionalInt.of(column(windows.time().get(), columns))
                : OptionalInt.empty();
        LogicalPlan rows = columns.size() == width ? plan : new LogicalPlan.Project(plan, columns);
        return new LogicalPlan.MapGroups(
                List.of(rows),
                new CountWindows(rows.schema(), width, partition, time, windows.size(), windows.slide()));
    }

    private static BoundExpr columnOf(LogicalPlan plan, int ordinal) {
        StructField field = plan.schema().field(ordinal);
        return new BoundExpr.Column(ordinal, field.name(), field.dataType(), field.nullable());
    }

    /// Where an expression's value is, in a new column if it is none of the source's.
    private static int column(BoundExpr expr, List<OutputColumn> columns) {
        if (expr instanceof BoundExpr.Column column) {
            return column.ordinal();
        }
        columns.add(new OutputColumn("_key" + columns.size(), expr));
        return columns.size() - 1;
    }

    /// The source with the rows and columns that time windows need.
    ///
    /// @param keyed by which the rows are grouped
    LogicalPlan plan(List<BoundExpr> keyed) {
        LogicalPlan plan = ProjectAnalysis.withoutNulls(source, notNull);
        for (LogicalPlan.Explode repeat : repeats) {
            plan = new LogicalPlan.Explode(plan, repeat.collection(), false, false, repeat.names());
        }
        if (counted.isPresent()) {
            return inCountWindows(plan, counted.get(), keyed);
        }
        if (session.isPresent()) {
            BoundExpr column = sessionColumn(session.get());
            if (!keyed.contains(column)) {
                throw new QueryException(
                        "MISPLACED_WINDOW",
                        "session_window(…) must be one of the grouping columns, as it is, not a part of one. Put what is"
                                + " computed from it above the aggregation.");
            }
            List<BoundExpr> others =
                    keyed.stream().filter(key -> !key.equals(column)).toList();
            SortKey byStart = new SortKey(session.get().start(), Direction.ASC, NullOrder.FIRST);
            plan = new LogicalPlan.Window(
                    plan,
                    others,
                    List.of(byStart),
                    List.of(new LogicalPlan.Window.Column(
                            "session_window", new WindowCall(session.get(), WindowFrame.all()))));
        }
        return plan;
    }
}
