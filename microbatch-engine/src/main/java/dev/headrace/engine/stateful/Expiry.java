package dev.headrace.engine.stateful;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Columns;
import dev.headrace.chunk.Memory;
import dev.headrace.exec.Operator;
import dev.headrace.types.StructType;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.StructVector;

/// When rows expire: the watermark, in microseconds, from which on what they belong to is final.
///
/// A window expires when the watermark reaches its end. An instant expires one microsecond after itself: as long as the
/// watermark equals it, rows of that very time may still come, so the result does not depend on how batches are cut.
///
/// @param column the ordinal of the column that tells the event time
/// @param extraMicros added to the time of each row
/// @param withoutTime when a row without event time expires
record Expiry(int column, EventTimeColumn.Form form, long extraMicros, long withoutTime) {
    private static final long AT_ONCE = OperatorState.NO_WATERMARK + 1;

    Expiry(int column, EventTimeColumn.Form form, long extraMicros) {
        this(column, form, extraMicros, Long.MAX_VALUE);
    }

    /// The same, but a row without event time expires as soon as there is a watermark.
    Expiry withoutTimeAtOnce() {
        return new Expiry(column, form, extraMicros, AT_ONCE);
    }

    /// The same, but so much later.
    Expiry later(long micros) {
        return new Expiry(column, form, extraMicros + micros, withoutTime);
    }

    /// When the rows `[0, rows)` expire; a row without event time never does, unless it is said when.
    long[] times(Chunk rows) {
        FieldVector vector = rows.column(column);
        FieldVector times = form == EventTimeColumn.Form.WINDOW
                ? ((StructVector) vector).getChildrenFromFields().get(1)
                : vector;
        long after = form == EventTimeColumn.Form.WINDOW ? extraMicros : extraMicros + 1;
        long[] out = new long[rows.rowCount()];
        for (int i = 0; i < out.length; i++) {
            boolean known = !vector.isNull(i) && !times.isNull(i);
            out[i] = known ? Memory.getLong(times.getDataBuffer().memoryAddress() + 8L * i) + after : withoutTime;
        }
        return out;
    }

    /// An operator that drops and counts the rows that are late.
    ///
    /// @param rows the columns of the user's rows, which are the first ones
    Operator lateRowFilter(OperatorState state, StructType rows) {
        return new LateRowFilter(this, state, rows);
    }

    private static final class LateRowFilter implements Operator {
        private final Expiry expiry;
        private final OperatorState state;
        private final StructType rows;

        LateRowFilter(Expiry expiry, OperatorState state, StructType rows) {
            this.expiry = expiry;
            this.state = state;
            this.rows = rows;
        }

        @Override
        public void process(Chunk input, Output out) {
            long watermark = state.times().lateMicros();
            long[] times = expiry.times(input);
            int[] inTime = new int[times.length];
            int count = 0;
            for (int i = 0; i < times.length; i++) {
                if (times[i] > watermark) {
                    inTime[count++] = i;
                }
            }
            if (count < times.length) {
                leaveOut(input, times, watermark, times.length - count);
            }
            if (count == times.length) {
                out.accept(input.slice(0, count));
            } else if (count > 0) {
                List<FieldVector> columns = input.columns();
                out.accept(Columns.gather(
                        input, inTime, 0, count, columns.getFirst().getAllocator()));
            }
        }

        private void leaveOut(Chunk input, long[] times, long watermark, int count) {
            int[] late = new int[count];
            int at = 0;
            for (int i = 0; i < times.length; i++) {
                if (times[i] <= watermark) {
                    late[at++] = i;
                }
            }
            state.late(input, rows, late, times, watermark);
        }
    }
}
