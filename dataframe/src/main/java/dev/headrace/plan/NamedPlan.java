package dev.headrace.plan;

import dev.headrace.connector.Table;
import dev.headrace.types.StructType;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
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
    /// @param firing when a stream's groups come out; absent: as the output mode says
    record Aggregate(NamedPlan input, List<NamedExpr> keys, List<NamedExpr> aggregates, Optional<Firing> firing)
            implements NamedPlan {
        public Aggregate {
            keys = List.copyOf(keys);
            aggregates = List.copyOf(aggregates);
        }

        public Aggregate(NamedPlan input, List<NamedExpr> keys, List<NamedExpr> aggregates) {
            this(input, keys, aggregates, Optional.empty());
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

    /// A join with the row that is nearest in time.
    ///
    /// @param condition equalities, and the comparison of times unless `times` is given
    /// @param using columns of both sides that must be equal, the last one the time unless `times` is given
    record AsOfJoin(
            NamedPlan left,
            NamedPlan right,
            JoinType type,
            Optional<NamedExpr> condition,
            List<String> using,
            Optional<AsOfTimes> times)
            implements NamedPlan {
        public AsOfJoin {
            using = List.copyOf(using);
        }
    }

    /// The times that an as-of join compares.
    ///
    /// @param left,right over one side each
    /// @param tolerance how far apart they may be
    record AsOfTimes(
            NamedExpr left,
            NamedExpr right,
            AsOf.Direction direction,
            boolean exactMatches,
            Optional<NamedExpr> tolerance) {}

    /// A join with what something outside gives for a key.
    record LookupJoin(NamedPlan input, List<NamedExpr> keys, LookupCall lookup, JoinType type) implements NamedPlan {
        public LookupJoin {
            keys = List.copyOf(keys);
        }
    }

    /// A join by all columns that both sides have.
    record NaturalJoin(NamedPlan left, NamedPlan right, JoinType type) implements NamedPlan {}

    /// A join whose right side may use the left row's columns.
    ///
    /// @param type inner, left outer or cross
    record LateralJoin(NamedPlan left, NamedPlan right, JoinType type, Optional<NamedExpr> condition)
            implements NamedPlan {}

    /// The rows of the left side that the right one also has, or has not; columns are matched by position.
    ///
    /// @param all whether duplicates count, instead of each row once
    record SetOperation(NamedPlan left, NamedPlan right, Kind kind, boolean all) implements NamedPlan {
        public enum Kind {
            INTERSECT,
            EXCEPT
        }
    }

    /// Several groupings of the same rows at once, one below the other; grouping expressions that do not belong to a
    /// grouping are null in its rows.
    ///
    /// @param sets for each grouping, the positions of its expressions among the keys
    record GroupingSets(NamedPlan input, List<NamedExpr> keys, List<List<Integer>> sets, List<NamedExpr> columns)
            implements NamedPlan {
        public GroupingSets {
            keys = List.copyOf(keys);
            sets = List.copyOf(sets);
            columns = List.copyOf(columns);
        }
    }

    /// The groups of an aggregation, or of several, for which a condition is true; it may use aggregate functions.
    record Having(NamedPlan input, NamedExpr condition) implements NamedPlan {}

    /// The rows of a projection or aggregation for which a condition is true that may use window functions.
    record Qualify(NamedPlan input, NamedExpr condition) implements NamedPlan {}

    /// The input's rows with the columns that a generator function makes of each.
    ///
    /// @param outer whether a row for which it makes nothing comes out once, with nulls
    /// @param qualifier under which the new columns can be found
    /// @param names of the new columns; empty: those that the function gives
    record Generate(NamedPlan input, NamedExpr generator, boolean outer, Optional<String> qualifier, List<String> names)
            implements NamedPlan {
        public Generate {
            names = List.copyOf(names);
        }
    }

    /// Groups whose aggregates are computed for each of some values of columns, side by side.
    ///
    /// @param keys the grouping expressions; absent: all columns that nothing else here uses
    /// @param columns the columns whose values are turned into columns
    /// @param values for each of these, constants in the order of the columns, and the name it gets
    /// @param zone of the session, for columns that are called as a timestamp
    record Pivot(
            NamedPlan input,
            Optional<List<NamedExpr>> keys,
            List<NamedExpr> columns,
            List<PivotValue> values,
            List<NamedExpr> aggregates,
            ZoneId zone)
            implements NamedPlan {
        public Pivot {
            columns = List.copyOf(columns);
            values = List.copyOf(values);
            aggregates = List.copyOf(aggregates);
        }

        /// One combination of values.
        public record PivotValue(List<NamedExpr> constants, Optional<String> name) {
            public PivotValue {
                constants = List.copyOf(constants);
            }
        }
    }

    /// Columns turned into rows: one per set of columns, with the set's name and its values.
    ///
    /// @param ids the columns that stay; absent: all that are not turned
    /// @param sets what is turned, each with as many columns as there are `valueNames`
    record Unpivot(
            NamedPlan input,
            Optional<List<NamedExpr>> ids,
            List<UnpivotSet> sets,
            String variableName,
            List<String> valueNames,
            boolean includeNulls)
            implements NamedPlan {
        public Unpivot {
            sets = List.copyOf(sets);
            valueNames = List.copyOf(valueNames);
        }

        /// Columns that make one row together.
        public record UnpivotSet(List<NamedExpr> columns, Optional<String> name) {
            public UnpivotSet {
                columns = List.copyOf(columns);
            }
        }
    }

    /// @param database of a table that has its own name, which may stand before that; empty for an alias
    record SubqueryAlias(NamedPlan input, String name, Optional<String> database) implements NamedPlan {
        public SubqueryAlias(NamedPlan input, String name) {
            this(input, name, Optional.empty());
        }
    }

    /// Its input as a relation: what is above finds the columns that it has, not those that it has dropped.
    record Closed(NamedPlan input) implements NamedPlan {}

    /// What a function of the program makes of the rows of each key.
    record MapGroups(List<NamedPlan> inputs, GroupCall call) implements NamedPlan {
        public MapGroups {
            inputs = List.copyOf(inputs);
        }
    }

    /// @param key the hash of what belongs together
    record Shed(NamedPlan input, NamedExpr key, long mostWaiting, double kept) implements NamedPlan {}

    /// @param metrics aggregates of the rows, and expressions over them
    record Observe(NamedPlan input, List<NamedExpr> metrics, Observer observer) implements NamedPlan {
        public Observe {
            metrics = List.copyOf(metrics);
        }
    }

    record WithWatermark(NamedPlan input, String eventTime, String delayThreshold) implements NamedPlan {}

    /// Marks its input as one DataFrame, so that `df.col(…)` can refer to it ([NamedExpr.Name#planId]).
    ///
    /// @param analyzed what its input was found to be, for an analysis to which the DataFrame isn't known otherwise
    record Identified(NamedPlan input, long planId, Optional<Resolved> analyzed) implements NamedPlan {}

    /// What it is made of, in order.
    default List<NamedPlan> inputs() {
        return switch (this) {
            case Read _, LocalRelation _, Range _ -> List.of();
            case Project(NamedPlan input, List<NamedExpr> _) -> List.of(input);
            case Filter(NamedPlan input, NamedExpr _) -> List.of(input);
            case WithColumns(NamedPlan input, List<NamedExpr.Alias> _) -> List.of(input);
            case WithColumnsRenamed(NamedPlan input, java.util.Map<String, String> _) -> List.of(input);
            case Drop(NamedPlan input, List<NamedExpr> _) -> List.of(input);
            case ToDF(NamedPlan input, List<String> _) -> List.of(input);
            case Aggregate aggregate -> List.of(aggregate.input());
            case Join join -> List.of(join.left(), join.right());
            case AsOfJoin join -> List.of(join.left(), join.right());
            case LookupJoin join -> List.of(join.input());
            case Sort(NamedPlan input, List<NamedExpr> _) -> List.of(input);
            case Limit(NamedPlan input, long _) -> List.of(input);
            case Offset(NamedPlan input, long _) -> List.of(input);
            case Union union -> List.of(union.left(), union.right());
            case Deduplicate(NamedPlan input, List<String> _, boolean _) -> List.of(input);
            case NaturalJoin join -> List.of(join.left(), join.right());
            case LateralJoin join -> List.of(join.left(), join.right());
            case SetOperation operation -> List.of(operation.left(), operation.right());
            case GroupingSets grouping -> List.of(grouping.input());
            case Having(NamedPlan input, NamedExpr _) -> List.of(input);
            case Qualify(NamedPlan input, NamedExpr _) -> List.of(input);
            case Generate generate -> List.of(generate.input());
            case Pivot pivot -> List.of(pivot.input());
            case Unpivot unpivot -> List.of(unpivot.input());
            case SubqueryAlias(NamedPlan input, String _, var _) -> List.of(input);
            case MapGroups groups -> groups.inputs();
            case WithWatermark(NamedPlan input, String _, String _) -> List.of(input);
            case Shed shed -> List.of(shed.input());
            case Observe observe -> List.of(observe.input());
            case Closed(NamedPlan input) -> List.of(input);
            case Identified(NamedPlan input, long _, var _) -> List.of(input);
        };
    }

    /// The expressions in it, not those in its inputs.
    default List<NamedExpr> expressions() {
        return switch (this) {
            case Project(NamedPlan _, List<NamedExpr> columns) -> columns;
            case Filter(NamedPlan _, NamedExpr condition) -> List.of(condition);
            case WithColumns(NamedPlan _, List<NamedExpr.Alias> columns) -> List.copyOf(columns);
            case Aggregate aggregate -> both(aggregate.keys(), aggregate.aggregates());
            case Join join -> join.condition().stream().toList();
            case AsOfJoin join -> join.condition().stream().toList();
            case LateralJoin join -> join.condition().stream().toList();
            case LookupJoin join -> join.keys();
            case Sort(NamedPlan _, List<NamedExpr> order) -> order;
            case GroupingSets grouping -> both(grouping.keys(), grouping.columns());
            case Having(NamedPlan _, NamedExpr condition) -> List.of(condition);
            case Qualify(NamedPlan _, NamedExpr condition) -> List.of(condition);
            case Generate generate -> List.of(generate.generator());
            case Pivot pivot -> both(pivot.columns(), pivot.aggregates());
            case Shed shed -> List.of(shed.key());
            case Observe observe -> observe.metrics();
            default -> List.of();
        };
    }

    private static List<NamedExpr> both(List<NamedExpr> first, List<NamedExpr> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }
}
