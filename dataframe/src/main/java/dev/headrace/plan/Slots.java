package dev.headrace.plan;

/// Ordinals of columns that have no place yet while a query is analyzed: what an aggregate, a window function or a
/// subquery gives, and the columns of the queries around a subquery. No column in an analyzed plan has one of them.
final class Slots {
    private static final int SIZE = 1 << 20;
    private static final int FIRST_OUTER = 1 << 30;
    private static final int OUTER_SIZE = 1 << 24;

    /// Which of a select's own parts a column stands for.
    enum Kind {
        INPUT,
        AGGREGATE,
        WINDOW,
        SUBQUERY,
        /// A parameter of a lambda that is being bound.
        LAMBDA,
        /// What is compared with a subquery's rows.
        COMPARED,
        /// What functions such as `rand()` have given for a result column that others refer to.
        DRAWN,
        OUTER
    }

    private Slots() {}

    static Kind kind(int ordinal) {
        return ordinal >= FIRST_OUTER ? Kind.OUTER : Kind.values()[ordinal / SIZE];
    }

    static int index(int ordinal) {
        return ordinal % SIZE;
    }

    static int of(Kind kind, int index) {
        return kind.ordinal() * SIZE + index;
    }

    /// A column of an enclosing query.
    ///
    /// @param level 1 for the nearest one
    static BoundExpr.Column outer(BoundExpr.Column column, int level) {
        return new BoundExpr.Column(
                FIRST_OUTER + (level - 1) * OUTER_SIZE + column.ordinal(),
                column.name(),
                column.type(),
                column.nullable());
    }

    /// The column as a subquery sees it.
    static BoundExpr.Column outward(BoundExpr.Column column) {
        return isOuter(column)
                ? new BoundExpr.Column(column.ordinal() + OUTER_SIZE, column.name(), column.type(), column.nullable())
                : outer(column, 1);
    }

    static boolean isOuter(BoundExpr expr) {
        return expr instanceof BoundExpr.Column column && column.ordinal() >= FIRST_OUTER;
    }

    static boolean hasOuter(BoundExpr expr) {
        return isOuter(expr) || expr.operands().stream().anyMatch(Slots::hasOuter);
    }

    /// Whether it uses nothing but columns of enclosing queries.
    static boolean onlyOuter(BoundExpr expr) {
        return expr instanceof BoundExpr.Column
                ? isOuter(expr)
                : expr.operands().stream().allMatch(Slots::onlyOuter);
    }

    /// The column as the next enclosing query sees it: its own if it is of that one, else still an outer one.
    static BoundExpr.Column inward(BoundExpr.Column column) {
        int level = (column.ordinal() - FIRST_OUTER) / OUTER_SIZE + 1;
        int ordinal = level == 1 ? column.ordinal() - FIRST_OUTER : column.ordinal() - OUTER_SIZE;
        return new BoundExpr.Column(ordinal, column.name(), column.type(), column.nullable());
    }
}
