package dev.headrace.delta.log;

import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a table is: its schema, how it is partitioned, its properties.
///
/// @param id a UUID given when the table was created
/// @param schema all columns, the partition columns among them
/// @param configuration the table's properties, such as `delta.checkpointInterval`
public record TableMetadata(
        String id,
        Optional<String> name,
        Optional<String> description,
        StructType schema,
        List<String> partitionColumns,
        Map<String, String> configuration,
        OptionalLong createdTimeMillis)
        implements Action {
    /// What SQL calls the description.
    public static final String COMMENT = "comment";

    private static final int DEFAULT_CHECKPOINT_INTERVAL = 10;
    private static final Duration DEFAULT_LOG_RETENTION = Duration.ofDays(30);
    private static final Duration DEFAULT_FILE_RETENTION = Duration.ofDays(7);
    private static final Map<String, Duration> UNITS = Map.of(
            "week", Duration.ofDays(7),
            "day", Duration.ofDays(1),
            "hour", Duration.ofHours(1),
            "minute", Duration.ofMinutes(1),
            "second", Duration.ofSeconds(1),
            "millisecond", Duration.ofMillis(1),
            "microsecond", Duration.ofNanos(1_000));
    private static final int DEFAULT_INDEXED_COLUMNS = 32;
    private static final long DEFAULT_FILE_BYTES = 256L << 20;
    private static final Pattern SIZE = Pattern.compile("(\\d{1,15})\\s*([kmg]?)b?", Pattern.CASE_INSENSITIVE);

    public TableMetadata {
        partitionColumns = List.copyOf(partitionColumns);
        configuration = Map.copyOf(configuration);
    }

    /// The columns that data files hold, in the table's order: all but the partition columns.
    public StructType dataSchema() {
        List<StructField> stored = schema.fieldList().stream()
                .filter(field -> !partitionColumns.contains(field.name()))
                .toList();
        return new StructType(stored);
    }

    /// Every how many commits a checkpoint is due.
    public int checkpointInterval() {
        return positive("delta.checkpointInterval", DEFAULT_CHECKPOINT_INTERVAL);
    }

    /// For how long the log is kept, by `delta.logRetentionDuration`, thirty days if that says nothing; empty if it is
    /// kept for ever, because `delta.enableExpiredLogCleanup` is false or the duration is not understood.
    public Optional<Duration> logRetention() {
        if ("false".equalsIgnoreCase(configuration.get("delta.enableExpiredLogCleanup"))) {
            return Optional.empty();
        }
        String set = configuration.get("delta.logRetentionDuration");
        return set == null ? Optional.of(DEFAULT_LOG_RETENTION) : duration(set);
    }

    /// For how long files that were taken out of the table are kept, by `delta.deletedFileRetentionDuration`; seven
    /// days if that says nothing, or nothing that is understood.
    public Duration deletedFileRetention() {
        return Optional.ofNullable(configuration.get("delta.deletedFileRetentionDuration"))
                .flatMap(TableMetadata::duration)
                .orElse(DEFAULT_FILE_RETENTION);
    }

    /// An interval such as `interval 30 days` or `2 weeks 12 hours`.
    private static Optional<Duration> duration(String interval) {
        String text = interval.strip().toLowerCase(Locale.ROOT);
        String[] words = (text.startsWith("interval ") ? text.substring(9).strip() : text).split("\\s+");
        Duration sum = Duration.ZERO;
        for (int i = 0; i < words.length; i += 2) {
            if (i + 1 == words.length || !words[i].matches("\\d{1,9}")) {
                return Optional.empty();
            }
            @Nullable Duration unit = UNITS.get(words[i + 1].replaceFirst("s$", ""));
            if (unit == null) {
                return Optional.empty();
            }
            sum = sum.plus(unit.multipliedBy(Long.parseLong(words[i])));
        }
        return Optional.of(sum);
    }

    /// For how many columns, counted from the first and with the fields of structs, files carry statistics.
    public int indexedColumns() {
        String set = configuration.get("delta.dataSkippingNumIndexedCols");
        return "-1".equals(set)
                ? Integer.MAX_VALUE
                : positive("delta.dataSkippingNumIndexedCols", DEFAULT_INDEXED_COLUMNS);
    }

    /// About how many bytes a data file should have at most: the property `delta.targetFileSize`, such as `64mb`.
    public long targetFileBytes() {
        String set = configuration.get("delta.targetFileSize");
        Matcher size = SIZE.matcher(set == null ? "" : set.strip());
        if (!size.matches()) {
            return DEFAULT_FILE_BYTES;
        }
        int shift = switch (size.group(2).toLowerCase(Locale.ROOT)) {
            case "k" -> 10;
            case "m" -> 20;
            case "g" -> 30;
            default -> 0;
        };
        return Math.max(1, Long.parseLong(size.group(1)) << shift);
    }

    /// The same table with other columns.
    public TableMetadata withSchema(StructType columns) {
        return new TableMetadata(id, name, description, columns, partitionColumns, configuration, createdTimeMillis);
    }

    /// The same table with other properties. As in Spark, a property `comment` is the table's description.
    public TableMetadata withConfiguration(Map<String, String> properties) {
        Map<String, String> others = new LinkedHashMap<>(properties);
        Optional<String> comment = Optional.ofNullable(others.remove(COMMENT));
        return new TableMetadata(
                id, name, comment.or(() -> description), schema, partitionColumns, others, createdTimeMillis);
    }

    /// The same table without description.
    public TableMetadata withoutDescription() {
        return new TableMetadata(
                id, name, Optional.empty(), schema, partitionColumns, configuration, createdTimeMillis);
    }

    /// Whether a property is set to true.
    public boolean enabled(String property) {
        return "true".equalsIgnoreCase(configuration.get(property));
    }

    private int positive(String property, int orElse) {
        String set = configuration.get(property);
        try {
            return set == null ? orElse : Math.max(1, Integer.parseInt(set.trim()));
        } catch (NumberFormatException notANumber) {
            return orElse;
        }
    }
}
