package dev.headrace.json;

import dev.headrace.chunk.Hash;
import dev.headrace.chunk.Memory;
import dev.headrace.columns.StructWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads objects into structs.
final class ObjectReader extends ValueReader {
    // Records of one origin have the same fields in the same order, so the text between two values, such as
    // `,"price":`,
    // is the same in record after record. It is learnt as the shape: slot i holds the text before the i-th value, and
    // who
    // reads that value. As long as a record follows the shape, a field costs one or two comparisons of words. Where it
    // doesn't, the name is looked up, and the shape adapts: a new name is inserted, up to a limit, so that objects that
    // are
    // really maps don't keep it busy.

    private static final int MAX_SLOTS = 128;
    /// Longer texts are not learnt.
    private static final int MAX_GLUE = 24;
    /// How many learnt fields may be missing before the name is looked up.
    private static final int MAX_MISSING = 3;
    private static final int MAX_LEARNT = 1024;

    private final JsonSyntax syntax;
    private final RecordState state;
    private final StructWriter struct;
    private final byte[][] names;
    private final ValueReader[] readers;
    private final int[] table;

    private final long[] head = new long[MAX_SLOTS];
    private final long[] middle = new long[MAX_SLOTS];
    private final long[] tail = new long[MAX_SLOTS];
    private final int[] glueLength = new int[MAX_SLOTS];
    /// Whether it is the text before an object's first field, which has no comma.
    private final boolean[] first = new boolean[MAX_SLOTS];
    private final @Nullable ValueReader[] slotReaders = new @Nullable ValueReader[MAX_SLOTS];
    private final @Nullable RescuedFields rescued;
    private int knownFields;
    private int slots;
    private int learnt;
    private int slot;

