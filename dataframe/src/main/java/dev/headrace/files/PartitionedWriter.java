package dev.headrace.files;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.chunk.ArrowTypes;
import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Slice;
import dev.headrace.connector.SinkBatch.TaskWriter;
import dev.headrace.function.IntervalFormat;
import dev.headrace.types.AnsiIntervalType;
import dev.headrace.types.DataType;
import dev.headrace.types.DateType;
import dev.headrace.types.StructField;
import dev.headrace.types.TimestampNTZType;
import dev.headrace.types.TimestampType;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/// Spreads a task's rows over `key=value` directories and buckets, one open file each.
final class PartitionedWriter implements TaskWriter {
    private static final DateTimeFormatter TIMESTAMP = new DateTimeFormatterBuilder()
            .appendPattern("uuuu-MM-dd HH:mm:ss")
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, 6, true)
            .toFormatter(java.util.Locale.ROOT);

    private final Path root;
    private final PartName name;
    private final PartitionedSchema schema;
    private final PartFiles files;
    private final AtomicLong rows;
    private final Map<List<@Nullable Object>, PartWriter> partOfKey = new HashMap<>();

    /// Different values may have one directory: null and the empty string, or moments of the hour that comes twice.
    private final Map<Path, PartWriter> parts = new LinkedHashMap<>();

    PartitionedWriter(Path root, PartName name, PartitionedSchema schema, PartFiles files, AtomicLong rows) {
        this.root = root;
        this.name = name;
        this.schema = schema;
        this.files = files;
        this.rows = rows;
    }

    @Override
    public void write(Chunk chunk) {
        Map<List<@Nullable Object>, List<Integer>> byKey = new LinkedHashMap<>();
        for (int row = 0; row < chunk.rowCount(); row++) {
            byKey.computeIfAbsent(key(chunk, row), _ -> new ArrayList<>()).add(row);
        }
        byKey.forEach((key, members) -> {
            PartWriter part = partOfKey.computeIfAbsent(key, this::part);
            try (Chunk gathered = gather(chunk, members)) {
                part.write(gathered);
            }
        });
    }

    private List<@Nullable Object> key(Chunk chunk, int row) {
        List<@Nullable Object> key = new ArrayList<>();
        for (int ordinal : schema.partitionColumns()) {
            key.add(Cell.detach(Cell.read(chunk.column(ordinal), row)));
        }
        schema.buckets().ifPresent(buckets -> key.add(buckets.of(chunk, row)));
        return key;
    }

    private PartWriter part(List<@Nullable Object> key) {
        Path directory = root;
        for (int i = 0; i < schema.partitionColumns().size(); i++) {
            StructField field = schema.all().field(schema.partitionColumns().get(i));
            String text = text(key.get(i), field.dataType(), schema.zone());
            directory = directory.resolve(PartitionPath.directory(field.name(), text));
        }
        String file = schema.buckets().isPresent() && key.getLast() instanceof Integer bucket
                ? name.ofBucket(bucket)
                : name.text();
        return parts.computeIfAbsent(directory.resolve(file), path -> new PartWriter(path, schema.data(), files, rows));
    }

    private static String text(@Nullable Object value, DataType type, ZoneId zone) {
        return switch (value) {
            case null -> "";
            case Integer day when type instanceof DateType -> LocalDate.ofEpochDay(day).toString();
            case Long micros when type instanceof TimestampType ->
                TIMESTAMP.format(LocalDateTime.ofInstant(Instant.EPOCH.plus(micros, ChronoUnit.MICROS), zone));
            case Long micros when type instanceof TimestampNTZType ->
                TIMESTAMP.format(
                        LocalDateTime.ofInstant(Instant.EPOCH.plus(micros, ChronoUnit.MICROS), ZoneOffset.UTC));
            case Number interval
                    when type instanceof AnsiIntervalType fields -> IntervalFormat.text(interval.longValue(), fields);
            case BigDecimal decimal -> decimal.toPlainString();
            case Slice slice -> slice.toString();
            default -> value.toString();
        };
    }

    private Chunk gather(Chunk chunk, List<Integer> members) {
        List<FieldVector> columns = new ArrayList<>();
        for (int ordinal : schema.dataColumns()) {
            FieldVector from = chunk.column(ordinal);
            FieldVector to = ArrowTypes.field(schema.all().field(ordinal)).createVector(from.getAllocator());
            to.setInitialCapacity(members.size());
            to.allocateNew();
            for (int i = 0; i < members.size(); i++) {
                to.copyFromSafe(members.get(i), i, from);
            }
            to.setValueCount(members.size());
            columns.add(to);
        }
        return new Chunk(schema.data(), columns, members.size());
    }

    @Override
    public void close() {
        for (PartWriter part : parts.values()) {
            Cancellation.checkThread();
            part.close();
        }
    }

    @Override
    public void abort() {
        @Nullable RuntimeException failure = null;
        for (PartWriter part : parts.values()) {
            try {
                part.abort();
            } catch (RuntimeException failed) {
                if (failure == null) {
                    failure = failed;
                } else {
                    failure.addSuppressed(failed);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
