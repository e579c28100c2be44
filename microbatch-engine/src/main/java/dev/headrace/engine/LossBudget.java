package dev.headrace.engine;

import dev.headrace.connector.Gap;
import dev.headrace.engine.log.BatchId;
import dev.headrace.engine.log.Loss;
import dev.headrace.errors.DataException;
import dev.headrace.errors.QueryException;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// How many rows a query may lose in all, from its first batch on: rows that it leaves out, and offsets that its
/// sources no longer have, each of which counts as a row. How many rows a lost version of a table had is not known, so
/// no budget allows one.
///
/// The setting `headrace.stream.maxLostRows`; without it all is allowed that the sources' options and the query itself
/// declare.
final class LossBudget {
    static final String MOST = "headrace.stream.maxLostRows";

    private final OptionalLong most;
    private long lost;

    private LossBudget(OptionalLong most, long lost) {
        this.most = most;
        this.lost = lost;
    }

    /// @param before what committed batches have lost; asked only if there is a limit
    static LossBudget of(Map<String, String> conf, Supplier<List<Loss>> before) {
        OptionalLong most = most(conf);
        return new LossBudget(most, most.isEmpty() ? 0 : rows(before.get()));
    }

    /// @throws QueryException `INVALID_CONF`
    static void check(Map<String, String> conf) {
        most(conf);
    }

    private static OptionalLong most(Map<String, String> conf) {
        String text = conf.get(MOST);
        if (text == null) {
            return OptionalLong.empty();
        }
        try {
            long rows = Long.parseLong(text.strip());
            if (rows >= 0) {
                return OptionalLong.of(rows);
            }
        } catch (NumberFormatException notANumber) {
            throw invalid(text, notANumber);
        }
        throw invalid(text, null);
    }

    private static QueryException invalid(String text, @Nullable Throwable cause) {
        String message = "'" + MOST + "' is '" + text + "'; expected a number of rows, 0 or more.";
        return cause == null
                ? new QueryException("INVALID_CONF", message)
                : new QueryException("INVALID_CONF", message, cause);
    }

    /// @throws DataException `TOO_MANY_LOST_ROWS` if a batch has lost more than is left
    void check(BatchId batch, List<Loss> losses) {
        long now = rows(losses);
        if (most.isPresent() && now > 0 && sum(lost, now) > most.getAsLong()) {
            throw new DataException(
                    "TOO_MANY_LOST_ROWS",
                    "Batch " + batch + " lacks "
                            + text(now) + (now == Long.MAX_VALUE ? " of" : "")
                            + " rows of what it should have read, after " + text(lost)
                            + " in earlier batches, and '" + MOST
                            + "' allows " + most.getAsLong() + " in all. " + first(losses)
                            + " The batch is not committed: it runs again when the query is started again. To go on"
                            + " without these rows set more, or unset it.");
        }
    }

    private static String text(long rows) {
        return rows == Long.MAX_VALUE ? "an unknown number" : Long.toString(rows);
    }

    void committed(List<Loss> losses) {
        lost = sum(lost, rows(losses));
    }

    private static String first(List<Loss> losses) {
        Loss first = losses.getFirst();
        return switch (first.cause()) {
            case Loss.Cause.LoadShedding _ ->
                "The first are left out of " + first.description() + " by withLoadShedding.";
            case Loss.Cause.GoneAtSource(Gap gap) -> "The first that are gone: " + gap + ".";
        };
    }

    private static long rows(List<Loss> losses) {
        long rows = 0;
        for (Loss loss : losses) {
            rows = sum(rows, rows(loss.cause()));
        }
        return rows;
    }

    private static long rows(Loss.Cause cause) {
        return switch (cause) {
            case Loss.Cause.LoadShedding shed -> shed.lostRows();
            case Loss.Cause.GoneAtSource(Gap gap) -> gap.unit() == Gap.Unit.OFFSETS ? gap.count() : Long.MAX_VALUE;
        };
    }

    private static long sum(long one, long other) {
        return one > Long.MAX_VALUE - other ? Long.MAX_VALUE : one + other;
    }
}
