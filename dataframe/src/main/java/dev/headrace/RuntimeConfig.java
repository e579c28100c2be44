package dev.headrace;

import dev.headrace.errors.QueryException;
import dev.headrace.errors.Suggestion;
import dev.headrace.exec.ProgressTerminal;
import dev.headrace.files.FileOutput;
import dev.headrace.files.PartitionColumns;
import dev.headrace.orc.OrcConnector;
import dev.headrace.parquet.ParquetConnector;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;

/// The settings of a session, from [Session#conf]. Names are Spark's (`spark.sql.…`) where the meaning is.
///
/// | setting | meaning | default |
/// | --- | --- | --- |
/// | `spark.sql.session.timeZone` | the zone of dates and times in texts | the machine's |
/// | `spark.sql.datetime.java8API.enabled` | rows give `java.time` objects instead of `java.sql` ones | `false` |
/// | `spark.sql.pivotMaxValues` | how many values `pivot(…)` may find to make columns of | `10000` |
/// | `spark.sql.files.ignoreCorruptFiles` | whether damaged files are passed over | `false` |
/// | `spark.sql.files.ignoreMissingFiles` | whether files are passed over that went after the table was listed | `false` |
/// | `spark.sql.files.maxRecordsPerFile` | the writer's option `maxRecordsPerFile` where it is not said | `0`: any number |
/// | `spark.sql.parquet.mergeSchema`, `spark.sql.orc.mergeSchema` | the reader's option `mergeSchema` where it is not said | `false` |
/// | `spark.sql.sources.partitionOverwriteMode` | the writer's option `partitionOverwriteMode` where it is not said, for `INSERT OVERWRITE`, `insertInto` and `save` | `static` |
/// | `spark.sql.sources.partitionColumnTypeInference.enabled` | whether the values of directories such as `day=01` get a type; else they are strings | `true` |
/// | `spark.sql.streaming.checkpointLocation` | the folder for checkpoints of queries that don't name one | none |
/// | `spark.ui.showConsoleProgress` | whether standard error says how far queries are that take more than a second; read when the session starts | the system property of that name, which `headrace` sets on a terminal; else `false` |
/// | `headrace.parallelism` | how many threads run queries; read when the session starts | the machine's |
/// | `headrace.memory.limit` | memory for the rows of all queries, such as `4g`; what needs more is put on disk; read when the session starts | 60 % of the machine's |
/// | `headrace.spill.directory` | the folder for what does not fit into memory; read when the session starts | the machine's for temporary files |
///
/// Settings that would change results and are not supported are refused, and so are those that begin with `headrace.`
/// and don't exist; others that Spark knows are kept and have no effect. Thread-safe.
public final class RuntimeConfig {
    static final String TIME_ZONE = "spark.sql.session.timeZone";
    static final String JAVA8_TIME = "spark.sql.datetime.java8API.enabled";
    static final String PIVOT_MAX_VALUES = "spark.sql.pivotMaxValues";
    static final String PARALLELISM = "headrace.parallelism";
    static final String MEMORY_LIMIT = "headrace.memory.limit";
    static final String SPILL_DIRECTORY = "headrace.spill.directory";
    private static final String IGNORE_CORRUPT = "spark.sql.files.ignoreCorruptFiles";
    private static final String IGNORE_MISSING = "spark.sql.files.ignoreMissingFiles";
    private static final String PARTITION_OVERWRITE = "spark.sql.sources.partitionOverwriteMode";
    private static final String DYNAMIC = "dynamic";
    private static final List<String> AT_START = List.of(
            PARALLELISM, MEMORY_LIMIT, SPILL_DIRECTORY, ProgressTerminal.SETTING, "spark.master", "spark.app.name");
    private static final Map<String, String> ONLY =
            Map.of("spark.sql.ansi.enabled", "true", "spark.sql.caseSensitive", "false");

