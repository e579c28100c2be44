package dev.headrace;

import dev.headrace.sql.TableStatement;

/// Runs SQL statements that change tables of a format: rows, properties, care. The module of the format implements it;
/// it is found as a [java.util.ServiceLoader] service. Not part of the API: it changes without notice.
public interface TableStatements {
    /// The format, in lower case, such as `delta`.
    String format();

    /// Runs a statement.
    ///
    /// @param path where the table lies
    /// @param name what columns may be qualified with if the statement gives the table no alias; empty for none
    /// @return the statement's rows; without columns if it has none
    /// @throws dev.headrace.errors.HeadraceException if the table can't be changed so
    DataFrame run(Session session, TableStatement statement, String path, java.util.Optional<String> name);
}
