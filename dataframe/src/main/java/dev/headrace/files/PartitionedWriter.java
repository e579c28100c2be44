package dev.headrace.files;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Closing;
import dev.headrace.chunk.Columns;
import dev.headrace.chunk.Slice;
import dev.headrace.connector.SinkBatch.TaskWriter;
import dev.headrace.function.IntervalFormat;
import dev.headrace.function.Murmur3Hash;
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
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// Spreads a task's rows over `key=value` directories and buckets, a file each, or several if they are too many for
/// one.
///
/// At most so many files are open at a time. Rows of others wait, dealt out by where they go, until these are
/// complete; those that have been dealt alike are then written in the same way, so that there is one file for each
/// directory whatever the order of the rows.
final class PartitionedWriter implements TaskWriter {
    private static final int MOST_OPEN = 64;

    private static final DateTimeFormatter TIMESTAMP = new DateTimeFormatterBuilder()
            .appendPattern("uuuu-MM-dd HH:mm:ss")
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, 6, true)
            .toFormatter(java.util.Locale.ROOT);

    private final Path root;
    private final PartName name;
    private final PartitionedSchema schema;
    private final FileOutput output;
    private final AtomicLong rows;
    private final int mostOpen;

    /// How often the rows have been dealt out.
    private final int depth;

    private final int[] dataColumns;
    private final Map<List<@Nullable Object>, PartWriter> partOfKey = new HashMap<>();

    /// Different values may have one directory: null and the empty string, or moments of the hour that comes twice.
    private final Map<Place, PartWriter> parts = new LinkedHashMap<>();

    /// The files that are complete and have no writer any more.
    private final List<Path> complete = new ArrayList<>();

    private @Nullable WaitingRows waiting;

    PartitionedWriter(Path root, PartName name, PartitionedSchema schema, FileOutput output, AtomicLong rows) {
        this(root, name, schema, output, rows, MOST_OPEN, 0);
    }

    /// @param mostOpen how many files may be open at a time
    PartitionedWriter(
            Path root,
            PartName name,
            PartitionedSchema schema,
            FileOutput output,
            AtomicLong rows,
            int mostOpen,
            int depth) {
        this.root = root;
        this.name = name;
        this.schema = schema;
        this.output = output;
        this.rows = rows;
        this.mostOpen = mostOpen;
        this.depth = depth;
        this.dataColumns =
                schema.dataColumns().stream().mapToInt(Integer::intValue).toArray();
    }

    private record Place(Path directory, PartName name) {}

    @Override
    public void write(Chunk chunk) {
        Map<List<@Nullable Object>, List<Integer>> byKey = new LinkedHashMap<>();
        for (int row = 0; row < chunk.rowCount(); row++) {
            byKey.computeIfAbsent(key(chunk, row), _ -> new ArrayList<>()).add(row);
        }
        Map<Integer, List<Integer>> later = new TreeMap<>();
        try (Chunk data = chunk.select(dataColumns)) {
            for (Map.Entry<List<@Nullable Object>, List<Integer>> each : byKey.entrySet()) {
                List<@Nullable Object> key = each.getKey();
                PartWriter part = partOfKey.get(key);
                if (part == null) {
                    Place place = place(key);
                    part = part(place);
                    if (part == null) {
                        later.computeIfAbsent(dealt(place), _ -> new ArrayList<>())
                                .addAll(each.getValue());
                        continue;
                    }
                    partOfKey.put(key, part);
                }
                write(part, data, each.getValue());
            }
        }
        later.forEach((part, members) -> {
            try (Chunk gathered = gather(chunk, members)) {
                waiting(chunk).add(part, gathered);
            }
        });
    }

    /// The writer of a file, if it is open or may be opened.
    private @Nullable PartWriter part(Place place) {
        PartWriter open = parts.get(place);
        if (open != null || parts.size() == mostOpen) {
            return open;
        }
        PartWriter opened = new PartWriter(place.directory(), place.name(), schema.data(), output, rows);
        parts.put(place, opened);
        return opened;
    }

    /// With which others a file waits: other files each time they are dealt out.
    private int dealt(Place place) {
        int hash = Murmur3Hash.hash(place.hashCode(), depth);
        return Math.floorMod(hash, WaitingRows.PARTS);
    }

    private WaitingRows waiting(Chunk rows) {
        WaitingRows begun = waiting;
        if (begun == null) {
            // The chunk's own memory may be gone when rows are read again.
            BufferAllocator lasting = rows.column(0).getAllocator().getRoot();
            begun = new WaitingRows(root, schema.all(), lasting);
            waiting = begun;
        }
        return begun;
    }

    private static void write(PartWriter part, Chunk data, List<Integer> members) {
        if (members.size() == data.rowCount()) {
            part.write(data);
            return;
        }
        try (Chunk gathered = gather(data, members)) {
            part.write(gathered);
        }
    }

    private static Chunk gather(Chunk chunk, List<Integer> members) {
        int[] rows = members.stream().mapToInt(Integer::intValue).toArray();
        return Columns.gather(chunk, rows, 0, rows.length, chunk.column(0).getAllocator());
    }

    private List<@Nullable Object> key(Chunk chunk, int row) {
        List<@Nullable Object> key = new ArrayList<>();
        for (int ordinal : schema.partitionColumns()) {
            key.add(Cell.detach(Cell.read(chunk.column(ordinal), row)));
        }
        schema.buckets().ifPresent(buckets -> key.add(buckets.of(chunk, row)));
        return key;
    }

    private Place place(List<@Nullable Object> key) {
        Path directory = root;
        for (int i = 0; i < schema.partitionColumns().size(); i++) {
            StructField field = schema.all().field(schema.partitionColumns().get(i));
            String text = text(key.get(i), field.dataType(), schema.zone());
            directory = directory.resolve(PartitionPath.directory(field.name(), text));
        }
        PartName ofBucket =
                schema.buckets().isPresent() && key.getLast() instanceof Integer bucket ? name.ofBucket(bucket) : name;
        return new Place(directory, ofBucket);
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

    @Override
    public void close() {
        for (PartWriter part : parts.values()) {
            Cancellation.checkThread();
            part.close();
        }
        try (WaitingRows later = waiting) {
            if (later != null) {
                // They hold memory although they are closed.
                complete.addAll(files());
                parts.clear();
                partOfKey.clear();
                writeAll(later);
            }
        }
    }

    /// Of the writers that there are.
    private List<Path> files() {
        return parts.values().stream().flatMap(part -> part.files().stream()).toList();
    }

    private void writeAll(WaitingRows later) {
        for (int part = 0; part < WaitingRows.PARTS; part++) {
            if (!later.isEmpty(part)) {
                PartitionedWriter writer = new PartitionedWriter(root, name, schema, output, rows, mostOpen, depth + 1);
                try {
                    later.read(part, writer::write);
                    writer.close();
                    complete.addAll(writer.complete);
                    complete.addAll(writer.files());
                } catch (Throwable failed) {
                    writer.abort();
                    throw failed;
                }
            }
        }
    }

    @Override
    public void abort() {
        List<AutoCloseable> toBeGone = new ArrayList<>();
        parts.values().forEach(part -> toBeGone.add(part::abort));
        complete.forEach(file -> toBeGone.add(() -> PartWriter.delete(file)));
        if (waiting != null) {
            toBeGone.add(waiting);
        }
        Closing.all(toBeGone);
    }
}
