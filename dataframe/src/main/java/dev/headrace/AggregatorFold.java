package dev.headrace;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.cancellation.QueryCancelledException;
import dev.headrace.errors.DataException;
import dev.headrace.errors.HeadraceException;
import dev.headrace.expressions.Aggregator;
import dev.headrace.function.aggregate.Fold;
import dev.headrace.types.DataType;
import java.util.Arrays;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/// What an [Aggregator] does with the values of a group.
record AggregatorFold<I, B, O>(
        Aggregator<I, B, O> aggregator, ObjectCells<I> input, ObjectCells<B> buffer, ObjectCells<O> output)
        implements Fold<B> {
    static <I, B, O> AggregatorFold<I, B, O> of(
            Aggregator<I, B, O> aggregator, Encoder<I> input, JavaValues values, String name) {
        return new AggregatorFold<>(
                aggregator,
                new ObjectCells<>(input, values, "an argument of " + name),
                new ObjectCells<>(aggregator.bufferEncoder(), values, "the buffer of " + name),
                new ObjectCells<>(aggregator.outputEncoder(), values, "the result of " + name));
    }

    @Override
    public DataType resultType() {
        return output.type();
    }

    /// As far as is known.
    @Override
    public boolean inOrder() {
        return true;
    }

    /// In windows each row is taken in by `reduce`; `merge` is not called.
    @Override
    public boolean inBlocks() {
        return false;
    }

    @Override
    public DataType stateType() {
        return buffer.type();
    }

    @Override
    public B add(@Nullable B state, @Nullable Object[] arguments) {
        return run("reduce", () -> {
            I value = input.isSingle() ? input.ofCell(arguments[0]) : input.object(Arrays.asList(arguments));
            return aggregator.reduce(state == null ? aggregator.zero() : state, value);
        });
    }

    @Override
    public B merge(B a, B b) {
        return run("merge", () -> aggregator.merge(a, b));
    }

    @Override
    public Object toCell(B state) {
        return buffer.cell(state);
    }

    @Override
    public B fromCell(Object cell) {
        return buffer.ofCell(cell);
    }

    @Override
    public @Nullable Object result(@Nullable B state) {
        O result = finish(state);
        return result == null ? null : output.cell(result);
    }

    /// The result for a buffer, absent if there was no value.
    @Nullable O finish(@Nullable B state) {
        return this.<@Nullable O>run("finish", () -> aggregator.finish(state == null ? aggregator.zero() : state));
    }

    private <R extends @Nullable Object> R run(String method, Callable<R> call) {
        try {
            return Cancellation.call(call);
        } catch (HeadraceException | QueryCancelledException known) {
            throw known;
        } catch (Exception failed) {
            throw new DataException(
                    "FAILED_EXECUTE_UDF",
                    "The aggregator " + aggregator.getClass().getSimpleName() + " failed in " + method + "(…): "
                            + failed + ". A value that is null comes as null.",
                    failed);
        }
    }
}
