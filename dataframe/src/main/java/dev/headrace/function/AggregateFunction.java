package dev.headrace.function;

import dev.headrace.types.ArrayType;
import dev.headrace.types.BinaryType;
import dev.headrace.types.DataType;
import dev.headrace.types.DoubleType;
import dev.headrace.types.FloatType;
import dev.headrace.types.MapType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import dev.headrace.types.VariantType;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/// An aggregate function for certain argument types.
///
/// Its work on many groups at once is done by a [GroupAccumulator], which keeps one accumulator per group. What an
/// accumulator holds can be written to columns and merged again, which is how partial results meet and how state is
/// kept between batches.
public interface AggregateFunction {
    /// The name, for plans and messages.
    String name();

    DataType resultType();

    /// Whether the result may be null. `count` is never null.
    default boolean nullable() {
        return true;
    }

    /// Whether the result depends on the order in which rows and partial results come.
    default boolean inOrder() {
        return false;
    }

    /// The columns that hold a partial result. Part of the state's schema: changing them changes the checkpoint format.
    List<StructField> partialFields();

    /// Whether partial results of blocks of rows, put together, give the same as the rows one by one, in whatever
    /// blocks, and are small. Numbers whose last digits would differ are not the same.
    default boolean inBlocks() {
        return partialFields().stream().allMatch(field -> isExact(field.dataType()));
    }

    /// Whether partial results of a type are numbers without rounding, or short.
    static boolean isExact(DataType partial) {
        return switch (partial) {
            case ArrayType _, MapType _, StructType _, BinaryType _, VariantType _, FloatType _, DoubleType _ -> false;
            default -> true;
        };
    }

    /// About how much of the heap the accumulators of so many groups have, if they don't say it themselves
    /// ([GroupAccumulator#heapBytes]): of functions whose groups have much, or the more, the more rows come. 0 for
    /// others, however many groups and bytes there are.
    ///
    /// @param valueBytes of all arguments and partial results that they have taken in
    default long heapBytes(long groups, long valueBytes) {
        return 0;
    }

    /// What values that are all kept, as objects, have of the heap.
    static long collectedBytes(long valueBytes) {
        return 3 * valueBytes;
    }

    /// A new accumulator of no groups.
    GroupAccumulator newAccumulator(BufferAllocator allocator);

    /// The accumulators of all groups, by slot: the groups' numbers 0, 1, 2 …, assigned by the hash table.
    ///
    /// Used by one thread. It owns its memory until [#close].
    interface GroupAccumulator extends AutoCloseable {
        /// Makes room for the slots below `slots`; new ones hold what no rows give.
        void resize(int slots);

        /// Takes in one row per position: row i goes to the group `slots[i]`.
        ///
        /// @param arguments the argument columns, borrowed; empty for `count(*)`
        void update(List<FieldVector> arguments, int[] slots, int rows);

        /// Merges partial results, one per position: row i into the group `slots[i]`.
        ///
        /// @param partials columns as [AggregateFunction#partialFields] says, borrowed
        void merge(List<FieldVector> partials, int[] slots, int rows);

        /// Lets each of the slots behind `from` and before `end` take in what the one before it has, one after the
        /// other: so that each has all from the first one on.
        ///
        /// @return false if that can't be done, and nothing was
        default boolean addUp(int from, int end) {
            return false;
        }

        /// Writes the partial results of the slots `[from, from + count)` into new vectors, which the caller owns.
        List<FieldVector> partials(int from, int count, BufferAllocator allocator);

        /// Writes the results of the slots `[from, from + count)` into a new vector, which the caller owns.
        FieldVector results(int from, int count, BufferAllocator allocator);

        /// About how much of the heap the values have that it keeps as objects, if it counts them.
        default long heapBytes() {
            return 0;
        }

        @Override
        void close();
    }

    /// The partial fields as a schema, names prefixed so that those of several functions don't clash.
    default StructType partialSchema(String prefix) {
        return new StructType(partialFields().stream()
                .map(field -> field.withName(prefix + "." + field.name()))
                .toList());
    }
}
