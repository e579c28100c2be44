package dev.headrace.chunk;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.errors.ResourceException;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.util.VectorAppender;

/// Copies of columns: rows picked by index, chunks put behind each other.
public final class Columns {
    /// In an index list: a row of nulls.
    public static final int NULL_ROW = -1;

    /// So many rows are copied together sooner than one by one.
    private static final int LONG_RUN = 8;

    private Columns() {}

    /// The rows of a chunk at the indexes `rows[from, from + count)`, in that order; [#NULL_ROW] gives nulls. The
    /// caller closes the result.
    public static Chunk gather(Chunk source, int[] rows, int from, int count, BufferAllocator allocator) {
        return new Chunk(
                source.schema(),
                make(source.columnCount(), i -> gather(source.column(i), rows, from, count, allocator)),
                count);
    }

    /// The values of a vector at those indexes, in a new vector that the caller closes.
    public static FieldVector gather(FieldVector source, int[] rows, int from, int count, BufferAllocator allocator) {
        FieldVector target = source.getField().createVector(allocator);
        try {
            return gatherInto(target, source, rows, from, count, allocator);
        } catch (Throwable failed) {
            target.close();
            throw failed;
        }
    }

    /// The values `[from, from + count)` of a vector, which share its memory where Arrow can, as long as that counts
    /// towards this allocator. The caller closes it.
    ///
    /// The new vector is made of the field, since Arrow can't make one for structs with fields of type void otherwise
    /// (arrow-java 830).
    public static FieldVector share(FieldVector source, int from, int count, BufferAllocator allocator) {
        FieldVector target = source.getField().createVector(allocator);
        try {
            source.makeTransferPair(target).splitAndTransfer(from, count);
            if (!Objects.equals(source.getAllocator(), allocator)) {
                takeOver(target, allocator);
            }
            return target;
        } catch (Throwable failed) {
            target.close();
            throw failed;
        }
    }

    /// Lets all memory of a vector count towards this allocator: what is shared of bits, and of which structs, lists
    /// and maps are null, Arrow leaves with the allocator of the vector that it was of, which may be closed before.
    private static void takeOver(FieldVector vector, BufferAllocator allocator) {
        List<ArrowBuf> buffers = vector.getFieldBuffers();
        boolean counted = buffers.stream()
                .allMatch(buffer -> buffer.capacity() == 0
                        || buffer.getReferenceManager().getAllocator().equals(allocator));
        if (!counted) {
            buffers.forEach(buffer -> buffer.getReferenceManager().retain());
            try {
                vector.loadFieldBuffers(new ArrowFieldNode(vector.getValueCount(), vector.getNullCount()), buffers);
            } finally {
                Closing.all(buffers);
            }
        }
        vector.getChildrenFromFields().forEach(child -> takeOver(child, allocator));
    }

    /// Makes so many columns, one after the other; if one can't be made, those before it are closed.
    public static List<FieldVector> make(int count, IntFunction<? extends FieldVector> column) {
        List<FieldVector> columns = new ArrayList<>(count);
        try {
            for (int i = 0; i < count; i++) {
                columns.add(column.apply(i));
            }
            return columns;
        } catch (Throwable failed) {
            Closing.all(columns);
            throw failed;
        }
    }

    /// The first of some numbers as a column, none null.
    public static BigIntVector longs(String name, long[] values, int count, BufferAllocator allocator) {
        BigIntVector vector = new BigIntVector(name, allocator);
        vector.allocateNew(count);
        for (int i = 0; i < count; i++) {
            vector.set(i, values[i]);
        }
        vector.setValueCount(count);
        return vector;
    }

    public static BigIntVector longs(String name, long[] values, BufferAllocator allocator) {
        return longs(name, values, values.length, allocator);
    }

    private static FieldVector gatherInto(
            FieldVector target, FieldVector source, int[] rows, int from, int count, BufferAllocator allocator) {
        switch (source) {
            case NullVector _ -> {}
            case BitVector bits -> gatherCells(bits, target, rows, from, count);
            case BaseFixedWidthVector fixed -> gatherFixed(fixed, (BaseFixedWidthVector) target, rows, from, count);
            case BaseVariableWidthVector bytes ->
                gatherBytes(bytes, (BaseVariableWidthVector) target, rows, from, count);
            case StructVector struct -> {
                return gatherStruct(struct, (StructVector) target, rows, from, count, allocator);
            }
            case ListVector list -> {
                return gatherLists(list, (ListVector) target, rows, from, count, allocator);
            }
            default -> gatherCells(source, target, rows, from, count);
        }
        target.setValueCount(count);
        return target;
    }

