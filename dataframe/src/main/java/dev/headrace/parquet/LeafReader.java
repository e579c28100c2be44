package dev.headrace.parquet;

import dev.headrace.chunk.Memory;
import dev.headrace.errors.DataException;
import dev.headrace.parquet.encoding.Bits;
import dev.headrace.parquet.encoding.HybridDecoder;
import dev.headrace.parquet.encoding.MalformedPageException;
import java.util.Objects;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ColumnPath;
import org.apache.parquet.internal.column.columnindex.OffsetIndex;
import org.jspecify.annotations.Nullable;

/// Reads a column of the file: levels and values, across the borders of pages.
final class LeafReader extends ColumnReader {
    /*
     A slot is a row, or for a column inside lists an element of the innermost one: an entry whose definition level is at
     least that of the list's repetition. It has a value if its definition level is the greatest.

     Without lists, entries are rows, and with a greatest level of 1 the definition levels are the validity bitmap itself.
     Within lists, the levels of a page are decoded when it begins, and rows end where the next repetition level is 0.
    */

    private final Leaf leaf;
    private final FileInput input;
    private final ColumnPages pages;
    private final LeafValues values;
    private final HybridDecoder definitions = new HybridDecoder();
    private final GrowingBitmap validity;
    private final Levels levels = new Levels();

    private int rowGroup;
    private long row;
    /// The entries of the page that have not been taken.
    private int pageLeft;

    private byte[] pageRepetition = new byte[0];
    private byte[] pageDefinition = new byte[0];
    private int pageEntries;

    private int slots;
    private int nulls;

    /// What is known about a column of the file.
    ///
    /// @param ordinal its place among the file's leaf columns
    /// @param slotDefinition the definition level from which on there is a slot
    /// @param keepsLevels whether a struct or list needs the levels
    record Leaf(
            ColumnPath path,
            int ordinal,
            int maxDefinition,
            int maxRepetition,
            int slotDefinition,
            boolean keepsLevels) {}

    LeafReader(Leaf leaf, LeafValues values, FileInput input, BufferAllocator allocator) {
        this.leaf = leaf;
        this.values = values;
        this.input = input;
        this.pages = new ColumnPages(input, leaf.maxRepetition > 0, leaf.maxDefinition > 0, allocator);
        this.validity = new GrowingBitmap(allocator);
    }

    @Override
    void startRowGroup(RowGroup group) {
        rowGroup = group.ordinal();
        @Nullable ColumnChunkMetaData chunk = group.column(leaf.ordinal, leaf.path);
        if (chunk == null) {
            throw damaged(new MalformedPageException("the row group lacks the column"));
        }
        if (!PageDecompressor.supports(chunk.getCodec())) {
            throw ParquetErrors.unsupported(input.file().path(), name(), "the compression " + chunk.getCodec());
        }
        @Nullable OffsetIndex index = group.pages().of(leaf.path);
        guard(() -> pages.start(chunk, index));
        row = 0;
        pageLeft = 0;
    }

    @Override
    void begin(int rows) {
        slots = 0;
        nulls = 0;
        levels.count = 0;
        values.begin(rows, rows == 1 ? Integer.MAX_VALUE : input.columnBytes());
        if (leaf.maxDefinition > leaf.slotDefinition) {
            validity.begin(rows);
        }
    }

    @Override
    void append(int rows) {
        guard(() -> {
            if (leaf.maxRepetition > 0) {
                takeRecords(rows, true);
            } else {
                appendFlat(rows);
            }
        });
        row += rows;
    }

    /// How many rows of the chunk end before an element of theirs.
    private int rowsBefore(int element) {
        int elements = 0;
        int rows = 0;
        for (int i = 0; i < levels.count; i++) {
            rows += levels.repetition[i] == 0 ? 1 : 0;
            if (levels.definition[i] >= leaf.slotDefinition && elements++ == element) {
                return rows - 1;
            }
        }
        return rows;
    }

