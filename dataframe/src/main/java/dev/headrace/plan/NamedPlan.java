package dev.headrace.plan;

import dev.headrace.connector.Table;
import dev.headrace.types.StructType;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A query as the user wrote it: names not bound, types not checked. The shape follows Spark Connect's relations.
///
/// The analyzer turns it into a [LogicalPlan].
public sealed interface NamedPlan {

    /// A table or stream that a reader has opened.
    ///
    /// @param format the name under which it was opened, with its options, for plans and for other engines
    record Read(Table table, String format) implements NamedPlan {}

    record LocalRelation(StructType schema, List<List<@Nullable Object>> rows) implements NamedPlan {}

    record Range(long start, long end, long step, int partitions) implements NamedPlan {}

    record Project(NamedPlan input, List<NamedExpr> columns) implements NamedPlan {
        public Project {
            columns = List.copyOf(columns);
        }
    }

    record Filter(NamedPlan input, NamedExpr condition) implements NamedPlan {}

    /// Adds the columns, or replaces those of the same name in place. A column may not refer to another one of the
    /// list.
    record WithColumns(NamedPlan input, List<NamedExpr.Alias> columns) implements NamedPlan {
        public WithColumns {
            columns = List.copyOf(columns);
        }
    }

    /// Renames columns; names that don't exist are ignored, as in Spark.
    record WithColumnsRenamed(NamedPlan input, java.util.Map<String, String> names) implements NamedPlan {
        public WithColumnsRenamed {
            names = java.util.Map.copyOf(names);
        }
    }

    /// Removes columns; those that don't exist are ignored, as in Spark.
    record Drop(NamedPlan input, List<NamedExpr> columns) implements NamedPlan {
        public Drop {
            columns = List.copyOf(columns);
        }
    }

    /// All columns renamed by position.
    record ToDF(NamedPlan input, List<String> names) implements NamedPlan {
        public ToDF {
            names = List.copyOf(names);
        }
    }

    /// @param keys the grouping expressions; one group of all rows if there are none
    /// @param aggregates the result columns: aggregate functions, grouping expressions, and expressions over both
    record Aggregate(NamedPlan input, List<NamedExpr> keys, List<NamedExpr> aggregates) implements NamedPlan {
        public Aggregate {
            keys = List.copyOf(keys);
            aggregates = List.copyOf(aggregates);
        }
    }

    /// @param condition absent with `using` or for a cross join
    /// @param using columns of both sides that must be equal and come out once
    record Join(NamedPlan left, NamedPlan right, JoinType type, Optional<NamedExpr> condition, List<String> using)
            implements NamedPlan {
        public Join {
            using = List.copyOf(using);
        }
    }

    /// @param order expressions, or [NamedExpr.SortOrder]s
    record Sort(NamedPlan input, List<NamedExpr> order) implements NamedPlan {
        public Sort {
            order = List.copyOf(order);
        }
    }

    record Limit(NamedPlan input, long count) implements NamedPlan {}

    record Offset(NamedPlan input, long count) implements NamedPlan {}

    /// @param byName whether columns are matched by name instead of by position
    /// @param allowMissingColumns with `byName`: whether a column that one side lacks is filled with nulls
    record Union(NamedPlan left, NamedPlan right, boolean byName, boolean allowMissingColumns) implements NamedPlan {}

    /// @param columns empty for all
    record Deduplicate(NamedPlan input, List<String> columns, boolean withinWatermark) implements NamedPlan {
        public Deduplicate {
            columns = List.copyOf(columns);
        }
    }

    record SubqueryAlias(NamedPlan input, String name) implements NamedPlan {}

    record WithWatermark(NamedPlan input, String eventTime, String delayThreshold) implements NamedPlan {}

    /// Marks its input as one DataFrame, so that `df.col(…)` can refer to it ([NamedExpr.Name#planId]).
    record Identified(NamedPlan input, long planId) implements NamedPlan {}
}