    private static void gatherCells(FieldVector source, FieldVector target, int[] rows, int from, int count) {
        for (int i = 0; i < count; i++) {
            int row = rows[from + i];
            Cell.write(target, i, row == NULL_ROW ? null : Cell.read(source, row));
        }
    }

    /// Makes room for rows, whose values and bits of validity are whatever was in the memory: the caller writes all of
    /// them. Arrow would zero all of it first, which is one pass more.
    ///
    /// @param target not of bits
    static void allocate(BaseFixedWidthVector target, int rows) {
        int slots = Math.max(rows, 1);
        BufferAllocator allocator = target.getAllocator();
        try (ArrowBuf data = allocator.buffer((long) slots * target.getTypeWidth());
                ArrowBuf validity = allocator.buffer(slots + 7 >> 3)) {
            target.loadFieldBuffers(new ArrowFieldNode(slots, 0), List.of(validity, data));
        }
    }

    private static void gatherFixed(
            BaseFixedWidthVector source, BaseFixedWidthVector target, int[] rows, int from, int count) {
        allocate(target, count);
        long validity = target.getValidityBuffer().memoryAddress();
        Memory.fill(validity, target.getValidityBuffer().capacity(), (byte) 0);
        long out = target.getDataBuffer().memoryAddress();
        long in = source.getDataBuffer().memoryAddress();
        long inValidity = source.getValidityBuffer().memoryAddress();
        boolean noNulls = hasNoNulls(source, count);
        int width = source.getTypeWidth();
        if (noNulls && isEveryRowThere(rows, from, count)) {
            boolean inRuns = isInLongRuns(rows, from, count);
            if (inRuns || width == 4 || width == 8 || width == 16) {
                Memory.fill(validity, (count + 7) / 8, (byte) 0xff);
                if (inRuns) {
                    copyRuns(in, out, width, rows, from, count);
                } else {
                    gatherPresent(in, out, width, rows, from, count);
                }
                return;
            }
        }
        // What stands for a null.
        Memory.fill(out, (long) width * count, (byte) 0);
        for (int i = 0; i < count; i++) {
            int row = rows[from + i];
            if (row == NULL_ROW || !(noNulls || Memory.bit(inValidity, row))) {
                continue;
            }
            Memory.setBit(validity, i);
            switch (width) {
                case 8 -> Memory.putLong(out + 8L * i, Memory.getLong(in + 8L * row));
                case 4 -> Memory.putInt(out + 4L * i, Memory.getInt(in + 4L * row));
                case 2 -> Memory.putShort(out + 2L * i, Memory.getShort(in + 2L * row));
                case 1 -> Memory.putByte(out + i, Memory.getByte(in + row));
                default -> Memory.copy(null, in + (long) width * row, null, out + (long) width * i, width);
            }
        }
    }

    /// Whether it is known that no value is null. Where few rows of many are gathered, counting would cost more than
    /// they do.
    private static boolean hasNoNulls(FieldVector source, int count) {
        return source.getValueCount() / 64 <= count && source.getNullCount() == 0;
    }

    private static boolean isEveryRowThere(int[] rows, int from, int count) {
        int all = 0;
        for (int i = from; i < from + count; i++) {
            all |= rows[i];
        }
        return all >= 0;
    }

    /// Whether most rows follow the one before, as those do that pass a condition which leaves out few: they are copied
    /// together.
    private static boolean isInLongRuns(int[] rows, int from, int count) {
        int runs = 1;
        for (int i = from + 1; i < from + count; i++) {
            runs += rows[i] == rows[i - 1] + 1 ? 0 : 1;
        }
        return (long) runs * LONG_RUN <= count;
    }

    /// Behind the rows from a place on that follow each other.
    private static int runEnd(int[] rows, int at, int end) {
        int next = at + 1;
        while (next < end && rows[next] == rows[next - 1] + 1) {
            next++;
        }
        return next;
    }

