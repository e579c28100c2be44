package dev.headrace.parquet;

import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;

/// Decodes the values of one column, page after page, into the buffers of a vector.
///
/// A file stores values densely, without nulls; a vector has a slot for each null too. Per chunk:
/// `begin append* finish`; per page one `startPage` before values of it are appended or skipped.
abstract sealed class LeafValues implements AutoCloseable permits BitValues, BytesValues, FixedValues, LeafValues.None {
    /// Takes buffers for about `slots` slots.
    ///
    /// @param maxBytes how many bytes the values may have together, if they are of any length
    abstract void begin(int slots, int maxBytes);

    abstract void startPage(ColumnPages page);

    /// Fills the slots `[at, at + slots)`, which follow those filled before.
    ///
    /// @param present how many of them have a value
    /// @param validity a bitmap over all slots that says which; not looked at if all of them do
    /// @throws ChunkFullException if there are more bytes than [#begin] allows; says how many slots fit
    abstract void append(int at, int slots, int present, long validity);

    abstract void skip(int values);

    /// Hands the buffers over to the vector.
    abstract void finish(FieldVector into, ArrowFieldNode node, ArrowBuf validity);

    @Override
    public abstract void close();

    /// Decodes nothing: for a column of which only the levels matter.
    static final class None extends LeafValues {
        @Override
        void begin(int slots, int maxBytes) {}

        @Override
        void startPage(ColumnPages page) {}

        @Override
        void append(int at, int slots, int present, long validity) {}

        @Override
        void skip(int values) {}

        @Override
        void finish(FieldVector into, ArrowFieldNode node, ArrowBuf validity) {
            throw new IllegalStateException("no values were read");
        }

        @Override
        public void close() {}
    }
}