    @Override
    void skip(int rows) {
        guard(() -> {
            int left = rows;
            long pageRow = leaf.maxRepetition > 0 ? row : row + pageLeft;
            long seekable = pages.seek(row + rows, pageRow);
            if (seekable >= 0) {
                left = (int) (row + rows - seekable);
                pageLeft = 0;
            }
            if (leaf.maxRepetition > 0) {
                takeRecords(left, false);
            } else {
                skipFlat(left);
            }
        });
        row += rows;
    }

    private void appendFlat(int rows) {
        int left = rows;
        while (left > 0) {
            requirePage();
            int count = Math.min(left, pageLeft);
            int present = presentFlat(count);
            values.append(slots, count, present, present == count ? 0 : validity.address());
            slots += count;
            nulls += count - present;
            pageLeft -= count;
            left -= count;
        }
    }

    /// Takes the definition levels of rows and sets the bits of those with a value.
    private int presentFlat(int count) {
        if (leaf.maxDefinition == 0) {
            return count;
        }
        long bitmap = validity.reserve(slots + count);
        if (leaf.maxDefinition == 1 && !leaf.keepsLevels) {
            return definitions.readBits(bitmap, slots, count);
        }
        levels.reserve(count, false);
        definitions.read(levels.definition, levels.count, count);
        int present = setPresent(bitmap, levels.definition, levels.count, count);
        if (leaf.keepsLevels) {
            levels.count += count;
        }
        return present;
    }

    private int setPresent(long bitmap, byte[] definition, int from, int count) {
        int present = 0;
        for (int start = 0; start < count; start += 32) {
            int stop = Math.min(count, start + 32);
            long bits = 0;
            for (int i = start; i < stop; i++) {
                bits |= (definition[from + i] == leaf.maxDefinition ? 1L : 0L) << (i - start);
            }
            Bits.or(bitmap, slots + start, bits);
            present += Long.bitCount(bits);
        }
        return present;
    }

    private void skipFlat(int rows) {
        int left = rows;
        while (left > 0) {
            requirePage();
            int count = Math.min(left, pageLeft);
            values.skip(skipPresent(count));
            pageLeft -= count;
            left -= count;
        }
    }

    private int skipPresent(int count) {
        if (leaf.maxDefinition == 0) {
            return count;
        }
        if (leaf.maxDefinition == 1) {
            return definitions.skipBits(count);
        }
        levels.reserve(count, false);
        definitions.read(levels.definition, levels.count, count);
        int present = 0;
        for (int i = levels.count; i < levels.count + count; i++) {
            present += levels.definition[i] == leaf.maxDefinition ? 1 : 0;
        }
        return present;
    }

    /// Takes the entries of whole rows, which may reach into the next pages.
    private void takeRecords(int rows, boolean keep) {
        int started = 0;
        while (pageLeft > 0 || nextPage()) {
            int from = pageEntries - pageLeft;
            int to = from;
            while (to < pageEntries && (pageRepetition[to] != 0 || started < rows)) {
                started += pageRepetition[to] == 0 ? 1 : 0;
                to++;
            }
            pageLeft = pageEntries - to;
            if (keep) {
                appendEntries(from, to);
            } else {
                skipEntries(from, to);
            }
            if (pageLeft > 0) {
                return;
            }
        }
        if (started < rows) {
            throw new MalformedPageException("the pages end " + (rows - started) + " rows too early");
        }
    }

    private void appendEntries(int from, int to) {
        int count = to - from;
        if (levels.count == 0 && count > 0 && pageRepetition[from] != 0) {
            throw new MalformedPageException("a row begins with the middle of a list");
        }
        levels.reserve(count, true);
        System.arraycopy(pageDefinition, from, levels.definition, levels.count, count);
        System.arraycopy(pageRepetition, from, levels.repetition, levels.count, count);
        levels.count += count;
        int added = 0;
        int present = 0;
        boolean nullable = leaf.maxDefinition > leaf.slotDefinition;
        long bitmap = nullable ? validity.reserve(slots + count) : 0;
        for (int i = from; i < to; i++) {
            int definition = pageDefinition[i];
            if (definition >= leaf.slotDefinition) {
                if (definition == leaf.maxDefinition) {
                    present++;
                    if (nullable) {
                        Memory.setBit(bitmap, slots + added);
                    }
                }
                added++;
            }
        }
        try {
            values.append(slots, added, present, bitmap);
        } catch (ChunkFullException full) {
            throw new ChunkFullException(rowsBefore(full.fitting()));
        }
        slots += added;
        nulls += added - present;
    }