    private static void copyRuns(long in, long out, int width, int[] rows, int from, int count) {
        for (int i = from, next; i < from + count; i = next) {
            next = runEnd(rows, i, from + count);
            Memory.copy(
                    null,
                    in + (long) width * rows[i],
                    null,
                    out + (long) width * (i - from),
                    (long) width * (next - i));
        }
    }

    private static void gatherPresent(long in, long out, int width, int[] rows, int from, int count) {
        switch (width) {
            case 4 -> {
                for (int i = 0; i < count; i++) {
                    Memory.putInt(out + 4L * i, Memory.getInt(in + 4L * rows[from + i]));
                }
            }
            case 8 -> {
                for (int i = 0; i < count; i++) {
                    Memory.putLong(out + 8L * i, Memory.getLong(in + 8L * rows[from + i]));
                }
            }
            default -> {
                for (int i = 0; i < count; i++) {
                    long source = in + 16L * rows[from + i];
                    Memory.putLong(out + 16L * i, Memory.getLong(source));
                    Memory.putLong(out + 16L * i + 8, Memory.getLong(source + 8));
                }
            }
        }
    }

    private static void gatherBytes(
            BaseVariableWidthVector source, BaseVariableWidthVector target, int[] rows, int from, int count) {
        boolean noNulls = hasNoNulls(source, count);
        long starts = source.getOffsetBuffer().memoryAddress();
        long present = source.getValidityBuffer().memoryAddress();
        boolean inRuns = noNulls && isEveryRowThere(rows, from, count) && isInLongRuns(rows, from, count);
        long bytes = 0;
        for (int i = from, next; i < from + count; i = next) {
            next = inRuns ? runEnd(rows, i, from + count) : i + 1;
            int row = rows[i];
            if (row != NULL_ROW && (noNulls || Memory.bit(present, row))) {
                bytes += Memory.getInt(starts + 4L * (row + next - i)) - Memory.getInt(starts + 4L * row);
            }
        }
        if (bytes > Integer.MAX_VALUE) {
            throw ResourceException.chunkTooLarge(source.getName());
        }
        target.allocateNew(Math.max(bytes, 1), Math.max(count, 1));
        if (inRuns) {
            copyRunsOfBytes(source, target, rows, from, count);
        } else {
            copyEachOfBytes(source, target, noNulls, rows, from, count);
        }
        target.setLastSet(count - 1);
    }

    private static void copyRunsOfBytes(
            BaseVariableWidthVector source, BaseVariableWidthVector target, int[] rows, int from, int count) {
        Memory.fill(target.getValidityBuffer().memoryAddress(), (count + 7) / 8, (byte) 0xff);
        long starts = source.getOffsetBuffer().memoryAddress();
        long in = source.getDataBuffer().memoryAddress();
        long offsets = target.getOffsetBuffer().memoryAddress();
        long out = target.getDataBuffer().memoryAddress();
        int cursor = 0;
        Memory.putInt(offsets, 0);
        for (int i = 0, next; i < count; i = next) {
            next = runEnd(rows, from + i, from + count) - from;
            long start = starts + 4L * rows[from + i];
            int first = Memory.getInt(start);
            int length = Memory.getInt(start + 4L * (next - i)) - first;
            Memory.copy(null, in + first, null, out + cursor, length);
            for (int k = 1; k <= next - i; k++) {
                Memory.putInt(offsets + 4L * (i + k), Memory.getInt(start + 4L * k) - first + cursor);
            }
            cursor += length;
        }
    }

    private static void copyEachOfBytes(
            BaseVariableWidthVector source,
            BaseVariableWidthVector target,
            boolean noNulls,
            int[] rows,
            int from,
            int count) {
        long starts = source.getOffsetBuffer().memoryAddress();
        long present = source.getValidityBuffer().memoryAddress();
        long in = source.getDataBuffer().memoryAddress();
        long validity = target.getValidityBuffer().memoryAddress();
        Memory.fill(validity, target.getValidityBuffer().capacity(), (byte) 0);
        long offsets = target.getOffsetBuffer().memoryAddress();
        long out = target.getDataBuffer().memoryAddress();
        int cursor = 0;
        Memory.putInt(offsets, 0);
        for (int i = 0; i < count; i++) {
            int row = rows[from + i];
            if (row != NULL_ROW && (noNulls || Memory.bit(present, row))) {
                int start = Memory.getInt(starts + 4L * row);
                int length = Memory.getInt(starts + 4L * row + 4) - start;
                Memory.copyApart(in + start, out + cursor, length);
                cursor += length;
                Memory.setBit(validity, i);
            }
            Memory.putInt(offsets + 4L * (i + 1), cursor);
        }
    }

