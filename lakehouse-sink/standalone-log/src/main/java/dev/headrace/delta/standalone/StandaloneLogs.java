package dev.headrace.delta.standalone;

import dev.headrace.delta.log.TableLog;
import dev.headrace.delta.log.TableLogs;
import java.nio.file.Path;

/// Found by [java.util.ServiceLoader], and chosen by `headrace.delta.log=standalone`.
public final class StandaloneLogs implements TableLogs {
    /// For [java.util.ServiceLoader].
    public StandaloneLogs() {}

    @Override
    public String name() {
        return "standalone";
    }

    @Override
    public TableLog of(Path table) {
        return new StandaloneTableLog(table);
    }
}