    /// Settings with which Spark gives other rows or types, each with the only values that mean what is done here.
    private static final Map<String, List<String>> AS_SPARKS_DEFAULT = Map.ofEntries(
            Map.entry("spark.sql.ansi.doubleQuotedIdentifiers", List.of("false")),
            Map.entry("spark.sql.ansi.relationPrecedence", List.of("false")),
            Map.entry("spark.sql.columnNameOfCorruptRecord", List.of("_corrupt_record")),
            Map.entry("spark.sql.decimalOperations.allowPrecisionLoss", List.of("true")),
            Map.entry("spark.sql.groupByAliases", List.of("true")),
            Map.entry("spark.sql.groupByOrdinal", List.of("true")),
            Map.entry("spark.sql.jsonGenerator.ignoreNullFields", List.of("true")),
            Map.entry("spark.sql.legacy.charVarcharAsString", List.of("false")),
            Map.entry("spark.sql.legacy.setopsPrecedence.enabled", List.of("false")),
            Map.entry("spark.sql.legacy.timeParserPolicy", List.of("EXCEPTION", "CORRECTED")),
            Map.entry("spark.sql.mapKeyDedupPolicy", List.of("EXCEPTION")),
            Map.entry("spark.sql.orderByOrdinal", List.of("true")),
            Map.entry("spark.sql.parquet.binaryAsString", List.of("false")),
            Map.entry("spark.sql.parquet.inferTimestampNTZ.enabled", List.of("true")),
            Map.entry("spark.sql.parser.escapedStringLiterals", List.of("false")),
            Map.entry("spark.sql.preserveCharVarcharTypeInfo", List.of("false")),
            Map.entry("spark.sql.readSideCharPadding", List.of("true")),
            Map.entry("spark.sql.retainGroupColumns", List.of("true")),
            Map.entry("spark.sql.sources.default", List.of("parquet")),
            Map.entry("spark.sql.timestampType", List.of("TIMESTAMP_LTZ")));

    /// All settings that are Headrace's own, also those that other modules read.
    private static final List<String> OWN = List.of(
            SessionTables.CATALOG_PATH,
            "headrace.delta.compactionBudget",
            MEMORY_LIMIT,
            PARALLELISM,
            "headrace.rowBalance.check",
            SPILL_DIRECTORY,
            "headrace.state.backend",
            "headrace.stream.maxLostRows",
            "headrace.stream.targetBatchTime",
            "headrace.testing.expectedError",
            "headrace.testing.failAt",
            "headrace.testing.pauseAt",
            "headrace.testing.pauseFile",
            "headrace.watermark.idleTimeout",
            "headrace.watermark.maxDrift");

    private final Map<String, String> values = new ConcurrentSkipListMap<>();
    private final Map<String, String> initial;

    RuntimeConfig(Map<String, String> initial) {
        this.initial = Map.copyOf(initial);
        values.put(TIME_ZONE, ZoneId.systemDefault().getId());
        values.put(JAVA8_TIME, "false");
        values.putAll(ONLY);
        initial.forEach(this::put);
    }

    /// The value of a setting.
    ///
    /// @throws QueryException `UNKNOWN_CONFIG` if it has none
    public String get(String key) {
        return find(key)
                .orElseThrow(() -> new QueryException(
                        "UNKNOWN_CONFIG",
                        "The setting '" + key + "' has no value. " + Suggestion.didYouMean(key, values.keySet())));
    }

    /// Whether a setting has a value.
    public boolean contains(String key) {
        return find(key).isPresent();
    }

    public String get(String key, String orElse) {
        return values.getOrDefault(key, orElse);
    }

    Optional<String> find(String key) {
        return Optional.ofNullable(values.get(key));
    }

    Path spillDirectory() {
        return Path.of(get(SPILL_DIRECTORY, System.getProperty("java.io.tmpdir")));
    }

    /// All settings that have a value.
    public Map<String, String> getAll() {
        return new TreeMap<>(values);
    }

    /// @throws QueryException `INVALID_CONFIG` for a value that can't be, `UNSUPPORTED_CONFIG` for one that is not
    ///     supported or a setting that is read when the session starts, `UNKNOWN_CONFIG` for a key that begins with
    ///     `headrace.` and is no setting
    public void set(String key, String value) {
        if (!isModifiable(key)) {
            throw new QueryException(
                    "UNSUPPORTED_CONFIG",
                    "'" + key + "' is read when the session starts. Set it with Session.builder().config(…).");
        }
        put(key, value);
    }

    public void set(String key, boolean value) {
        set(key, String.valueOf(value));
    }

    public void set(String key, long value) {
        set(key, String.valueOf(value));
    }

    /// Gives a setting its default back.
    public void unset(String key) {
        switch (key) {
            case TIME_ZONE -> set(key, ZoneId.systemDefault().getId());
            case JAVA8_TIME -> set(key, "false");
            default -> {
                if (!ONLY.containsKey(key)) {
                    values.remove(key);
                }
            }
        }
    }

    /// Gives a setting the value back that the session began with, else its default.
    void reset(String key) {
        unset(key);
        if (initial.containsKey(key)) {
            put(key, initial.get(key));
        }
    }

