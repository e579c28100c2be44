package dev.headrace.streaming;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// What [StreamingQuery#verify] has found: the query's rows so far, against those of the same query run as one batch
/// over exactly the same input.
///
/// Texts of rows are as `show` prints them; of each list the first [#SHOWN] are kept.
///
/// @param queryId the query's
/// @param batches how many batches are committed, that is, what was checked
/// @param comparedWith where the stream's rows were read: the sink, or the batches of the log run again
/// @param expectedRows how many rows the batch run gives
/// @param actualRows how many rows the stream has given, after changes of the same row have been put together
/// @param openRows rows of the batch run that the stream holds back, rightly, until the watermark passes them
/// @param lateRows rows that the stream has dropped, being late, as far as the log tells; a batch run takes them in
/// @param missing rows of the batch run that the stream has not given
/// @param unexpected rows that the stream has given and the batch run has not
/// @param state what is wrong with the state on disk; empty if the batches in the log lead to just that state
public record VerifyReport(
        UUID queryId,
        long batches,
        String comparedWith,
        long expectedRows,
        long actualRows,
        long openRows,
        long lateRows,
        long missingRows,
        List<String> missing,
        long unexpectedRows,
        List<String> unexpected,
        List<String> state) {
    /// How many rows a list of differences has at most.
    public static final int SHOWN = 20;

    public VerifyReport {
        missing = List.copyOf(missing);
        unexpected = List.copyOf(unexpected);
        state = List.copyOf(state);
    }

    /// Whether the stream has given exactly what it should, and its state is what its log says.
    public boolean matches() {
        return missingRows == 0 && unexpectedRows == 0 && state.isEmpty();
    }

    /// This and the report on another result of the same query.
    public VerifyReport and(VerifyReport other) {
        List<String> allMissing = new ArrayList<>(missing);
        allMissing.addAll(other.missing);
        List<String> allUnexpected = new ArrayList<>(unexpected);
        allUnexpected.addAll(other.unexpected);
        return new VerifyReport(
                queryId,
                batches,
                comparedWith.equals(other.comparedWith) ? comparedWith : comparedWith + " and " + other.comparedWith,
                expectedRows + other.expectedRows,
                actualRows + other.actualRows,
                openRows + other.openRows,
                lateRows,
                missingRows + other.missingRows,
                allMissing,
                unexpectedRows + other.unexpectedRows,
                allUnexpected,
                state);
    }

    /// This with another number of late rows.
    public VerifyReport withLateRows(long late) {
        return new VerifyReport(
                queryId,
                batches,
                comparedWith,
                expectedRows,
                actualRows,
                openRows,
                late,
                missingRows,
                missing,
                unexpectedRows,
                unexpected,
                state);
    }

    /// The report for people.
    @Override
    public String toString() {
        List<String> lines = new ArrayList<>();
        lines.add("Query " + queryId + ", " + batches + " batches, compared with " + comparedWith + ": "
                + (matches() ? "equal" : "DIFFERENT"));
        lines.add("  one batch over the same input gives " + expectedRows + " rows, the stream gave " + actualRows
                + (openRows > 0 ? " and holds back " + openRows + " until the watermark passes them" : ""));
        if (lateRows > 0) {
            lines.add(
                    "  " + lateRows + " late rows were dropped by the stream; the batch run takes them in, so rows made"
                            + " of them are missing or different");
        }
        rows(lines, "missing in the stream's rows", missingRows, missing);
        rows(lines, "in the stream's rows only", unexpectedRows, unexpected);
        state.forEach(text -> lines.add("  state: " + text));
        return String.join("\n", lines);
    }

    private static void rows(List<String> lines, String what, long count, List<String> rows) {
        if (count > 0) {
            lines.add("  " + count + " rows " + what + (count > rows.size() ? ", such as" : ""));
            rows.forEach(row -> lines.add("    " + row));
        }
    }
}
