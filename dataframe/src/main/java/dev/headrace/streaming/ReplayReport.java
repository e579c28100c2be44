package dev.headrace.streaming;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// What [StreamingQuery#replay] has found: a past batch, run again from the state that it began with, over its own
/// input, with its own clock and watermark. Nothing was written.
///
/// Texts of rows are as `show` prints them.
///
/// @param queryId the query's
/// @param batchId which batch it was
/// @param watermarkMillis the batch's watermark, in milliseconds since the epoch; 0 when none
/// @param timestampMillis the batch's clock, in milliseconds since the epoch
/// @param rows how many rows the batch gives
/// @param output the first [#SHOWN] of them
/// @param state how the state after it differs from the state that the batch left; empty if not at all
/// @param changes what a changed query gives more and less; absent rows begin with `-`, new ones with `+`
/// @param changedRows how many rows are different; 0 if no changed query was given
public record ReplayReport(
        UUID queryId,
        long batchId,
        long watermarkMillis,
        long timestampMillis,
        long rows,
        List<String> output,
        List<String> state,
        long changedRows,
        List<String> changes) {
    /// How many rows a list has at most.
    public static final int SHOWN = 1000;

    public ReplayReport {
        output = List.copyOf(output);
        state = List.copyOf(state);
        changes = List.copyOf(changes);
    }

    /// Whether the batch did again what it has done: the same state after it, and, if a changed query was given, the
    /// same rows.
    public boolean matches() {
        return state.isEmpty() && changedRows == 0;
    }

    /// The report for people.
    @Override
    public String toString() {
        List<String> lines = new ArrayList<>();
        lines.add("Query " + queryId + ", batch " + batchId + " run again: " + rows + " rows, "
                + (matches() ? "equal" : "DIFFERENT"));
        state.forEach(text -> lines.add("  state: " + text));
        if (changedRows > 0) {
            lines.add("  the changed query gives " + changedRows + " rows more or less");
            changes.forEach(row -> lines.add("    " + row));
        }
        return String.join("\n", lines);
    }
}
