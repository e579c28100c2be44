package dev.headrace.demo;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads the tables that a query prints on the console, line by line, and remembers the last whole one. Used by one
/// thread.
///
/// ```text
/// -------------------------------------------
/// Batch: 7
/// -------------------------------------------
/// +-------+-----+
/// | status|count|
/// +-------+-----+
/// |created|   12|
/// +-------+-----+
/// ```
final class ConsoleTable {
    private final Map<String, Long> rows = new LinkedHashMap<>();
    private long batchId;
    private int rules;

    /// Takes the next line.
    ///
    /// @return the counts by the first column, when this line ends a table of two columns whose second one is a number
    Optional<Counts> accept(String line) {
        String text = line.strip();
        if (text.startsWith("Batch: ")) {
            batchId = Long.parseLong(text.substring("Batch: ".length()).strip());
            rules = 0;
            rows.clear();
        } else if (text.startsWith("+-")) {
            rules++;
            if (rules == 3) {
                return Optional.of(new Counts(batchId, new LinkedHashMap<>(rows)));
            }
        } else if (text.startsWith("|") && rules == 2) {
            List<String> cells = Arrays.stream(text.substring(1).split("\\|"))
                    .map(String::strip)
                    .toList();
            rows.put(cells.getFirst(), Long.parseLong(cells.getLast()));
        }
        return Optional.empty();
    }

    /// A whole table.
    ///
    /// @param batchId the batch that printed it
    /// @param byStatus its rows, in the order in which they were printed
    record Counts(long batchId, Map<String, Long> byStatus) {}
}
