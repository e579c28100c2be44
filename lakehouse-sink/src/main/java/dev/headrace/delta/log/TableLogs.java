package dev.headrace.delta.log;

import java.nio.file.Path;

/// A way to keep logs of tables, found by [java.util.ServiceLoader] under its name.
public interface TableLogs {
    /// How `headrace.delta.log` names it.
    String name();

    /// @param table the table's directory, which need not exist
    TableLog of(Path table);
}
