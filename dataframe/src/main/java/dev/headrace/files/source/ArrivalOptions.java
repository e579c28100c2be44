package dev.headrace.files.source;

import dev.headrace.connector.ConnectorOptions;
import dev.headrace.errors.QueryException;
import dev.headrace.files.FaultyFiles;
import dev.headrace.files.InputFile;
import dev.headrace.files.InputFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/// What the options of a stream of files say beside those of the format.
///
/// @param minFiles,minBytes how much a batch waits for
/// @param maxDelay how long it waits at most
/// @param minAgeMillis how long a file must not have changed before it is taken
/// @param changed what to do about files that have changed since they were taken
/// @param ignoreMissing whether files that are gone before they were read are left out, rather than end the query
/// @param clean what to do with the files of committed batches
public record ArrivalOptions(
        long maxFiles,
        long maxBytes,
        long minFiles,
        long minBytes,
        Duration maxDelay,
        long minAgeMillis,
        OnChange changed,
        boolean ignoreMissing,
        CleanSource clean) {
    /// The names of the options.
    public static final List<String> NAMES = List.of(
            "maxFilesPerTrigger",
            "maxBytesPerTrigger",
            "minFilesPerTrigger",
            "minBytesPerTrigger",
            "maxTriggerDelay",
            "minFileAge",
            "changedFiles",
            "cleanSource",
            "sourceArchiveDir");

    /// What to do about a file that has changed since it was taken.
    public enum OnChange {
        FAIL,
        IGNORE,
        /// Take it again, whole: its rows are new rows.
        REREAD
    }

    /// What to do with files that have been read, once their batch is committed.
    public sealed interface CleanSource {
        record Off() implements CleanSource {}

        record Delete() implements CleanSource {}

        /// Moves a file to the same place below another directory.
        record Archive(Path directory) implements CleanSource {}
    }

    static ArrivalOptions of(ConnectorOptions options) {
        OnChange changed = switch (options.get("changedFiles", "fail").toLowerCase(Locale.ROOT)) {
            case "fail" -> OnChange.FAIL;
            case "ignore" -> OnChange.IGNORE;
            case "reread" -> OnChange.REREAD;
            default -> throw options.invalid("changedFiles", "fail, ignore or reread");
        };
        return new ArrivalOptions(
                positive(options, "maxFilesPerTrigger").orElse(Long.MAX_VALUE),
                positive(options, "maxBytesPerTrigger").orElse(Long.MAX_VALUE),
                positive(options, "minFilesPerTrigger").orElse(1L),
                positive(options, "minBytesPerTrigger").orElse(0L),
                options.duration("maxTriggerDelay").orElse(Duration.ofMinutes(15)),
                options.duration("minFileAge").map(Duration::toMillis).orElse(0L),
                changed,
                FaultyFiles.of(options).missingIgnored(),
                clean(options));
    }

    private static Optional<Long> positive(ConnectorOptions options, String key) {
        Optional<Long> number = options.number(key);
        if (number.isPresent() && number.get() < 1) {
            throw options.invalid(key, "a number of at least 1");
        }
        return number;
    }

    /// Whether a batch waits for more than these files.
    boolean waits(long files, long bytes, Duration sinceLastBatch) {
        return (files < minFiles || bytes < minBytes) && sinceLastBatch.compareTo(maxDelay) < 0;
    }

    private static CleanSource clean(ConnectorOptions options) {
        Optional<Path> archive = options.get("sourceArchiveDir").map(InputFiles::localPath);
        return switch (options.get("cleanSource", "off").toLowerCase(Locale.ROOT)) {
            case "off" -> new CleanSource.Off();
            case "delete" -> new CleanSource.Delete();
            case "archive" ->
                new CleanSource.Archive(apart(
                        options,
                        archive.orElseThrow(() -> new QueryException(
                                "MISSING_OPTION",
                                "format(\"" + options.format() + "\") with cleanSource 'archive' needs the option "
                                        + "'sourceArchiveDir': the directory to move files to."))));
            default -> throw options.invalid("cleanSource", "off, delete or archive");
        };
    }

    /// Checks that files may be put away. The output of a streaming query is what its manifest lists, and without
    /// those files it can't be read any more.
    ///
    /// @throws QueryException `CLEAN_SOURCE_OF_STREAM_OUTPUT`
    void checkCleanable(Collection<InputFile> files) {
        if (clean instanceof CleanSource.Off) {
            return;
        }
        files.stream()
                .map(file -> Objects.requireNonNull(
                        file.path().toAbsolutePath().normalize().getParent()))
                .distinct()
                .forEach(this::checkCleanable);
    }

    private void checkCleanable(Path directory) {
        InputFiles.streamOutput(directory).ifPresent(output -> {
            throw new QueryException(
                    "CLEAN_SOURCE_OF_STREAM_OUTPUT",
                    "The option cleanSource would take files away from '" + output + "', which is the output of a"
                            + " streaming query: its manifest lists them, and nobody could read it any more. Leave"
                            + " cleanSource out, and delete what is old with the whole output.");
        });
    }

    /// A directory in which files are not found again.
    private static Path apart(ConnectorOptions options, Path archive) {
        for (String path : InputFiles.paths(options)) {
            Path source = InputFiles.path(path).toAbsolutePath().normalize();
            if (archive.toAbsolutePath().normalize().startsWith(source)) {
                throw options.invalid(
                        "sourceArchiveDir", "a directory outside '" + path + "', or its files would be read again");
            }
        }
        return archive.toAbsolutePath().normalize();
    }

    /// The options that are the format's own.
    static ConnectorOptions without(ConnectorOptions given) {
        Map<String, String> rest = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        rest.putAll(given.options());
        NAMES.forEach(rest::remove);
        return new ConnectorOptions(
                given.format(), rest, given.schema(), given.paths(), given.partitionColumns(), given.session());
    }
}
