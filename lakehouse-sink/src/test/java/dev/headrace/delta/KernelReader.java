package dev.headrace.delta;

import io.delta.kernel.Scan;
import io.delta.kernel.Snapshot;
import io.delta.kernel.TableManager;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.engine.FileReadResult;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.internal.data.ScanStateRow;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.types.BinaryType;
import io.delta.kernel.types.BooleanType;
import io.delta.kernel.types.ByteType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.DateType;
import io.delta.kernel.types.DecimalType;
import io.delta.kernel.types.DoubleType;
import io.delta.kernel.types.FloatType;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.ShortType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructType;
import io.delta.kernel.types.TimestampNTZType;
import io.delta.kernel.types.TimestampType;
import io.delta.kernel.utils.CloseableIterator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;

/// Reads Delta tables as another program would: with Delta Kernel's own reader of logs and of Parquet files, on
/// Hadoop's file system. None of Headrace's code takes part.
final class KernelReader {
    private KernelReader() {}

    /// The rows of the newest version as lists of values, sorted by their text.
    static List<List<@Nullable Object>> read(Path table) throws IOException {
        Engine engine = DefaultEngine.create(new Configuration());
        Snapshot snapshot = TableManager.loadSnapshot(table.toString()).build(engine);
        Scan scan = snapshot.getScanBuilder().build();
        Row state = scan.getScanState(engine);
        StructType physical = ScanStateRow.getPhysicalDataReadSchema(state);
        List<List<@Nullable Object>> rows = new ArrayList<>();
        try (CloseableIterator<FilteredColumnarBatch> files = scan.getScanFiles(engine)) {
            while (files.hasNext()) {
                try (CloseableIterator<Row> fileRows = files.next().getRows()) {
                    while (fileRows.hasNext()) {
                        readFile(engine, state, physical, fileRows.next(), rows);
                    }
                }
            }
        }
        rows.sort(Comparator.comparing(Object::toString));
        return rows;
    }

    private static void readFile(
            Engine engine, Row state, StructType physical, Row file, List<List<@Nullable Object>> rows)
            throws IOException {
        CloseableIterator<ColumnarBatch> data = engine.getParquetHandler()
                .readParquetFiles(
                        Utils.singletonCloseableIterator(InternalScanFileUtils.getAddFileStatus(file)),
                        physical,
                        Optional.empty())
                .map(FileReadResult::getData);
        try (CloseableIterator<FilteredColumnarBatch> batches = Scan.transformPhysicalData(engine, state, file, data)) {
            while (batches.hasNext()) {
                try (CloseableIterator<Row> batchRows = batches.next().getRows()) {
                    while (batchRows.hasNext()) {
                        rows.add(values(batchRows.next()));
                    }
                }
            }
        }
    }

    private static List<@Nullable Object> values(Row row) {
        List<@Nullable Object> values = new ArrayList<>();
        for (int i = 0; i < row.getSchema().length(); i++) {
            values.add(
                    row.isNullAt(i) ? null : value(row, i, row.getSchema().at(i).getDataType()));
        }
        return values;
    }

    private static Object value(Row row, int i, DataType type) {
        return switch (type) {
            case BooleanType _ -> row.getBoolean(i);
            case ByteType _ -> row.getByte(i);
            case ShortType _ -> row.getShort(i);
            case IntegerType _, DateType _ -> row.getInt(i);
            case LongType _, TimestampType _, TimestampNTZType _ -> row.getLong(i);
            case FloatType _ -> row.getFloat(i);
            case DoubleType _ -> row.getDouble(i);
            case DecimalType _ -> row.getDecimal(i);
            case StringType _ -> row.getString(i);
            case BinaryType _ -> java.util.HexFormat.of().formatHex(row.getBinary(i));
            case StructType _ -> values(row.getStruct(i));
            default -> throw new IllegalArgumentException("no values of " + type);
        };
    }
}
