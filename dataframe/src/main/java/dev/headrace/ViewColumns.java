package dev.headrace;

import dev.headrace.errors.QueryException;
import dev.headrace.function.Coercion;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.sql.Statement.SchemaBinding;
import dev.headrace.types.DataType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// The columns that a view had when it was made, of the rows that its query gives now: those of tables may have come,
/// gone, moved or become of another type since.
///
/// @param view its name
/// @param made what the query gave when the view was made
record ViewColumns(String view, StructType made, SchemaBinding binding) {
    private static final Pattern PLAIN = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_]*");

    /// @throws QueryException `INCOMPATIBLE_VIEW_SCHEMA_CHANGE` if the query has lost a column;
    ///     `CANNOT_UP_CAST_DATATYPE` if one has become of a wider type and the view does not allow it
    DataFrame of(DataFrame rows) {
        String[] places =
                IntStream.range(0, rows.schema().size()).mapToObj(i -> "_" + i).toArray(String[]::new);
        List<Integer> from = places(rows);
        if (isUnchanged(from, rows.schema())) {
            return rows;
        }
        DataFrame placed = rows.toDF(places);
        Column[] columns = new Column[made.size()];
        for (int i = 0; i < columns.length; i++) {
            StructField field = made.field(i);
            Column column = placed.col(places[from.get(i)]);
            columns[i] = typed(column, rows.schema().field(from.get(i)), field).as(field.name());
        }
        return placed.select(columns);
    }

    private List<Integer> places(DataFrame rows) {
        List<String> given = rows.schema().names();
        List<Integer> from = new ArrayList<>();
        made.fieldList().forEach(field -> from.add(place(field.name(), from, given)));
        for (int i = 0; i < from.size(); i++) {
            if (from.get(i) < 0 && isCalledAnew(i, from, rows)) {
                from.set(i, i);
            } else if (from.get(i) < 0) {
                throw new QueryException(
                        "INCOMPATIBLE_VIEW_SCHEMA_CHANGE",
                        "The view '" + view + "' was made when its query had a column '"
                                + made.field(i).name() + "'. Now it has " + String.join(", ", given)
                                + ". Make the view anew: CREATE OR REPLACE VIEW.");
            }
        }
        return from;
    }

    /// Of columns of one name the first that is not taken yet; -1 if there is none.
    private static int place(String name, List<Integer> taken, List<String> given) {
        return IntStream.range(0, given.size())
                .filter(i -> given.get(i).equalsIgnoreCase(name) && !taken.contains(i))
                .findFirst()
                .orElse(-1);
    }

    /// Whether the query's column here is an expression whose name was made up, and otherwise by the version that made
    /// the view: neither the name that was noted nor the one of now is like a table's.
    private boolean isCalledAnew(int place, List<Integer> taken, DataFrame rows) {
        return rows.schema().size() == made.size()
                && !taken.contains(place)
                && !PLAIN.matcher(made.field(place).name()).matches()
                && !isRead(rows.schema().field(place).name(), rows.resolved().plan());
    }

    /// Whether a table of a query has a column of this name.
    private static boolean isRead(String name, LogicalPlan plan) {
        return plan.inputs().isEmpty()
                ? plan.schema().names().stream().anyMatch(name::equalsIgnoreCase)
                : plan.inputs().stream().anyMatch(input -> isRead(name, input));
    }

    private boolean isUnchanged(List<Integer> from, StructType given) {
        return given.size() == made.size()
                && IntStream.range(0, made.size())
                        .allMatch(i -> from.get(i) == i
                                && given.field(i).name().equals(made.field(i).name())
                                && isOneType(
                                        given.field(i).dataType(), made.field(i).dataType()));
    }

    private static boolean isOneType(DataType a, DataType b) {
        return a.simpleString().equals(b.simpleString());
    }

    private Column typed(Column column, StructField given, StructField wanted) {
        if (binding == SchemaBinding.TYPE_EVOLUTION || isOneType(given.dataType(), wanted.dataType())) {
            return column;
        }
        boolean narrower = Coercion.commonType(given.dataType(), wanted.dataType()).stream()
                .anyMatch(common -> isOneType(common, wanted.dataType()));
        if (binding == SchemaBinding.BINDING && !narrower) {
            throw new QueryException(
                    "CANNOT_UP_CAST_DATATYPE",
                    "The view '" + view + "' was made WITH SCHEMA BINDING when its column '" + wanted.name() + "' was "
                            + wanted.dataType().simpleString() + ". Now its query gives "
                            + given.dataType().simpleString() + ". Make the view anew: CREATE OR REPLACE VIEW.");
        }
        return column.cast(wanted.dataType());
    }
}
