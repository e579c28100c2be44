package dev.headrace.plan;

import dev.headrace.connector.LookupSource;
import dev.headrace.types.StructType;
import java.time.Duration;
import java.util.List;

/// What a lookup join asks, and how.
///
/// @param schema the columns of what the source gives
/// @param keys which of them are the key
/// @param values which of them come out, in this order
public record LookupCall(
        String name, LookupSource source, StructType schema, List<Integer> keys, List<Integer> values, Care care) {
    public LookupCall {
        keys = List.copyOf(keys);
        values = List.copyOf(values);
    }

    /// How much is asked at once, and what happens when there is no answer.
    ///
    /// @param cachedKeys how many keys are remembered
    /// @param timeToLive how old, by the clock of the batches, a remembered answer may be; zero: only of the same batch
    /// @param batchKeys how many keys are asked for at once
    /// @param concurrency how many calls may be under way
    /// @param retries how often a failed call is made again
    /// @param pause before it is
    /// @param failure what becomes of rows whose lookup has failed for good
    public record Care(
            int cachedKeys,
            Duration timeToLive,
            int batchKeys,
            int concurrency,
            Duration timeout,
            int retries,
            Duration pause,
            Failure failure) {}

    /// What becomes of rows whose lookup has failed for good.
    public enum Failure {
        /// The query fails.
        FAIL,
        /// They come out with nulls, whatever the join's type.
        NULLS
    }

    public StructType keySchema() {
        return select(keys);
    }

    /// The columns that come out, of which any may be null.
    public StructType valueSchema() {
        return new StructType(select(values).fieldList().stream()
                .map(field -> field.withNullable(true))
                .toList());
    }

    private StructType select(List<Integer> ordinals) {
        return schema.select(ordinals.stream().mapToInt(Integer::intValue).toArray());
    }
}
