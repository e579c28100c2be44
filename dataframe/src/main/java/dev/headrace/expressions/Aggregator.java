package dev.headrace.expressions;

import dev.headrace.Encoder;
import dev.headrace.TypedColumn;
import org.jspecify.annotations.Nullable;

/// An aggregate function of the program: how a buffer begins, takes in values, is put together with another, and
/// becomes the result. `functions.udaf` makes a function for columns of it.
///
/// What it does must not depend on the order of the values, nor on how they are divided among buffers. A value of a
/// single column that is null comes as null. Methods are called by several threads, each with its own buffers.
///
/// @param <IN> what it takes in
/// @param <BUF> the buffer, which [#reduce] and [#merge] may change and give back; between the batches of a stream it
///     is kept as [#bufferEncoder] writes it
/// @param <OUT> the result
public abstract class Aggregator<IN, BUF, OUT> {
    protected Aggregator() {}

    /// A new buffer, of no values.
    public abstract BUF zero();

    /// The buffer with one more value.
    public abstract BUF reduce(BUF buffer, IN value);

    /// One buffer of two.
    public abstract BUF merge(BUF a, BUF b);

    /// The result; null is NULL.
    public abstract @Nullable OUT finish(BUF reduction);

    public abstract Encoder<BUF> bufferEncoder();

    public abstract Encoder<OUT> outputEncoder();

    /// This over whole objects, for [dev.headrace.Dataset#select] and [dev.headrace.KeyValueGroupedDataset#agg].
    public TypedColumn<IN, OUT> toColumn() {
        return TypedColumn.of(this);
    }
}
