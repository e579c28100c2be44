package dev.headrace.delta;

import dev.headrace.connector.ConnectorOptions;
import dev.headrace.delta.log.TableLog;
import dev.headrace.errors.QueryException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What the options of a stream that reads a table say.
///
/// @param endingVersion the last version that counts
/// @param endingTime versions that were committed later don't count
/// @param changes what to do about commits that take rows out of the table
/// @param readChangeFeed whether the stream is of changes, not of rows
/// @param deriveChanges whether changes that no feed tells follow from the files that commits add and remove
/// @param eventTimeOrder whether the rows of the first version come in the order of event time
record SourceOptions(
        Optional<Long> startingVersion,
        boolean fromLatest,
        Optional<Instant> startingTime,
        Optional<Long> endingVersion,
        Optional<Instant> endingTime,
        long maxFiles,
        long maxBytes,
        OnChange changes,
        boolean failOnDataLoss,
        boolean readChangeFeed,
        boolean deriveChanges,
        boolean eventTimeOrder) {
    static final String STARTING_VERSION = "startingVersion";
    static final String STARTING_TIMESTAMP = "startingTimestamp";
    static final String ENDING_VERSION = "endingVersion";
    static final String ENDING_TIMESTAMP = "endingTimestamp";
    static final String READ_CHANGE_FEED = "readChangeFeed";
    static final String DERIVE_CHANGES = "deriveChanges";
    static final String EVENT_TIME_ORDER = "withEventTimeOrder";
    static final String MAX_FILES = "maxFilesPerTrigger";
    static final String MAX_BYTES = "maxBytesPerTrigger";
    static final String IGNORE_DELETES = "ignoreDeletes";
    static final String IGNORE_CHANGES = "ignoreChanges";
    static final String SKIP_CHANGE_COMMITS = "skipChangeCommits";
    static final String FAIL_ON_DATA_LOSS = "failOnDataLoss";
    static final List<String> NAMES = List.of(
            STARTING_VERSION,
            STARTING_TIMESTAMP,
            ENDING_VERSION,
            ENDING_TIMESTAMP,
            MAX_FILES,
            MAX_BYTES,
            IGNORE_DELETES,
            IGNORE_CHANGES,
            SKIP_CHANGE_COMMITS,
            FAIL_ON_DATA_LOSS,
            READ_CHANGE_FEED,
            DERIVE_CHANGES,
            EVENT_TIME_ORDER);

    private static final long DEFAULT_MAX_FILES = 1000;

    /// What to do about a commit that takes rows out.
    enum OnChange {
        FAIL,
        /// Pass over commits that only take out.
        IGNORE_DELETES,
        /// Give the new files of such commits, with the rows that were in the old ones too.
        IGNORE_CHANGES,
        /// Pass over such commits, new files and all.
        SKIP_COMMITS
    }

    static SourceOptions of(ConnectorOptions options) {
        Optional<String> version = options.get(STARTING_VERSION);
        Optional<String> timestamp = options.get(STARTING_TIMESTAMP);
        checkOneOf(options, STARTING_VERSION, STARTING_TIMESTAMP);
        checkOneOf(options, ENDING_VERSION, ENDING_TIMESTAMP);
        if (options.flag(EVENT_TIME_ORDER, false) && options.flag(READ_CHANGE_FEED, false)) {
            checkOneOf(options, EVENT_TIME_ORDER, READ_CHANGE_FEED);
        }
        boolean latest = version.filter("latest"::equalsIgnoreCase).isPresent();
        return new SourceOptions(
                latest ? Optional.empty() : options.number(STARTING_VERSION),
                latest,
                timestamp.map(text -> TimeTravel.instant(text, STARTING_TIMESTAMP, options)),
                options.number(ENDING_VERSION),
                options.get(ENDING_TIMESTAMP).map(text -> TimeTravel.instant(text, ENDING_TIMESTAMP, options)),
                positive(options, MAX_FILES).orElse(DEFAULT_MAX_FILES),
                positive(options, MAX_BYTES).orElse(Long.MAX_VALUE),
                onChange(options),
                options.flag(FAIL_ON_DATA_LOSS, true),
                options.flag(READ_CHANGE_FEED, false),
                options.flag(DERIVE_CHANGES, false),
                options.flag(EVENT_TIME_ORDER, false));
    }

    private static void checkOneOf(ConnectorOptions options, String version, String timestamp) {
        if (options.get(version).isPresent() && options.get(timestamp).isPresent()) {
            throw new QueryException(
                    "CONFLICTING_OPTIONS",
                    "format(\"delta\") has both options '" + version + "' and '" + timestamp + "'. Give one of them.");
        }
    }

    private static Optional<Long> positive(ConnectorOptions options, String key) {
        Optional<Long> number = options.number(key);
        if (number.isPresent() && number.get() < 1) {
            throw options.invalid(key, "a number of at least 1");
        }
        return number;
    }

    /// The last version that counts, as far as the log knows now.
    long lastVersion(TableLog log) {
        return endingVersion
                .or(() -> endingTime.map(time -> log.firstCommitSince(time.plusMillis(1)) - 1))
                .orElse(Long.MAX_VALUE);
    }

    private static OnChange onChange(ConnectorOptions options) {
        if (options.flag(SKIP_CHANGE_COMMITS, false)) {
            return OnChange.SKIP_COMMITS;
        }
        if (options.flag(IGNORE_CHANGES, false)) {
            return OnChange.IGNORE_CHANGES;
        }
        return options.flag(IGNORE_DELETES, false) ? OnChange.IGNORE_DELETES : OnChange.FAIL;
    }
}
