package dev.headrace.plan;

import dev.headrace.errors.QueryException;
import dev.headrace.function.Coercion;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Turns columns into rows: each input row is repeated for each set of columns.
final class UnpivotAnalysis {
    private UnpivotAnalysis() {}

    static Resolved of(Resolved input, NamedPlan.Unpivot unpivot) {
        if (unpivot.sets().isEmpty()) {
            throw new QueryException(
                            "UNPIVOT_REQUIRES_VALUE_COLUMNS",
                            "UNPIVOT has no columns whose values become rows. Give at least one.")
                    .within(unpivot);
        }
        Scope scope = input.scope();
        ExprBinder binder = ExprBinder.in(scope, "UNPIVOT");
        List<List<BoundExpr>> sets = new ArrayList<>();
        for (NamedPlan.Unpivot.UnpivotSet set : unpivot.sets()) {
            if (set.columns().size() != unpivot.valueNames().size()) {
                throw new QueryException(
                                "UNPIVOT_VALUE_SIZE_MISMATCH",
                                "UNPIVOT gives " + unpivot.valueNames().size() + " columns, but one of its sets has "
                                        + set.columns().size() + ".")
                        .within(unpivot);
            }
            sets.add(set.columns().stream().map(binder::bind).toList());
        }
        List<BoundExpr> ids = unpivot.ids()
                .map(given -> given.stream().map(binder::bind).toList())
                .orElseGet(() -> rest(scope, sets));
        StructType row = rowType(unpivot, sets);
        LogicalPlan exploded =
                new LogicalPlan.Explode(input.plan(), rows(unpivot, sets, row), false, false, List.of("_row"));
        BoundExpr.Column struct = Decorrelation.column(exploded, input.schema().size());
        return project(input, exploded, ids, struct, unpivot);
    }

    private static List<BoundExpr> rest(Scope scope, List<List<BoundExpr>> sets) {
        List<BoundExpr> ids = new ArrayList<>();
        for (int i = 0; i < scope.schema().size(); i++) {
            BoundExpr column = scope.column(i);
            if (sets.stream().noneMatch(set -> set.contains(column))) {
                ids.add(column);
            }
        }
        return ids;
    }

    private static StructType rowType(NamedPlan.Unpivot unpivot, List<List<BoundExpr>> sets) {
        List<StructField> fields = new ArrayList<>();
        fields.add(new StructField(unpivot.variableName(), DataTypes.StringType, false));
        for (int c = 0; c < unpivot.valueNames().size(); c++) {
            int column = c;
            List<DataType> types =
                    sets.stream().map(set -> set.get(column).type()).toList();
            DataType type = Coercion.commonType(types)
                    .orElseThrow(() -> new QueryException(
                                    "UNPIVOT_VALUE_DATA_TYPE_MISMATCH",
                                    "The columns of UNPIVOT have no common type: "
                                            + types.stream()
                                                    .map(DataType::simpleString)
                                                    .collect(Collectors.joining(", "))
                                            + ". Cast them first.")
                            .within(unpivot));
            fields.add(new StructField(unpivot.valueNames().get(c), type, true));
        }
        return new StructType(fields);
    }

    private static BoundExpr rows(NamedPlan.Unpivot unpivot, List<List<BoundExpr>> sets, StructType row) {
        List<BoundExpr> rows = new ArrayList<>();
        for (int s = 0; s < sets.size(); s++) {
            NamedPlan.Unpivot.UnpivotSet set = unpivot.sets().get(s);
            String name = set.name()
                    .orElseGet(() ->
                            set.columns().stream().map(NamedExpr::outputName).collect(Collectors.joining("_")));
            List<BoundExpr> cells = new ArrayList<>(List.of(new BoundExpr.Literal(Scalar.of(name))));
            for (int c = 0; c < sets.get(s).size(); c++) {
                cells.add(Coercion.cast(sets.get(s).get(c), row.field(c + 1).dataType(), CastFailure.ERROR));
            }
            rows.add(new BoundExpr.MakeStruct(cells, row));
        }
        return Selection.bindScalar("array", rows.toArray(BoundExpr[]::new));
    }

    private static Resolved project(
            Resolved input,
            LogicalPlan exploded,
            List<BoundExpr> ids,
            BoundExpr.Column struct,
            NamedPlan.Unpivot unpivot) {
        List<OutputColumn> columns = new ArrayList<>();
        List<Scope.Entry> entries = new ArrayList<>();
        for (BoundExpr id : ids) {
            Scope.Entry entry = input.scope().entryOf(id).orElseGet(() -> Scope.Entry.of(id.text()));
            columns.add(new OutputColumn(entry.name(), id));
            entries.add(entry);
        }
        StructType type = (StructType) struct.type();
        BoundExpr present = null;
        for (int i = 0; i < type.size(); i++) {
            BoundExpr field = new BoundExpr.GetField(struct, i);
            columns.add(new OutputColumn(type.field(i).name(), field));
            entries.add(Scope.Entry.of(type.field(i).name()));
            if (i > 0) {
                BoundExpr notNull = new BoundExpr.Not(new BoundExpr.IsNull(field));
                present = present == null ? notNull : new BoundExpr.Or(present, notNull);
            }
        }
        LogicalPlan rows =
                unpivot.includeNulls() || present == null ? exploded : new LogicalPlan.Filter(exploded, present);
        LogicalPlan project = new LogicalPlan.Project(rows, columns);
        return Resolved.of(
                project, new Scope(entries, project.schema(), input.scope().outer()));
    }
}