    /// @param readers one per name; each must belong to the column of the same place in `struct`
    /// @param rescued gets the fields of other names
    ObjectReader(
            JsonSyntax syntax,
            RecordState state,
            StructWriter struct,
            List<String> names,
            List<ValueReader> readers,
            @Nullable RescuedFields rescued) {
        this.rescued = rescued;
        this.syntax = syntax;
        this.state = state;
        this.struct = struct;
        this.names = names.stream()
                .map(name -> name.getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
        this.readers = readers.toArray(ValueReader[]::new);
        this.table = new int[Math.max(4, Integer.highestOneBit(names.size()) * 4)];
        for (int i = 0; i < this.names.length; i++) {
            insert(i);
        }
    }

    /// Puts a name into the hash table of ordinals plus one; of equal names the first wins.
    private void insert(int ordinal) {
        byte[] name = names[ordinal];
        int at = index(name, 0, name.length);
        while (table[at] != 0) {
            at = at + 1 & table.length - 1;
        }
        table[at] = ordinal + 1;
    }

    private int index(byte[] name, int from, int length) {
        return (int) Hash.of(name, Memory.BYTES + from, length) & table.length - 1;
    }

    private @Nullable ValueReader find(byte[] data, int from, int length) {
        int at = index(data, from, length);
        while (table[at] != 0) {
            byte[] name = names[table[at] - 1];
            if (name.length == length && Memory.equal(name, Memory.BYTES, data, Memory.BYTES + from, length)) {
                return readers[table[at] - 1];
            }
            at = at + 1 & table.length - 1;
        }
        return null;
    }

    @Override
    int read(byte[] data, int pos, int row) {
        if (JsonSyntax.at(data, pos) != '{') {
            return readOther(syntax, struct, data, pos, row);
        }
        if (struct.isValid(row)) {
            struct.clear(row, row + 1);
        }
        struct.putStruct(row);
        return readFields(data, pos + 1, row);
    }

    /// Reads the fields of an object, without saying that the struct is there.
    ///
    /// @param pos after the opening brace
    /// @return after the closing brace
    int readFields(byte[] data, int pos, int row) {
        if (rescued == null) {
            return readAll(data, pos, row);
        }
        rescued.clear();
        knownFields = 0;
        int end = readAll(data, pos, row);
        if (rescued.namesAbsent() && knownFields < names.length) {
            rescued.addAbsent(present(data, pos));
        }
        rescued.put(row);
        return end;
    }

    /// The ordinals of the fields that an object has, which has been read before.
    private BitSet present(byte[] data, int pos) {
        BitSet present = new BitSet();
        int at = syntax.blanks(data, pos);
        while (JsonSyntax.at(data, at) != '}') {
            if (JsonSyntax.at(data, at) == ',') {
                at = syntax.blanks(data, at + 1);
            }
            int nameEnd = syntax.skipString(data, at + 1);
            @Nullable ValueReader reader = findRaw(data, at + 1, nameEnd - 1);
            if (reader != null) {
                present.set(Arrays.asList(readers).indexOf(reader));
            }
            at = syntax.blanks(data, syntax.skipValue(data, syntax.colon(data, nameEnd)));
        }
        return present;
    }

    private int readAll(byte[] data, int pos, int row) {
        int at = pos;
        int next = 0;
        while (true) {
            while (next < slots && follows(data, at, next, at == pos)) {
                int end = readField(slotReaders[next], data, at + glueLength[next], row);
                if (rescued != null && slotReaders[next] == null) {
                    rescued.add(data, at, end);
                }
                at = end;
                next++;
            }
            if (JsonSyntax.at(data, at) == '}') {
                return at + 1;
            }
            int missing = missing(data, at, next, at == pos);
            if (missing > 0) {
                next += missing;
                continue;
            }
            slot = next;
            at = readUnexpected(data, at, at == pos, row);
            if (at < 0) {
                return ~at;
            }
            next = slot;
        }
    }

    /// @param begins whether the object begins here: a field that stood behind others is none that may stand first
    private boolean follows(byte[] data, int pos, int next, boolean begins) {
        if (first[next] != begins) {
            return false;
        }
        int length = glueLength[next];
        long at = Memory.BYTES + pos;
        if (length < 8) {
            return (Memory.getLong(data, at) ^ head[next]) << 64 - 8 * length == 0;
        }
        return Memory.getLong(data, at) == head[next]
                && Memory.getLong(data, at + length - 8) == tail[next]
                && (length <= 16 || Memory.getLong(data, at + 8) == middle[next]);
    }

    /// How many learnt fields lack before the present one; 0 if that can't be said.
    private int missing(byte[] data, int pos, int next, boolean begins) {
        for (int i = 1; i <= MAX_MISSING && next + i < slots; i++) {
            if (follows(data, pos, next + i, begins)) {
                return i;
            }
        }
        return 0;
    }

    private int readField(@Nullable ValueReader reader, byte[] data, int pos, int row) {
        int at = JsonSyntax.at(data, pos) <= ' ' ? syntax.blanks(data, pos) : pos;
        if (reader == null) {
            return syntax.skipValue(data, at);
        }
        knownFields++;
        int end = reader.read(data, at, row);
        if (end >= 0) {
            return end;
        }
        int ordinal = Arrays.asList(readers).indexOf(reader);
        state.reportMismatch(new String(names[ordinal], StandardCharsets.UTF_8), ~end);
        return ~end;
    }

    /// Reads a field that the shape doesn't expect, and sets [#slot] to the one to expect after it.
    ///
    /// @return the position after the value; the complement of the position after the brace if the object ends here
    private int readUnexpected(byte[] data, int pos, boolean begins, int row) {
        int at = syntax.blanks(data, pos);
        byte c = JsonSyntax.at(data, at);
        if (c == '}') {
            return ~(at + 1);
        }
        if (!begins) {
            if (c != ',') {
                throw syntax.malformed(at, "',' or '}'");
            }
            at = syntax.blanks(data, at + 1);
        }
        if (JsonSyntax.at(data, at) != '"') {
            throw syntax.malformed(at, "a field's name in quotes");
        }
        int nameEnd = syntax.skipString(data, at + 1);
        @Nullable ValueReader reader = findRaw(data, at + 1, nameEnd - 1);
        int value = syntax.colon(data, nameEnd);
        learn(data, pos, value, begins, reader);
        int end = readField(reader, data, value, row);
        if (rescued != null && reader == null) {
            rescued.add(data, pos, end);
        }
        return end;
    }

    private @Nullable ValueReader findRaw(byte[] data, int from, int to) {
        for (int i = from; i < to; i++) {
            if (data[i] == '\\') {
                byte[] name = state.unescape(syntax, data, from, to);
                return find(name, 0, name.length);
            }
        }
        return find(data, from, to - from);
    }

    private void learn(byte[] data, int from, int to, boolean begins, @Nullable ValueReader reader) {
        int length = to - from;
        if (length > MAX_GLUE || learnt == MAX_LEARNT) {
            return;
        }
        for (int i = 0; i < slots; i++) {
            if (glueLength[i] == length && follows(data, from, i, begins)) {
                slot = i + 1;
                return;
            }
        }
        if (slots == MAX_SLOTS) {
            return;
        }
        learnt++;
        for (int i = slots; i > slot; i--) {
            copySlot(i - 1, i);
        }
        slots++;
        head[slot] = JsonSyntax.wordAt(data, from);
        middle[slot] = JsonSyntax.wordAt(data, from + 8);
        tail[slot] = length < 8 ? 0 : JsonSyntax.wordAt(data, to - 8);
        glueLength[slot] = length;
        first[slot] = begins;
        slotReaders[slot] = reader;
        slot++;
    }

    private void copySlot(int from, int to) {
        head[to] = head[from];
        middle[to] = middle[from];
        tail[to] = tail[from];
        glueLength[to] = glueLength[from];
        first[to] = first[from];
        slotReaders[to] = slotReaders[from];
    }
}