    private static FieldVector gatherStruct(
            StructVector source, StructVector target, int[] rows, int from, int count, BufferAllocator allocator) {
        target.setInitialCapacity(Math.max(count, 1));
        target.allocateNew();
        for (int i = 0; i < count; i++) {
            int row = rows[from + i];
            if (row == NULL_ROW || source.isNull(row)) {
                target.setNull(i);
            } else {
                target.setIndexDefined(i);
            }
        }
        List<FieldVector> sources = source.getChildrenFromFields();
        List<FieldVector> targets = target.getChildrenFromFields();
        for (int c = 0; c < sources.size(); c++) {
            FieldVector child = gather(sources.get(c), rows, from, count, allocator);
            child.makeTransferPair(targets.get(c)).transfer();
            child.close();
        }
        target.setValueCount(count);
        return target;
    }

    private static FieldVector gatherLists(
            ListVector source, ListVector target, int[] rows, int from, int count, BufferAllocator allocator) {
        long elements = 0;
        for (int i = 0; i < count; i++) {
            int row = rows[from + i];
            if (row != NULL_ROW && !source.isNull(row)) {
                elements += source.getElementEndIndex(row) - source.getElementStartIndex(row);
            }
        }
        if (elements > Integer.MAX_VALUE) {
            throw ResourceException.tooManyElements(source.getName());
        }
        target.setInitialCapacity(Math.max(count, 1));
        target.allocateNew();
        int[] picked = new int[(int) elements];
        int filled = 0;
        for (int i = 0; i < count; i++) {
            int row = rows[from + i];
            if (row == NULL_ROW || source.isNull(row)) {
                target.setNull(i);
                continue;
            }
            int start = source.getElementStartIndex(row);
            int length = source.getElementEndIndex(row) - start;
            target.startNewValue(i);
            for (int element = 0; element < length; element++) {
                picked[filled++] = start + element;
            }
            target.endValue(i, length);
        }
        FieldVector values = gather(source.getDataVector(), picked, 0, filled, allocator);
        values.makeTransferPair(target.getDataVector()).transfer();
        values.close();
        target.setValueCount(count);
        return target;
    }

    /// All rows of the chunks, one after the other. Takes the chunks over and closes them, column by column, so that
    /// never more than one column is there twice; the caller closes the result.
    public static Chunk concat(StructType schema, List<Chunk> chunks, BufferAllocator allocator) {
        if (chunks.size() == 1) {
            return chunks.getFirst();
        }
        try {
            Chunk all = Chunk.empty(schema, allocator);
            try {
                int rows = fill(all, chunks);
                return new Chunk(schema, all.columns(), rows);
            } catch (Throwable failed) {
                all.close();
                throw failed;
            }
        } finally {
            Closing.all(chunks);
        }
    }

    /// @return how many rows there are
    private static int fill(Chunk all, List<Chunk> chunks) {
        int rows = chunks.stream().mapToInt(Chunk::rowCount).sum();
        List<Chunk> filled =
                chunks.stream().filter(chunk -> chunk.rowCount() > 0).toList();
        for (int c = 0; c < all.columnCount(); c++) {
            Cancellation.checkThread();
            FieldVector target = all.column(c);
            int column = c;
            if (Concatenation.isPossible(target)) {
                Concatenation.append(target, filled, c, rows);
            } else {
                List<FieldVector> sources =
                        filled.stream().map(chunk -> chunk.column(column)).toList();
                checkSizes(target, sources);
                append(target, sources, rows);
            }
            filled.forEach(chunk -> chunk.column(column).close());
        }
        for (FieldVector column : all.columns()) {
            column.setValueCount(rows);
        }
        return rows;
    }

