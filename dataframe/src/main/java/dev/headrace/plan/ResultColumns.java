package dev.headrace.plan;

import dev.headrace.errors.QueryException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The result columns of a selection as they were written, each star replaced by the columns that it stands for.
record ResultColumns(Scope scope, List<ResultColumn> columns) {
    /// One of them.
    ///
    /// @param written what the user wrote: for a column of a star the star
    /// @param ofStar the column of the star, bound already: by its name alone it might not be found, or another one
    record ResultColumn(NamedExpr written, Optional<OutputColumn> ofStar) {
        private static ResultColumn of(NamedExpr written) {
            return new ResultColumn(written, Optional.empty());
        }

        /// @param scope what its names refer to
        String name(Scope scope) {
            return ofStar.map(OutputColumn::name).orElseGet(() -> new ResultNames(scope).of(written));
        }

        /// The name under which a grouping finds it where the input has no column of this name: an alias, or the name
        /// of a struct's field.
        private Optional<String> alias() {
            return ofStar.filter(column -> column.expr() instanceof BoundExpr.GetField)
                    .map(OutputColumn::name)
                    .or(written::alias);
        }

        /// Its value without a name.
        BoundExpr bind(ExprBinder binder) {
            return ofStar.map(OutputColumn::expr)
                    .orElseGet(() -> binder.bind(
                            written instanceof NamedExpr.Alias(NamedExpr input, String _) ? input : written));
        }
    }

    static ResultColumns of(Scope scope, List<NamedExpr> written) {
        return new ResultColumns(
                scope,
                written.stream().flatMap(expr -> of(scope, expr).stream()).toList());
    }

    static List<ResultColumn> of(Scope scope, NamedExpr written) {
        return switch (written) {
            case NamedExpr.Star star -> ofStar(star, StarColumns.of(star, scope));
            case NamedExpr.StarExcept star -> ofStar(star, StarColumns.of(star, scope));
            default -> List.of(ResultColumn.of(written));
        };
    }

    private static List<ResultColumn> ofStar(NamedExpr star, List<OutputColumn> columns) {
        return columns.stream()
                .map(column -> new ResultColumn(star, Optional.of(column)))
                .toList();
    }

    /// What grouping keys mean: a position or an alias means that result column, a star all that it stands for.
    List<ResultColumn> meantBy(List<NamedExpr> keys) {
        List<ResultColumn> meant = new ArrayList<>();
        keys.forEach(key -> of(scope, key).forEach(column -> meant.add(meantBy(column))));
        return meant;
    }

    private ResultColumn meantBy(ResultColumn key) {
        return switch (key.written()) {
            case NamedExpr.Ordinal(int position) -> at(position, key);
            case NamedExpr.Name name when name.parts().size() == 1 && scope.matches(name).isEmpty() ->
                columns.stream()
                        .filter(column -> column.alias()
                                .filter(name.parts().getFirst()::equalsIgnoreCase)
                                .isPresent())
                        .filter(column -> !ExprBinder.containsAggregate(column.written()))
                        .findFirst()
                        .orElse(key);
            default -> key;
        };
    }

    private ResultColumn at(int position, ResultColumn key) {
        if (position < 1 || position > columns.size()) {
            throw new QueryException(
                            "GROUP_BY_POS_OUT_OF_RANGE",
                            "GROUP BY " + position + ": there are " + columns.size() + " result columns.")
                    .within(key.written());
        }
        ResultColumn column = columns.get(position - 1);
        if (ExprBinder.containsAggregate(column.written())) {
            throw new QueryException(
                            "GROUP_BY_POS_AGGREGATE",
                            "GROUP BY " + position + " refers to '"
                                    + column.written().text() + "', which has an aggregate function in it.")
                    .within(key.written());
        }
        return column;
    }
}
