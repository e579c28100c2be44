package dev.headrace.plan;

import dev.headrace.errors.QueryException;
import dev.headrace.errors.Suggestion;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// What `*`, `alias.*` and `struct_column.*` stand for.
final class StarColumns {
    private StarColumns() {}

    static List<OutputColumn> of(NamedExpr.Star star, Scope scope) {
        List<String> qualifier = star.qualifier();
        if (qualifier.isEmpty()) {
            return columns(scope, scope.columnsOf(null));
        }
        List<Integer> ofRelation = scope.columnsOf(Scope.qualifier(qualifier));
        if (!ofRelation.isEmpty()) {
            return columns(scope, ofRelation);
        }
        BoundExpr struct = ExprBinder.in(scope, "select(…)").bind(new NamedExpr.Name(qualifier, OptionalLong.empty()));
        if (!(struct.type() instanceof StructType type)) {
            throw new QueryException(
                    "INVALID_STAR",
                    "'" + star.text() + "': " + struct.text() + " is "
                            + struct.type().simpleString() + ", not a struct or a relation.");
        }
        List<OutputColumn> fields = new ArrayList<>();
        for (int i = 0; i < type.size(); i++) {
            fields.add(new OutputColumn(
                    type.field(i).name(),
                    new BoundExpr.GetField(struct, i),
                    type.field(i).metadata()));
        }
        return fields;
    }

    /// The star's columns but some, which must be among them.
    static List<OutputColumn> of(NamedExpr.StarExcept star, Scope scope) {
        List<OutputColumn> columns = new ArrayList<>(of(star.star(), scope));
        if (columns.stream().allMatch(column -> column.expr() instanceof BoundExpr.GetField)) {
            return fieldsBut(star, columns);
        }
        for (List<String> except : star.except()) {
            BoundExpr bound = ExprBinder.in(scope, "EXCEPT").bind(new NamedExpr.Name(except, OptionalLong.empty()));
            if (!columns.removeIf(column -> column.expr().equals(bound))) {
                throw new QueryException(
                                "EXCEPT_NESTED_COLUMN",
                                "'" + String.join(".", except) + "' is not one of the columns of "
                                        + star.star().text() + ": EXCEPT leaves out whole columns.")
                        .within(star);
            }
        }
        return columns;
    }

    /// The fields of a struct but some, which are named as they are in it.
    private static List<OutputColumn> fieldsBut(NamedExpr.StarExcept star, List<OutputColumn> fields) {
        List<String> names = fields.stream().map(OutputColumn::name).toList();
        for (List<String> except : star.except()) {
            String name = String.join(".", except);
            if (!fields.removeIf(field -> field.name().equalsIgnoreCase(name))) {
                throw new QueryException(
                                "FIELD_NOT_FOUND",
                                "'" + name + "' is not one of the fields of "
                                        + star.star().text() + ", which are " + String.join(", ", names) + ". "
                                        + Suggestion.didYouMean(name, names))
                        .within(star);
            }
        }
        return fields;
    }

    private static List<OutputColumn> columns(Scope scope, List<Integer> ordinals) {
        return ordinals.stream()
                .map(i -> new OutputColumn(
                        scope.entries().get(i).name(),
                        scope.column(i),
                        scope.schema().field(i).metadata()))
                .toList();
    }
}
