package dev.headrace.state.memory;

import dev.headrace.chunk.ArrowTypes;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Memory;
import dev.headrace.chunk.RowEncoder;
import dev.headrace.chunk.RowLayout;
import dev.headrace.chunk.Slice;
import dev.headrace.connector.ChunkReader;
import dev.headrace.errors.CheckpointException;
import dev.headrace.state.StateReader;
import dev.headrace.state.StateSchema;
import dev.headrace.state.StateStore;
import dev.headrace.state.StateVersion;
import dev.headrace.state.StateWriter;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/// A map of row bytes, with one checksummed changelog file per version.
final class MemoryStateStore implements StateStore {
    private final Path directory;
    private final StateSchema schema;
    private final BufferAllocator allocator;
    private final RowLayout keyLayout;
    private final RowLayout valueLayout;
    private Map<Slice, Entry> live = new HashMap<>();
    private StateVersion version = StateVersion.EMPTY;

    /// A value as row bytes, and when it expires.
    record Entry(byte[] value, long expiresAt) {}

    MemoryStateStore(Path directory, StateSchema schema, BufferAllocator allocator) {
        this.directory = directory;
        this.schema = schema;
        this.allocator = allocator;
        this.keyLayout = RowLayout.of(schema.key());
        this.valueLayout = RowLayout.of(schema.value());
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw failed(directory, "creating", e);
        }
    }

    private static CheckpointException failed(Path file, String doing, IOException e) {
        return new CheckpointException("STATE_IO_ERROR", file + ": " + doing + " failed: " + e.getMessage(), e);
    }

    @Override
    public StateSchema schema() {
        return schema;
    }

    @Override
    public StateVersion latest() {
        StateVersion latest = StateVersion.EMPTY;
        while (Files.exists(file(latest.next()))) {
            latest = latest.next();
        }
        return latest;
    }

    private Path file(StateVersion v) {
        return directory.resolve(v + ".changelog");
    }

    @Override
    public StateReader read(StateVersion at) {
        return write(at);
    }

    @Override
    public StateWriter write(StateVersion base) {
        if (!base.equals(version)) {
            live = load(base);
            version = base;
        }
        return new Writer();
    }

    private Map<Slice, Entry> load(StateVersion base) {
        Map<Slice, Entry> map = new HashMap<>();
        for (StateVersion v = StateVersion.EMPTY.next(); v.compareTo(base) <= 0; v = v.next()) {
            replay(file(v), map);
        }
        return map;
    }

    private static void replay(Path file, Map<Slice, Entry> map) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            CRC32C crc = new CRC32C();
            crc.update(bytes, 0, Math.max(0, bytes.length - 8));
            if (bytes.length < 12 || ByteBuffer.wrap(bytes).getLong(bytes.length - 8) != crc.getValue()) {
                throw new CheckpointException("STATE_FILE_DAMAGED", file + " is damaged: its checksum does not match.");
            }
            DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
            int count = in.readInt();
            for (int i = 0; i < count; i++) {
                Slice key = Slice.of(in.readNBytes(in.readInt()));
                int length = in.readInt();
                if (length < 0) {
                    map.remove(key);
                } else {
                    map.put(key, new Entry(in.readNBytes(length), in.readLong()));
                }
            }
        } catch (IOException e) {
            throw failed(file, "reading", e);
        }
    }

    @Override
    public void retain(StateVersion oldest) {}

    @Override
    public Map<String, Long> metrics() {
        return Map.of("numRowsTotal", (long) live.size());
    }

    @Override
    public void close() {}

    private final class Writer implements StateWriter {
        private final Map<Slice, @Nullable Entry> undo = new HashMap<>();
        private boolean committed;

        @Override
        public Chunk lookup(Chunk keys) {
            List<byte @Nullable []> values = new ArrayList<>();
            for (Slice key : rows(keyLayout, keys)) {
                Entry entry = live.get(key);
                values.add(entry == null ? null : entry.value());
            }
            List<FieldVector> columns = new ArrayList<>();
            BitVector present = (BitVector) ArrowTypes.newVector("present", DataTypes.BooleanType, allocator);
            present.allocateNew(Math.max(1, values.size()));
            for (int i = 0; i < values.size(); i++) {
                present.set(i, values.get(i) == null ? 0 : 1);
            }
            present.setValueCount(values.size());
            columns.add(present);
            columns.addAll(decode(valueLayout, schema.value(), values));
            StructType type = new StructType().add("present", DataTypes.BooleanType, false);
            for (StructField field : schema.value()) {
                type = type.add(field);
            }
            return new Chunk(type, columns, values.size());
        }

        private List<Slice> rows(RowLayout layout, Chunk chunk) {
            List<Slice> rows = new ArrayList<>();
            try (RowEncoder encoder = new RowEncoder(layout, allocator)) {
                encoder.encode(chunk.columns(), chunk.rowCount());
                for (int i = 0; i < chunk.rowCount(); i++) {
                    rows.add(Slice.at(encoder.address(i), encoder.length(i)).copy());
                }
            }
            return rows;
        }

        private List<FieldVector> decode(RowLayout layout, StructType type, List<byte @Nullable []> rows) {
            byte[] nulls = nullRow(layout, type);
            long bytes = 8;
            for (byte[] row : rows) {
                bytes += row == null ? nulls.length : row.length;
            }
            try (ArrowBuf memory = allocator.buffer(bytes)) {
                long at = memory.memoryAddress();
                long[] addresses = new long[rows.size()];
                for (int i = 0; i < addresses.length; i++) {
                    byte @Nullable [] stored = rows.get(i);
                    byte[] row = stored == null ? nulls : stored;
                    Memory.copy(row, Memory.BYTES, null, at, row.length);
                    addresses[i] = at;
                    at += row.length;
                }
                return layout.decode(addresses, 0, addresses.length, nullable(type), allocator);
            }
        }

        private static StructType nullable(StructType type) {
            return new StructType(type.fieldList().stream().map(f -> f.withNullable(true)).toList());
        }

        private byte[] nullRow(RowLayout layout, StructType type) {
            try (dev.headrace.chunk.ChunkBuilder builder = new dev.headrace.chunk.ChunkBuilder(nullable(type), allocator)) {
                List<@Nullable Object> values = new ArrayList<>();
                type.forEach(_ -> values.add(null));
                builder.add(values);
                try (Chunk chunk = builder.build()) {
                    return rows(layout, chunk).getFirst().bytes();
                }
            }
        }

        @Override
        public ChunkReader scan() {
            return new dev.headrace.exec.MemorySplit(entries(live)).open(allocator);
        }

        private List<Chunk> entries(Map<Slice, Entry> map) {
            List<Chunk> chunks = new ArrayList<>();
            List<byte @Nullable []> keys = new ArrayList<>();
            List<byte @Nullable []> values = new ArrayList<>();
            Iterator<Map.Entry<Slice, Entry>> all = map.entrySet().iterator();
            while (all.hasNext()) {
                Map.Entry<Slice, Entry> entry = all.next();
                keys.add(entry.getKey().bytes());
                values.add(entry.getValue().value());
                if (keys.size() == Chunk.TARGET_ROWS || !all.hasNext()) {
                    List<FieldVector> columns = new ArrayList<>(decode(keyLayout, schema.key(), keys));
                    columns.addAll(decode(valueLayout, schema.value(), values));
                    List<StructField> fields = new ArrayList<>(schema.key().fieldList());
                    fields.addAll(schema.value().fieldList());
                    chunks.add(new Chunk(new StructType(fields), columns, keys.size()));
                    keys.clear();
                    values.clear();
                }
            }
            return chunks;
        }

        @Override
        public long size() {
            return live.size();
        }

        @Override
        public void upsert(Chunk keys, Chunk values) {
            upsert(keys, values, new long[keys.rowCount()]);
        }

        @Override
        public void upsert(Chunk keys, Chunk values, long[] expiresAt) {
            List<Slice> keyRows = rows(keyLayout, keys);
            List<Slice> valueRows = rows(valueLayout, values);
            for (int i = 0; i < keyRows.size(); i++) {
                put(keyRows.get(i), new Entry(valueRows.get(i).bytes(), expiresAt[i]));
            }
        }

        private void put(Slice key, @Nullable Entry entry) {
            @Nullable Entry old = entry == null ? live.remove(key) : live.put(key, entry);
            if (!undo.containsKey(key)) {
                undo.put(key, old);
            }
        }

        @Override
        public void delete(Chunk keys) {
            rows(keyLayout, keys).forEach(key -> put(key, null));
        }

        @Override
        public List<Chunk> takeExpired(long time) {
            Map<Slice, Entry> expired = new TreeMap<>();
            live.forEach((key, entry) -> {
                if (entry.expiresAt() <= time) {
                    expired.put(key, entry);
                }
            });
            List<Chunk> chunks = entries(expired);
            expired.keySet().forEach(key -> put(key, null));
            return chunks;
        }

        @Override
        public StateVersion commit() {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try {
                DataOutputStream out = new DataOutputStream(bytes);
                out.writeInt(undo.size());
                for (Slice key : undo.keySet()) {
                    Entry entry = live.get(key);
                    out.writeInt(key.length());
                    out.write(key.bytes());
                    out.writeInt(entry == null ? -1 : entry.value().length);
                    if (entry != null) {
                        out.write(entry.value());
                        out.writeLong(entry.expiresAt());
                    }
                }
                CRC32C crc = new CRC32C();
                crc.update(bytes.toByteArray());
                out.writeLong(crc.getValue());
                Path temporary = directory.resolve(version.next() + ".changelog.tmp");
                try (FileChannel channel = FileChannel.open(
                        temporary,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
                    channel.write(ByteBuffer.wrap(bytes.toByteArray()));
                    channel.force(true);
                }
                Files.move(temporary, file(version.next()), StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                throw failed(file(version.next()), "writing", e);
            }
            committed = true;
            version = version.next();
            return version;
        }

        @Override
        public void close() {
            if (!committed) {
                undo.forEach((key, old) -> {
                    if (old == null) {
                        live.remove(key);
                    } else {
                        live.put(key, old);
                    }
                });
            }
        }
    }
}