    private void skipEntries(int from, int to) {
        int present = 0;
        for (int i = from; i < to; i++) {
            present += pageDefinition[i] == leaf.maxDefinition ? 1 : 0;
        }
        values.skip(present);
    }

    private void requirePage() {
        while (pageLeft == 0) {
            if (!nextPage()) {
                throw new MalformedPageException("the pages end too early");
            }
        }
    }

    private boolean nextPage() {
        if (!pages.next()) {
            return false;
        }
        pageLeft = pages.valueCount;
        pageEntries = pages.valueCount;
        if (leaf.maxDefinition > 0) {
            definitions.start(pages.definition, pages.definitionEnd, width(leaf.maxDefinition));
        }
        if (leaf.maxRepetition > 0) {
            readPageLevels();
        }
        values.startPage(pages);
        return true;
    }

    private void readPageLevels() {
        if (pageRepetition.length < pageEntries) {
            pageRepetition = new byte[pageEntries];
            pageDefinition = new byte[pageEntries];
        }
        definitions.read(pageDefinition, 0, pageEntries);
        HybridDecoder repetitions = new HybridDecoder();
        repetitions.start(pages.repetition, pages.repetitionEnd, width(leaf.maxRepetition));
        repetitions.read(pageRepetition, 0, pageEntries);
        for (int i = 0; i < pageEntries; i++) {
            if (pageDefinition[i] > leaf.maxDefinition || pageRepetition[i] > leaf.maxRepetition) {
                throw new MalformedPageException("a level of " + pageDefinition[i] + " or " + pageRepetition[i]
                        + ", where at most " + leaf.maxDefinition + " and " + leaf.maxRepetition + " make sense");
            }
        }
    }

    private static int width(int maxLevel) {
        return 32 - Integer.numberOfLeadingZeros(maxLevel);
    }

    @Override
    void finish(FieldVector into, int expectedSlots) {
        guard(() -> {
            if (slots != expectedSlots) {
                throw new MalformedPageException(slots + " values where " + expectedSlots + " were expected");
            }
        });
        ArrowFieldNode node = new ArrowFieldNode(slots, nulls);
        if (leaf.maxDefinition > leaf.slotDefinition) {
            try (ArrowBuf bits = validity.take()) {
                values.finish(into, node, bits);
            }
        } else {
            values.finish(into, node, into.getAllocator().getEmpty());
        }
    }

    @Override
    Levels levels() {
        return levels;
    }

    private String name() {
        return leaf.path.toDotString();
    }

    private DataException damaged(MalformedPageException cause) {
        return ParquetErrors.damaged(
                input.file().path(), name(), rowGroup, Objects.requireNonNullElse(cause.getMessage(), "damaged"));
    }

    private void guard(Runnable work) {
        try {
            work.run();
        } catch (MalformedPageException malformed) {
            throw damaged(malformed);
        } catch (ArithmeticException outOfRange) {
            throw ParquetErrors.valueOutOfRange(input.file().path(), name(), rowGroup, outOfRange);
        } catch (PageLimitException limited) {
            throw switch (limited.limit()) {
                case ENCODING ->
                    ParquetErrors.unsupported(
                            input.file().path(),
                            name(),
                            Objects.requireNonNullElse(limited.getMessage(), "an encoding"));
                case SIZE -> ParquetErrors.tooLarge(input.file().path(), name(), rowGroup);
            };
        }
    }

    @Override
    public void close() {
        pages.close();
        values.close();
        validity.close();
    }
}
