package dev.headrace.plan.rules;

import dev.headrace.plan.BoundExpr;
import dev.headrace.types.DataType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// How much of a column is used.
sealed interface Use {
    Use NOTHING = new Nothing();
    Use EVERYTHING = new Everything();

    record Nothing() implements Use {}

    record Everything() implements Use {}

    /// Some fields of a struct, at least one, by their ordinals.
    record Fields(SortedMap<Integer, Use> fields) implements Use {
        public Fields {
            fields = Collections.unmodifiableSortedMap(new TreeMap<>(fields));
        }
    }

    /// What either uses.
    default Use and(Use other) {
        return switch (this) {
            case Nothing _ -> other;
            case Everything _ -> this;
            case Fields(SortedMap<Integer, Use> mine) ->
                switch (other) {
                    case Nothing _ -> this;
                    case Everything _ -> other;
                    case Fields(SortedMap<Integer, Use> others) -> {
                        SortedMap<Integer, Use> both = new TreeMap<>(mine);
                        others.forEach((ordinal, use) -> both.merge(ordinal, use, Use::and));
                        yield new Fields(both);
                    }
                };
        };
    }

    /// The type with the fields that are used.
    default DataType narrow(DataType type) {
        if (!(this instanceof Fields(SortedMap<Integer, Use> fields))) {
            return type;
        }
        StructType struct = (StructType) type;
        List<StructField> kept = new ArrayList<>();
        fields.forEach((ordinal, use) -> {
            StructField field = struct.field(ordinal);
            kept.add(field.withDataType(use.narrow(field.dataType())));
        });
        return new StructType(kept);
    }

    /// This, unless all fields of the type are used: then everything is.
    default Use simplified(DataType type) {
        return this instanceof Fields && narrow(type).equals(type) ? EVERYTHING : this;
    }

    /// A column, or a field within it: `column.a.b`.
    record Path(int column, List<Integer> fields) {
        public Path {
            fields = List.copyOf(fields);
        }

        static Optional<Path> of(BoundExpr expr) {
            return switch (expr) {
                case BoundExpr.Column column -> Optional.of(new Path(column.ordinal(), List.of()));
                case BoundExpr.GetField(BoundExpr struct, int ordinal) ->
                    of(struct).map(path -> path.field(ordinal));
                default -> Optional.empty();
            };
        }

        private Path field(int ordinal) {
            List<Integer> longer = new ArrayList<>(fields);
            longer.add(ordinal);
            return new Path(column, longer);
        }

        /// The use of the column when this much of what the path leads to is used.
        Use of(Use use) {
            Use outer = use;
            for (int i = fields.size() - 1; i >= 0 && !(outer instanceof Nothing); i--) {
                outer = new Fields(new TreeMap<>(java.util.Map.of(fields.get(i), outer)));
            }
            return outer;
        }

        /// How much of what the path leads to is in the column when it is used so much.
        Use within(Use columnUse) {
            Use inner = columnUse;
            for (int field : fields) {
                inner = inner instanceof Fields(SortedMap<Integer, Use> some)
                        ? some.getOrDefault(field, NOTHING)
                        : inner;
            }
            return inner;
        }
    }
}
