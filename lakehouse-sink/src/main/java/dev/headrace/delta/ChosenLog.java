package dev.headrace.delta;

import dev.headrace.delta.kernel.KernelTableLog;
import dev.headrace.delta.log.TableLog;
import dev.headrace.delta.log.TableLogs;
import dev.headrace.delta.store.TablePaths;
import dev.headrace.errors.QueryException;
import java.nio.file.Path;
import java.util.ServiceLoader;
import java.util.TreeSet;

/// The kind of log that the system property `headrace.delta.log` says, for all tables of the process: `kernel`, or one
/// that [ServiceLoader] finds.
final class ChosenLog {
    private static final String CHOICE = "headrace.delta.log";

    private ChosenLog() {}

    /// @param table the table's directory, which need not exist
    /// @throws QueryException `DELTA_UNKNOWN_LOG`
    static TableLog open(Path table) {
        return named(System.getProperty(CHOICE, "kernel"), table);
    }

    /// The log of a table, of a kind.
    ///
    /// @throws QueryException `DELTA_UNKNOWN_LOG`, `DELTA_LOG_LOCAL_ONLY`
    static TableLog named(String chosen, Path table) {
        if (chosen.equals("kernel")) {
            return new KernelTableLog(table);
        }
        if (!TablePaths.isLocal(table)) {
            throw new QueryException(
                    "DELTA_LOG_LOCAL_ONLY",
                    table + ": " + CHOICE + "=" + chosen
                            + " keeps the logs of tables on a local disk only. Leave the property out for tables in stores.");
        }
        TreeSet<String> known = new TreeSet<>();
        known.add("kernel");
        for (TableLogs logs : ServiceLoader.load(TableLogs.class)) {
            if (logs.name().equals(chosen)) {
                return logs.of(table);
            }
            known.add(logs.name());
        }
        throw new QueryException(
                "DELTA_UNKNOWN_LOG",
                CHOICE + "=" + chosen + ": no such log of Delta tables is on the class path, which has "
                        + String.join(", ", known)
                        + ". For 'standalone' add the artifact headrace-delta-standalone to the program; leave the property out for kernel.");
    }
}
