package dev.headrace;

import dev.headrace.connector.LookupSource;
import dev.headrace.connector.LookupTable;
import dev.headrace.errors.QueryException;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.LookupCall;
import dev.headrace.types.StructType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Something outside that [DataFrame#joinLookup] asks for the rows of keys: a function of the program, or a table of a
/// database.
///
/// Only keys that occur are asked for, many in one call, several calls at a time. By default: 256 keys in a call, 4
/// calls at once, each within 10 seconds, tried twice more, 200 ms apart; answers are remembered within a batch, of
/// 100,000 keys. Immutable: each method gives a new one.
public final class Lookup {
    private static final LookupCall.Care DEFAULT = new LookupCall.Care(
            100_000, Duration.ZERO, 256, 4, Duration.ofSeconds(10), 2, Duration.ofMillis(200), LookupCall.Failure.FAIL);

    private final LookupCall call;

    private Lookup(LookupCall call) {
        this.call = call;
    }

    /// Finds the rows of keys. Called by several threads at once; interrupted when it takes too long.
    @FunctionalInterface
    public interface Function {
        /// @param keys distinct, without nulls; the key's columns
        /// @return the rows of these keys, in any order; a key may have none or several
        List<Row> rows(List<Row> keys) throws Exception;
    }

    /// What becomes of rows whose lookup has failed for good. If it has given a wrong answer, such as a value of
    /// another type than its column's (`INVALID_ROW_VALUE`), the query fails with that in any case.
    public enum Failure {
        /// The query fails with `LOOKUP_FAILED`, a stream, too.
        FAIL,
        /// They come out with nulls, in inner joins too.
        NULLS
    }

    /// Asks a function of the program.
    ///
    /// @param name for messages and plans
    /// @param schema of the rows that it gives, the key among them
    /// @param keys the key's columns
    /// @throws QueryException `UNRESOLVED_COLUMN`
    public static Lookup of(String name, StructType schema, String[] keys, Function function) {
        int[] ordinals = ordinals(name, schema, keys);
        StructType keySchema = schema.select(ordinals);
        JavaValues values = new JavaValues(true);
        LookupSource source = asked -> {
            List<Row> rows = function.rows(
                    asked.stream().map(key -> values.toRow(key, keySchema)).toList());
            List<List<@Nullable Object>> cells = new ArrayList<>();
            for (Row row : rows) {
                cells.add(JavaValues.toCells(row, schema, "lookup '" + name + "': row " + cells.size()));
            }
            return cells;
        };
        return new Lookup(new LookupCall(name, source, schema, list(ordinals), others(schema, ordinals), DEFAULT));
    }

    /// Asks a table that can be asked by key: one of a database (`format("jdbc")`).
    ///
    /// @throws QueryException `UNSUPPORTED_LOOKUP` for other DataFrames; `UNRESOLVED_COLUMN`
    public static Lookup of(DataFrame table, String... keys) {
        if (!(table.resolved().plan() instanceof LogicalPlan.Scan scan)
                || !(scan.table() instanceof LookupTable lookup)) {
            throw new QueryException(
                    "UNSUPPORTED_LOOKUP",
                    "Lookup.of takes a table that can be asked for single keys, as read().format(\"jdbc\") gives it, as it is: "
                            + "no filters, no selected columns. Join with other DataFrames, which are read as a whole.");
        }
        StructType schema = table.schema();
        int[] ordinals = ordinals(lookup.description(), schema, keys);
        return new Lookup(new LookupCall(
                lookup.description(),
                lookup.lookup(ordinals),
                schema,
                list(ordinals),
                others(schema, ordinals),
                DEFAULT));
    }

    private static int[] ordinals(String name, StructType schema, String[] keys) {
        if (keys.length == 0) {
            throw new QueryException("LOOKUP_KEY", "The lookup '" + name + "' has no key: give at least one column.");
        }
        int[] ordinals = new int[keys.length];
        for (int i = 0; i < keys.length; i++) {
            String key = keys[i];
            ordinals[i] = IntStream.range(0, schema.size())
                    .filter(c -> schema.field(c).name().equalsIgnoreCase(key))
                    .findFirst()
                    .orElseThrow(() -> new QueryException(
                            "UNRESOLVED_COLUMN",
                            "'" + key + "' is not a column of the lookup '" + name + "', which has "
                                    + String.join(", ", schema.names()) + "."));
        }
        return ordinals;
    }

    private static List<Integer> list(int[] ordinals) {
        return IntStream.of(ordinals).boxed().toList();
    }

    private static List<Integer> others(StructType schema, int[] keys) {
        return IntStream.range(0, schema.size())
                .filter(c -> IntStream.of(keys).noneMatch(key -> key == c))
                .boxed()
                .toList();
    }

    /// Remembers the answers of so many keys for so long, by the clock of the batches; also that there are no rows. A
    /// batch sees one answer per key, as long as it has no more keys than that.
    public Lookup cache(int keys, Duration timeToLive) {
        LookupCall.Care c = call.care();
        return with(new LookupCall.Care(
                atLeastOne("cache", keys),
                timeToLive,
                c.batchKeys(),
                c.concurrency(),
                c.timeout(),
                c.retries(),
                c.pause(),
                c.failure()));
    }

    /// Asks for at most so many keys in a call, and makes so many calls at a time.
    public Lookup calls(int keys, int concurrency) {
        LookupCall.Care c = call.care();
        return with(new LookupCall.Care(
                c.cachedKeys(),
                c.timeToLive(),
                atLeastOne("calls", keys),
                atLeastOne("calls", concurrency),
                c.timeout(),
                c.retries(),
                c.pause(),
                c.failure()));
    }

    /// Gives a call up after this time, which counts as a failure.
    public Lookup timeout(Duration timeout) {
        LookupCall.Care c = call.care();
        return with(new LookupCall.Care(
                c.cachedKeys(),
                c.timeToLive(),
                c.batchKeys(),
                c.concurrency(),
                timeout,
                c.retries(),
                c.pause(),
                c.failure()));
    }

    /// Makes a failed call again, so many times, so long after it has failed.
    public Lookup retries(int times, Duration pause) {
        LookupCall.Care c = call.care();
        return with(new LookupCall.Care(
                c.cachedKeys(),
                c.timeToLive(),
                c.batchKeys(),
                c.concurrency(),
                c.timeout(),
                Math.max(0, times),
                pause,
                c.failure()));
    }

    /// What becomes of rows whose lookup has failed for good.
    public Lookup onFailure(Failure failure) {
        LookupCall.Care c = call.care();
        return with(new LookupCall.Care(
                c.cachedKeys(),
                c.timeToLive(),
                c.batchKeys(),
                c.concurrency(),
                c.timeout(),
                c.retries(),
                c.pause(),
                switch (failure) {
                    case FAIL -> LookupCall.Failure.FAIL;
                    case NULLS -> LookupCall.Failure.NULLS;
                }));
    }

    private static int atLeastOne(String method, int number) {
        if (number < 1) {
            throw new QueryException(
                    "INVALID_LOOKUP",
                    method + "(…) of a lookup takes numbers from 1 on, and was given '" + number + "'.");
        }
        return number;
    }

    private Lookup with(LookupCall.Care care) {
        return new Lookup(new LookupCall(call.name(), call.source(), call.schema(), call.keys(), call.values(), care));
    }

    LookupCall call() {
        return call;
    }
}