    /// Whether one vector can have all values of some, which are nested: the appender adds up ints, and writes beyond
    /// the memory.
    private static void checkSizes(FieldVector target, List<FieldVector> sources) {
        if (target instanceof ListVector && sumOfEnds(sources) > Integer.MAX_VALUE) {
            throw ResourceException.tooManyElements(target.getName());
        }
        if (target instanceof BaseVariableWidthVector && sumOfEnds(sources) > Integer.MAX_VALUE) {
            throw ResourceException.chunkTooLarge(target.getName());
        }
        List<FieldVector> parts = target.getChildrenFromFields();
        for (int p = 0; p < parts.size(); p++) {
            int part = p;
            checkSizes(
                    parts.get(p),
                    sources.stream()
                            .map(source -> source.getChildrenFromFields().get(part))
                            .toList());
        }
    }

    /// Of values with offsets, where the last one of each ends.
    private static long sumOfEnds(List<FieldVector> sources) {
        return sources.stream()
                .filter(source -> source.getValueCount() > 0)
                .mapToLong(source -> source.getOffsetBuffer().getInt((long) Integer.BYTES * source.getValueCount()))
                .sum();
    }

    /// @param rows of all sources together
    private static void append(FieldVector target, List<FieldVector> sources, int rows) {
        // The appender reads the first offset of a list, which an empty vector has no memory for.
        target.setInitialCapacity(rows);
        target.allocateNew();
        if (target instanceof StructVector struct) {
            appendStructs(struct, sources, rows);
            return;
        }
        if (target instanceof ListVector lists && sources.stream().anyMatch(source -> !areAlike(lists, source))) {
            appendLists(lists, sources);
            return;
        }
        VectorAppender appender = new VectorAppender(target);
        for (FieldVector source : sources) {
            Cancellation.checkThread();
            source.accept(appender, null);
        }
    }

    /// Field by field, since the appender wants the fields to agree on whether they may be null.
    private static void appendStructs(StructVector target, List<FieldVector> sources, int rows) {
        int at = 0;
        for (FieldVector source : sources) {
            Cancellation.checkThread();
            for (int i = 0; i < source.getValueCount(); i++) {
                if (!source.isNull(i)) {
                    target.setIndexDefined(at + i);
                }
            }
            at += source.getValueCount();
        }
        List<FieldVector> fields = target.getChildrenFromFields();
        for (int f = 0; f < fields.size(); f++) {
            int field = f;
            List<FieldVector> parts = sources.stream()
                    .map(source ->
                            ((StructVector) source).getChildrenFromFields().get(field))
                    .toList();
            append(fields.get(f), parts, rows);
            fields.get(f).setValueCount(rows);
        }
    }

    private static boolean areAlike(ListVector target, FieldVector source) {
        Field wanted = target.getField();
        return wanted.isNullable() == source.getField().isNullable()
                && wanted.getChildren().equals(source.getField().getChildren());
    }

    /// Lists which, or whose elements, may be null in some sources alone: the appender does not take them.
    private static void appendLists(ListVector target, List<FieldVector> sources) {
        List<FieldVector> elements = new ArrayList<>();
        try {
            int at = 0;
            int count = 0;
            for (FieldVector source : sources) {
                ListVector lists = (ListVector) source;
                int[] picked = elementsOf(lists);
                if (picked.length > 0) {
                    elements.add(gather(lists.getDataVector(), picked, 0, picked.length, target.getAllocator()));
                    count += picked.length;
                }
                for (int i = 0; i < lists.getValueCount(); i++, at++) {
                    if (lists.isNull(i)) {
                        target.setNull(at);
                    } else {
                        target.startNewValue(at);
                        target.endValue(at, lists.getElementEndIndex(i) - lists.getElementStartIndex(i));
                    }
                }
            }
            append(target.getDataVector(), elements, count);
            target.getDataVector().setValueCount(count);
        } finally {
            Closing.all(elements);
        }
    }

    private static int[] elementsOf(ListVector lists) {
        return IntStream.range(0, lists.getValueCount())
                .filter(i -> !lists.isNull(i))
                .flatMap(i -> IntStream.range(lists.getElementStartIndex(i), lists.getElementEndIndex(i)))
                .toArray();
    }
}
