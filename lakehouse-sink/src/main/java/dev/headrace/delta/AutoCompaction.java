package dev.headrace.delta;

import dev.headrace.connector.ConnectorOptions;
import dev.headrace.delta.log.TableMetadata;
import dev.headrace.errors.QueryException;
import dev.headrace.plan.IntervalText;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a writer was told about putting small files together after its commits. What nothing says is as Delta has it,
/// but that a stream does it unless it is told not to.
///
/// @param ofStream whether the writer is a streaming query
/// @param asked what an option of the write, or else the session says; it goes before what the table says
/// @param many how many files of about one size are put together, if that is said
/// @param fileBytes about how large files are to be, if that is said; it goes before what the table says
/// @param budget how long it may take between two batches, if that is said
record AutoCompaction(
        boolean ofStream,
        Optional<Boolean> asked,
        OptionalInt many,
        OptionalLong fileBytes,
        Optional<Duration> budget) {
    static final String OPTION = "autoCompact";
    static final String BUDGET = "headrace.delta.compactionBudget";
    private static final String ENABLED = "spark.databricks.delta.autoCompact.enabled";
    private static final String MANY = "spark.databricks.delta.autoCompact.minNumFiles";
    private static final String FILE_BYTES = "spark.databricks.delta.autoCompact.maxFileSize";
    private static final String PROPERTY = "delta.autoOptimize.autoCompact";

    private static final Pattern SIZE =
            Pattern.compile("([1-9]\\d{0,9})b?|([1-9]\\d{0,8})([kmg])b?", Pattern.CASE_INSENSITIVE);

    private static final int MANY_OF_STREAM = 16;
    private static final int MANY_OF_WRITE = 50;
    private static final long DEFAULT_FILE_BYTES = 128L << 20;

    /// @throws QueryException `INVALID_OPTION`, `INVALID_CONF`
    static AutoCompaction of(ConnectorOptions options, boolean ofStream) {
        Map<String, String> conf = options.session().conf();
        Optional<Boolean> asked = options.get(OPTION).isPresent()
                ? Optional.of(options.flag(OPTION, true))
                : Optional.ofNullable(conf.get(ENABLED)).map(AutoCompaction::flag);
        OptionalLong many = number(conf, MANY, 2);
        return new AutoCompaction(
                ofStream,
                asked,
                many.isPresent() ? OptionalInt.of(Math.toIntExact(many.getAsLong())) : OptionalInt.empty(),
                bytes(conf.get(FILE_BYTES)),
                Optional.ofNullable(conf.get(BUDGET)).map(AutoCompaction::time));
    }

    private static boolean flag(String text) {
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "true", "auto" -> true;
            case "false" -> false;
            default -> throw invalid(ENABLED, text, "true or false");
        };
    }

    private static OptionalLong number(Map<String, String> conf, String key, int least) {
        @Nullable String text = conf.get(key);
        if (text == null) {
            return OptionalLong.empty();
        }
        String digits = text.strip();
        if (!digits.matches("\\d{1,9}") || Long.parseLong(digits) < least) {
            throw invalid(key, text, "a whole number from " + least + " to 999999999");
        }
        return OptionalLong.of(Long.parseLong(digits));
    }

    private static OptionalLong bytes(@Nullable String text) {
        if (text == null) {
            return OptionalLong.empty();
        }
        Matcher size = SIZE.matcher(text.strip());
        if (!size.matches()) {
            throw invalid(FILE_BYTES, text, "a number of bytes from 1, such as '64mb'");
        }
        if (size.group(1) != null) {
            return OptionalLong.of(Long.parseLong(size.group(1)));
        }
        int shift = switch (size.group(3).toLowerCase(Locale.ROOT)) {
            case "k" -> 10;
            case "m" -> 20;
            default -> 30;
        };
        return OptionalLong.of(Long.parseLong(size.group(2)) << shift);
    }

    private static Duration time(String text) {
        long micros;
        try {
            micros = IntervalText.micros(text);
        } catch (QueryException notAnInterval) {
            QueryException invalid = invalid(BUDGET, text, "a time such as '200 milliseconds'");
            invalid.addSuppressed(notAnInterval);
            throw invalid;
        }
        if (micros < 0) {
            throw invalid(BUDGET, text, "a time such as '200 milliseconds'");
        }
        return Duration.of(micros, ChronoUnit.MICROS);
    }

    private static QueryException invalid(String key, String text, String expected) {
        return new QueryException("INVALID_CONF", "'" + key + "' is '" + text + "': expected " + expected + ".");
    }

    /// Whether it is done in a table as it is now.
    boolean appliesTo(WriteBase table) {
        if (ofStream && budget.filter(Duration::isZero).isPresent()) {
            return false;
        }
        // Clustered files would have to be put together along their curve.
        if (table.protocol().writerFeatures().contains("clustering")) {
            return false;
        }
        if (asked.isPresent()) {
            return asked.get();
        }
        @Nullable String property = table.metadata().configuration().get(PROPERTY);
        return switch (property == null ? "" : property.strip().toLowerCase(Locale.ROOT)) {
            case "true", "auto" -> true;
            case "false" -> false;
            default -> ofStream;
        };
    }

    /// How many files of about one size are put together.
    int manyFiles() {
        return many.orElse(ofStream ? MANY_OF_STREAM : MANY_OF_WRITE);
    }

    /// About how large files are to be.
    long fileBytes(TableMetadata table) {
        return fileBytes.orElse(
                table.configuration().containsKey("delta.targetFileSize")
                        ? table.targetFileBytes()
                        : DEFAULT_FILE_BYTES);
    }
}
