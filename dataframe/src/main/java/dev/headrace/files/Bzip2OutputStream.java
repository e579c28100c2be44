package dev.headrace.files;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/// Compresses as the program bzip2 does: blocks of up to 900,000 bytes, in which runs are shortened, whose rotations
/// are sorted, and whose last column is written as how long ago each byte was seen, in codes of up to six tables that
/// take turns every 50 symbols.
///
/// The libraries at hand take minutes for repeated lines, which texts are full of.
final class Bzip2OutputStream extends OutputStream {
    private static final long BLOCK = 0x314159265359L;
    private static final long END = 0x177245385090L;
    private static final int MAX_BLOCK = 900_000 - 19;
    private static final int MAX_RUN = 255;
    private static final int TURN = 50;
    private static final int ROUNDS = 4;
    private static final int[] CHECKSUMS = checksums();

    private final OutputStream out;
    private byte[] block = new byte[1 << 16];
    private int size;
    private int run;
    private int runLength;
    private int checksum = -1;
    private int combined;
    private long bits;
    private int bitCount;
    private boolean closed;

    Bzip2OutputStream(OutputStream out) throws IOException {
        this.out = new BufferedOutputStream(out, 1 << 16);
        this.out.write(new byte[] {'B', 'Z', 'h', '9'});
    }

    private static int[] checksums() {
        int[] checksums = new int[256];
        for (int i = 0; i < 256; i++) {
            int value = i << 24;
            for (int bit = 0; bit < 8; bit++) {
                value = value << 1 ^ (value < 0 ? 0x04c11db7 : 0);
            }
            checksums[i] = value;
        }
        return checksums;
    }

    @Override
    public void write(int value) throws IOException {
        int next = value & 0xff;
        if (runLength > 0 && (next != run || runLength == MAX_RUN)) {
            endRun();
        }
        run = next;
        runLength++;
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
        for (int i = offset; i < offset + length; i++) {
            write(from[i]);
        }
    }

    /// Four bytes of a kind, and how many more there are of it.
    private void endRun() throws IOException {
        if (size + 5 > MAX_BLOCK) {
            writeBlock();
        }
        if (size + 5 > block.length) {
            block = Arrays.copyOf(block, Math.min(MAX_BLOCK, 4 * block.length));
        }
        for (int i = 0; i < runLength; i++) {
            checksum = checksum << 8 ^ CHECKSUMS[checksum >>> 24 ^ run];
        }
        int written = Math.min(4, runLength);
        Arrays.fill(block, size, size + written, (byte) run);
        size += written;
        if (written == 4) {
            block[size++] = (byte) (runLength - 4);
        }
        runLength = 0;
    }

    private void writeBlock() throws IOException {
        combined = Integer.rotateLeft(combined, 1) ^ ~checksum;
        bits(BLOCK >> 24, 24);
        bits(BLOCK & 0xffffff, 24);
        bits(~checksum >>> 16, 16);
        bits(~checksum & 0xffff, 16);
        bits(0, 1);
        int[] order = Bzip2Rotations.sorted(block, size);
        byte[] last = new byte[size];
        int origin = 0;
        for (int i = 0; i < size; i++) {
            last[i] = block[order[i] == 0 ? size - 1 : order[i] - 1];
            origin = order[i] == 0 ? i : origin;
        }
        bits(origin, 24);
        writeSymbols(Symbols.of(last));
        size = 0;
        checksum = -1;
    }

    /// What the last column becomes: 0 and 1 are the digits of how often a byte comes again, a higher symbol says how
    /// many others have come since a byte did, and the last one ends the block.
    ///
    /// @param used which bytes there are
    /// @param alphabet how many symbols there are
    private record Symbols(boolean[] used, int alphabet, char[] values, int count) {
        static Symbols of(byte[] column) {
            boolean[] used = new boolean[256];
            for (byte value : column) {
                used[value & 0xff] = true;
            }
            byte[] recent = new byte[256];
            int kinds = 0;
            for (int value = 0; value < 256; value++) {
                if (used[value]) {
                    recent[kinds++] = (byte) value;
                }
            }
            char[] values = new char[column.length + 1];
            int count = 0;
            int again = 0;
            for (byte value : column) {
                if (value == recent[0]) {
                    again++;
                    continue;
                }
                count = repeat(values, count, again);
                again = 0;
                int place = 1;
                while (recent[place] != value) {
                    place++;
                }
                System.arraycopy(recent, 0, recent, 1, place);
                recent[0] = value;
                values[count++] = (char) (place + 1);
            }
            count = repeat(values, count, again);
            values[count++] = (char) (kinds + 1);
            return new Symbols(used, kinds + 2, values, count);
        }

