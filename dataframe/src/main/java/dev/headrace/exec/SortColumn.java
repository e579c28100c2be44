package dev.headrace.exec;

import dev.headrace.plan.Direction;
import dev.headrace.plan.NullOrder;

/// A sort key that is a column.
record SortColumn(int ordinal, Direction direction, NullOrder nulls) {}
