package dev.headrace.orc;

import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Slice;
import dev.headrace.connector.SinkBatch.TaskWriter;
import dev.headrace.errors.DataException;
import dev.headrace.files.OutputFailure;
import dev.headrace.types.ArrayType;
import dev.headrace.types.DataType;
import dev.headrace.types.MapType;
import dev.headrace.types.StructType;
import dev.headrace.types.TimestampType;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.orc.CompressionKind;
import org.apache.orc.OrcFile;
import org.apache.orc.TypeDescription;
import org.apache.orc.Writer;
import org.apache.orc.storage.common.type.HiveDecimal;
import org.apache.orc.storage.ql.exec.vector.BytesColumnVector;
import org.apache.orc.storage.ql.exec.vector.ColumnVector;
import org.apache.orc.storage.ql.exec.vector.DateColumnVector;
import org.apache.orc.storage.ql.exec.vector.DecimalColumnVector;
import org.apache.orc.storage.ql.exec.vector.DoubleColumnVector;
import org.apache.orc.storage.ql.exec.vector.ListColumnVector;
import org.apache.orc.storage.ql.exec.vector.LongColumnVector;
import org.apache.orc.storage.ql.exec.vector.MapColumnVector;
import org.apache.orc.storage.ql.exec.vector.StructColumnVector;
import org.apache.orc.storage.ql.exec.vector.TimestampColumnVector;
import org.apache.orc.storage.ql.exec.vector.VectorizedRowBatch;
import org.jspecify.annotations.Nullable;

/// Writes one file.
final class OrcPart implements TaskWriter {
    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final long MILLIS_PER_SECOND = 1_000;
    private static final int NANOS_PER_MICRO = 1_000;

    private final Path path;
    private final StructType schema;
    private final WallClock clock;
    private final Writer file;
    private final VectorizedRowBatch batch;

    OrcPart(Path path, StructType schema, CompressionKind compression, WallClock clock) {
        this.path = path;
        this.schema = schema;
        this.clock = clock;
        TypeDescription type = OrcSchema.writing(schema);
        Configuration configuration = new Configuration(false);
        try {
            OneFile place = new OneFile(path, configuration);
            this.file = OrcFile.createWriter(
                    place.name(),
                    OrcFile.writerOptions(configuration)
                            .setSchema(type)
                            .fileSystem(place)
                            .compress(compression)
                            .setProlepticGregorian(true)
                            .useUTCTimestamp(true));
        } catch (IOException failed) {
            throw OutputFailure.of(path, failed);
        }
        this.batch = type.createRowBatch();
    }

    @Override
    public void write(Chunk rows) {
        try {
            for (int from = 0; from < rows.rowCount(); from += batch.getMaxSize()) {
                int count = Math.min(batch.getMaxSize(), rows.rowCount() - from);
                batch.reset();
                for (int i = 0; i < schema.size(); i++) {
                    DataType type = schema.field(i).dataType();
                    for (int row = 0; row < count; row++) {
                        put(batch.cols[i], row, Cell.read(rows.column(i), from + row), type);
                    }
                }
                batch.size = count;
                file.addRowBatch(batch);
            }
        } catch (IOException failed) {
            throw OutputFailure.of(path, failed);
        }
    }

    private void put(ColumnVector to, int row, @Nullable Object cell, DataType type) {
        if (cell == null) {
            to.noNulls = false;
            to.isNull[row] = true;
            if (to instanceof StructColumnVector struct) {
                for (ColumnVector field : struct.fields) {
                    field.noNulls = false;
                    field.isNull[row] = true;
                }
            }
            return;
        }
        switch (to) {
            case TimestampColumnVector v -> {
                v.changeCalendar(true, false);
                time(v, row, type instanceof TimestampType ? clock.wall((Long) cell) : (Long) cell);
            }
            case DateColumnVector v -> {
                v.changeCalendar(true, false);
                v.vector[row] = (Integer) cell;
            }
            case LongColumnVector v ->
                v.vector[row] = cell instanceof Boolean bit ? (bit ? 1 : 0) : ((Number) cell).longValue();
            case DoubleColumnVector v -> v.vector[row] = ((Number) cell).doubleValue();
            case BytesColumnVector v -> {
                byte[] bytes = ((Slice) cell).bytes();
                v.setRef(row, bytes, 0, bytes.length);
            }
            case DecimalColumnVector v -> v.set(row, HiveDecimal.create((BigDecimal) cell));
            case StructColumnVector v -> {
                List<?> values = (List<?>) cell;
                for (int i = 0; i < values.size(); i++) {
                    put(
                            v.fields[i],
                            row,
                            values.get(i),
                            ((StructType) type).field(i).dataType());
                }
            }
            case ListColumnVector v -> list(v, row, (List<?>) cell, ((ArrayType) type).elementType());
            case MapColumnVector v -> map(v, row, (Map<?, ?>) cell, (MapType) type);
            default -> throw new IllegalArgumentException("no values of " + type.simpleString());
        }
    }

    /// The format takes the last second before 1970 for the first one after it: it cuts seconds off towards zero.
    private void time(TimestampColumnVector to, int row, long micros) {
        if (micros < 0 && micros > -MICROS_PER_SECOND) {
            throw new DataException(
                    "ORC_VALUE_OUT_OF_RANGE",
                    "'" + path + "' would hold a timestamp in the last second before 1970 (" + micros
                            + " microseconds), which readers of ORC take for one after it. Cut it to seconds, or write "
                            + "another format.");
        }
        to.time[row] = Math.floorDiv(micros, MICROS_PER_SECOND) * MILLIS_PER_SECOND
                + Math.floorMod(micros, MICROS_PER_SECOND) / MILLIS_PER_SECOND;
        to.nanos[row] = (int) Math.floorMod(micros, MICROS_PER_SECOND) * NANOS_PER_MICRO;
    }

    private void list(ListColumnVector to, int row, List<?> values, DataType element) {
        to.offsets[row] = to.childCount;
        to.lengths[row] = values.size();
        to.child.ensureSize(to.childCount + values.size(), true);
        for (Object value : values) {
            put(to.child, to.childCount++, value, element);
        }
    }

    private void map(MapColumnVector to, int row, Map<?, ?> values, MapType type) {
        to.offsets[row] = to.childCount;
        to.lengths[row] = values.size();
        to.keys.ensureSize(to.childCount + values.size(), true);
        to.values.ensureSize(to.childCount + values.size(), true);
        for (Map.Entry<?, ?> entry : values.entrySet()) {
            put(to.keys, to.childCount, entry.getKey(), type.keyType());
            put(to.values, to.childCount++, entry.getValue(), type.valueType());
        }
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException failed) {
            throw OutputFailure.of(path, failed);
        }
    }
}