    /// As [#reset(String)], of all settings that can be changed.
    void reset() {
        getAll().keySet().stream().filter(this::isModifiable).forEach(this::reset);
        // Those that began with a value and were unset.
        initial.keySet().stream().filter(this::isModifiable).forEach(this::reset);
    }

    /// Whether the setting can be changed while the session runs.
    public boolean isModifiable(String key) {
        return !AT_START.contains(key);
    }

    private void put(String key, String value) {
        if (key.startsWith("headrace.") && !OWN.contains(key)) {
            throw new QueryException(
                    "UNKNOWN_CONFIG",
                    "'" + key + "' is not a setting. " + Suggestion.didYouMean(key, OWN) + " Those of Headrace: "
                            + String.join(", ", OWN) + ".");
        }
        String supported = ONLY.get(key);
        if (supported != null && !supported.equalsIgnoreCase(value.trim())) {
            throw new QueryException(
                    "UNSUPPORTED_CONFIG", "'" + key + "' is '" + value + "': only '" + supported + "' is supported.");
        }
        List<String> same = AS_SPARKS_DEFAULT.getOrDefault(key, List.of());
        if (!same.isEmpty() && same.stream().noneMatch(value.trim()::equalsIgnoreCase)) {
            throw new QueryException(
                    "UNSUPPORTED_CONFIG",
                    "'" + key + "' is '" + value + "': only '" + String.join("' and '", same)
                            + "' is supported. Spark would give other results.");
        }
        switch (key) {
            case TIME_ZONE -> zone(value);
            case JAVA8_TIME,
                    IGNORE_CORRUPT,
                    IGNORE_MISSING,
                    ParquetConnector.MERGE_SETTING,
                    OrcConnector.MERGE_SETTING,
                    PartitionColumns.TYPE_INFERENCE -> {
                if (!value.equalsIgnoreCase("true") && !value.equalsIgnoreCase("false")) {
                    throw invalid(key, value, "true or false");
                }
            }
            case PIVOT_MAX_VALUES -> pivotMaxValues(value);
            case FileOutput.MAX_RECORDS_SETTING -> {
                try {
                    Long.parseLong(value.trim());
                } catch (NumberFormatException notANumber) {
                    throw invalid(key, value, "a whole number");
                }
            }
            case PARTITION_OVERWRITE -> {
                if (!value.equalsIgnoreCase("static") && !value.equalsIgnoreCase(DYNAMIC)) {
                    throw invalid(key, value, "static or dynamic");
                }
            }
            default -> {
                // Any text will do.
            }
        }
        values.put(key, value);
    }

    ZoneId zone() {
        return zone(get(TIME_ZONE));
    }

    private static ZoneId zone(String id) {
        try {
            return ZoneId.of(id.trim(), ZoneId.SHORT_IDS);
        } catch (DateTimeException unknown) {
            throw invalid(TIME_ZONE, id, "a time zone such as 'UTC', 'Europe/Berlin' or '+02:00'");
        }
    }

    /// Whether overwrites that don't say replace only partitions that get rows.
    boolean replacesPartitions() {
        return get(PARTITION_OVERWRITE, "static").equalsIgnoreCase(DYNAMIC);
    }

    int pivotMaxValues() {
        return pivotMaxValues(get(PIVOT_MAX_VALUES, "10000"));
    }

    private static int pivotMaxValues(String value) {
        try {
            int most = Integer.parseInt(value.trim());
            if (most >= 0 && most < Integer.MAX_VALUE) {
                return most;
            }
        } catch (NumberFormatException notANumber) {
            throw invalid(PIVOT_MAX_VALUES, value, "a number of columns");
        }
        throw invalid(PIVOT_MAX_VALUES, value, "a number of columns");
    }

    boolean java8Time() {
        return Boolean.parseBoolean(get(JAVA8_TIME));
    }

    int parallelism() {
        String value = get(PARALLELISM, String.valueOf(Runtime.getRuntime().availableProcessors()));
        try {
            int threads = Integer.parseInt(value.trim());
            if (threads >= 1) {
                return threads;
            }
        } catch (NumberFormatException notANumber) {
            throw invalid(PARALLELISM, value, "a number of threads");
        }
        throw invalid(PARALLELISM, value, "at least 1");
    }

    static QueryException invalid(String key, String value, String expected) {
        return new QueryException("INVALID_CONFIG", "'" + key + "' is '" + value + "': expected " + expected + ".");
    }
}
