package dev.headrace.plan;

/// One key of a sort.
public record SortKey(BoundExpr expr, Direction direction, NullOrder nulls) {
    @Override
    public String toString() {
        return expr + " " + direction + " NULLS " + nulls;
    }
}
