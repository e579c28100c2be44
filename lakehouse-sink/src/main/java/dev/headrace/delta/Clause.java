package dev.headrace.delta;

import dev.headrace.Column;
import dev.headrace.errors.QueryException;
import dev.headrace.functions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One `WHEN` of a merge, or the only thing that an update or delete does.
///
/// @param condition absent: always
/// @param values what the columns become; empty for a delete
record Clause(Kind kind, Optional<Column> condition, Values values) {
    enum Kind {
        UPDATE,
        DELETE,
        INSERT
    }

    /// What the columns become.
    sealed interface Values {
        /// Each the source's column of the same name.
        record All() implements Values {}

        /// Some by the table's column names; the others stay as they are, or are null in a row that is put in.
        record Some(Map<String, Column> byName) implements Values {
            public Some {
                byName = new LinkedHashMap<>(byName);
            }
        }
    }

    /// Columns set to expressions in SQL.
    static Map<String, Column> expressions(Map<String, String> texts) {
        Map<String, Column> columns = new LinkedHashMap<>();
        texts.forEach((name, text) -> columns.put(name, functions.expr(text)));
        return columns;
    }

    /// The clauses of one kind, if each of them applies to some rows.
    ///
    /// @throws QueryException `DELTA_MERGE_CLAUSE_UNREACHABLE`
    static List<Clause> reachable(List<Clause> clauses) {
        if (clauses.stream().limit(Math.max(0, clauses.size() - 1)).anyMatch(clause -> clause.condition.isEmpty())) {
            throw new QueryException(
                    "DELTA_MERGE_CLAUSE_UNREACHABLE",
                    "merge: the clause before this one has no condition, so it applies to all rows and this one never would."
                            + " Give the one before a condition, or leave one of them out.");
        }
        return List.copyOf(clauses);
    }

    static Clause delete(Optional<Column> condition) {
        return new Clause(Kind.DELETE, condition, new Values.Some(Map.of()));
    }

    /// Whether a column of the source becomes the table's column of that name.
    boolean sets(String column) {
        return switch (values) {
            case Values.All() -> true;
            case Values.Some(Map<String, Column> byName) ->
                byName.keySet().stream()
                        .anyMatch(key -> key.equalsIgnoreCase(column)
                                || key.substring(key.indexOf('.') + 1).equalsIgnoreCase(column));
        };
    }

    boolean isUnconditionalDelete() {
        return kind == Kind.DELETE && condition.isEmpty();
    }
}