        private static int repeat(char[] values, int count, int times) {
            int end = count;
            for (int rest = times; rest > 0; rest = rest - 1 >> 1) {
                values[end++] = (char) (rest - 1 & 1);
            }
            return end;
        }

        int turns() {
            return (count + TURN - 1) / TURN;
        }

        int tables() {
            return count < 200 ? 2 : count < 600 ? 3 : count < 1200 ? 4 : count < 2400 ? 5 : 6;
        }
    }

    private void writeSymbols(Symbols symbols) throws IOException {
        writeUsed(symbols.used());
        byte[] choices = new byte[symbols.turns()];
        Bzip2Codes[] tables = tables(symbols, choices);
        bits(tables.length, 3);
        bits(choices.length, 15);
        writeChoices(choices, tables.length);
        for (Bzip2Codes table : tables) {
            writeTable(table.lengths());
        }
        for (int i = 0; i < symbols.count(); i++) {
            Bzip2Codes table = tables[choices[i / TURN]];
            int symbol = symbols.values()[i];
            bits(table.codes()[symbol], table.lengths()[symbol]);
        }
    }

    /// Tables that fit ever better, as each is made of the turns that it was the best for.
    private static Bzip2Codes[] tables(Symbols symbols, byte[] choices) {
        Bzip2Codes[] tables = new Bzip2Codes[symbols.tables()];
        for (int turn = 0; turn < choices.length; turn++) {
            choices[turn] = (byte) ((long) turn * tables.length / choices.length);
        }
        for (int round = 0; round < ROUNDS; round++) {
            int[][] counts = new int[tables.length][symbols.alphabet()];
            for (int i = 0; i < symbols.count(); i++) {
                counts[choices[i / TURN]][symbols.values()[i]]++;
            }
            for (int i = 0; i < tables.length; i++) {
                tables[i] = Bzip2Codes.of(counts[i]);
            }
            for (int turn = 0; turn < choices.length; turn++) {
                choices[turn] = best(tables, symbols, turn);
            }
        }
        return tables;
    }

    private static byte best(Bzip2Codes[] tables, Symbols symbols, int turn) {
        int best = 0;
        int fewest = Integer.MAX_VALUE;
        for (int table = 0; table < tables.length; table++) {
            int length = 0;
            for (int i = turn * TURN; i < Math.min(symbols.count(), (turn + 1) * TURN); i++) {
                length += tables[table].lengths()[symbols.values()[i]];
            }
            if (length < fewest) {
                fewest = length;
                best = table;
            }
        }
        return (byte) best;
    }

    private void writeUsed(boolean[] used) throws IOException {
        int[] rows = new int[16];
        int any = 0;
        for (int value = 0; value < 256; value++) {
            if (used[value]) {
                rows[value >> 4] |= 0x8000 >> (value & 15);
                any |= 0x8000 >> (value >> 4);
            }
        }
        bits(any, 16);
        for (int row : rows) {
            if (row != 0) {
                bits(row, 16);
            }
        }
    }

    /// As many ones as other tables have come since, and a zero.
    private void writeChoices(byte[] choices, int tables) throws IOException {
        byte[] recent = new byte[tables];
        for (int i = 0; i < tables; i++) {
            recent[i] = (byte) i;
        }
        for (byte choice : choices) {
            int place = 0;
            while (recent[place] != choice) {
                place++;
            }
            System.arraycopy(recent, 0, recent, 1, place);
            recent[0] = choice;
            bits((1 << place + 1) - 2, place + 1);
        }
    }

    /// The first length, and for each symbol the steps to its own: `10` is one more, `11` one less, and `0` there.
    private void writeTable(int[] lengths) throws IOException {
        int length = lengths[0];
        bits(length, 5);
        for (int wanted : lengths) {
            for (; length < wanted; length++) {
                bits(0b10, 2);
            }
            for (; length > wanted; length--) {
                bits(0b11, 2);
            }
            bits(0, 1);
        }
    }

    /// @param count at most 24
    private void bits(long value, int count) throws IOException {
        bits = bits << count | value;
        bitCount += count;
        while (bitCount >= 8) {
            bitCount -= 8;
            out.write((int) (bits >> bitCount));
        }
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try (out) {
            if (runLength > 0) {
                endRun();
            }
            if (size > 0) {
                writeBlock();
            }
            bits(END >> 24, 24);
            bits(END & 0xffffff, 24);
            bits(combined >>> 16, 16);
            bits(combined & 0xffff, 16);
            bits(0, (8 - bitCount) % 8);
        }
    }
}
