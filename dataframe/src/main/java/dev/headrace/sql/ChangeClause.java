package dev.headrace.sql;

import dev.headrace.plan.NamedExpr;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What `APPLY CHANGES INTO` says of the changes and of the query that applies them.
public sealed interface ChangeClause {
    /// `SEQUENCE BY`.
    ///
    /// @param column what the table calls it, if that is said
    record SequenceBy(NamedExpr order, Optional<String> column) implements ChangeClause {}

    /// `APPLY AS DELETE WHEN`.
    record DeleteWhen(NamedExpr condition) implements ChangeClause {}

    /// `APPLY AS TRUNCATE WHEN`.
    record TruncateWhen(NamedExpr condition) implements ChangeClause {}

    /// `MARK DELETES IN`.
    record MarkDeletes(String column) implements ChangeClause {}

    /// `IGNORE NULL UPDATES`.
    ///
    /// @param columns empty for all
    record IgnoreNulls(List<String> columns) implements ChangeClause {
        public IgnoreNulls {
            columns = List.copyOf(columns);
        }
    }

    /// `COLUMNS (…)`.
    record Only(List<String> columns) implements ChangeClause {
        public Only {
            columns = List.copyOf(columns);
        }
    }

    /// `COLUMNS * EXCEPT (…)`.
    record Except(List<String> columns) implements ChangeClause {
        public Except {
            columns = List.copyOf(columns);
        }
    }

    /// `RENAME COLUMNS (… TO …)`.
    ///
    /// @param names what a column is called now, by what it was called before
    record Rename(Map<String, String> names) implements ChangeClause {
        public Rename {
            names = Collections.unmodifiableMap(new LinkedHashMap<>(names));
        }
    }

    /// `STORED AS SCD TYPE`.
    ///
    /// @param history whether every version of a row is kept: type 2
    record StoredAs(boolean history) implements ChangeClause {}

    /// `TRIGGER AVAILABLE NOW`.
    record AvailableNow() implements ChangeClause {}

    /// `TRIGGER EVERY`.
    ///
    /// @param interval such as `10 seconds`
    record Every(String interval) implements ChangeClause {}

    /// `OPTIONS (…)`.
    record Options(Map<String, String> options) implements ChangeClause {
        public Options {
            options = Map.copyOf(options);
        }
    }
}
