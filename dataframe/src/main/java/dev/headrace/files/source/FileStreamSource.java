package dev.headrace.files.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.headrace.connector.BatchTable;
import dev.headrace.connector.ReadLimit;
import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.Split;
import dev.headrace.connector.StreamingSource;
import dev.headrace.errors.CheckpointException;
import dev.headrace.errors.DataException;
import dev.headrace.errors.UnavailableException;
import dev.headrace.files.InputFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// Gives the files of a directory in the order in which they came, each once. An offset is the number of files before
/// it, as in `{"files":17}`. Used by the thread of the trigger loop.
final class FileStreamSource implements StreamingSource {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final FileStreamTable table;
    private final ScanRequest request;
    private final ArrivalLog log;
    private final FileAges ages;
    private long cleaned;
    private long lastBatchMillis = Long.MIN_VALUE;

    FileStreamSource(FileStreamTable table, ScanRequest request, ArrivalLog log) {
        this.table = table;
        this.request = request;
        this.log = log;
        this.ages = new FileAges(table.arrival().minAgeMillis());
    }

    private static String json(long files) {
        return "{\"files\":" + files + "}";
    }

    private static long parse(String offset) {
        try {
            JsonNode files = JSON.readTree(offset).path("files");
            if (files.isIntegralNumber()) {
                return files.asLong();
            }
        } catch (JsonProcessingException notJson) {
            throw invalid(offset);
        }
        throw invalid(offset);
    }

    private static CheckpointException invalid(String offset) {
        return new CheckpointException(
                "INVALID_FILE_OFFSET",
                "The checkpoint has '" + offset + "' where a number of files as in {\"files\":17} should be. Does it "
                        + "belong to a query with another source?");
    }

    @Override
    public String initialOffset() {
        return json(0);
    }

    @Override
    public String latestOffset(String start, ReadLimit limit, long batchTimestampMillis) {
        long from = parse(start);
        if (from > log.end()) {
            throw new CheckpointException(
                    "INVALID_ARRIVAL_LOG",
                    "The checkpoint says that " + from + " files of " + table.description() + " were read, but its log "
                            + "of arrivals has " + log.end()
                            + ". Restore the checkpoint whole, or start with a new one.");
        }
        return switch (limit) {
            case ReadLimit.UpTo(String end, long most) -> json(admitted(from, parse(end), bytes(most)));
            case ReadLimit.Configured(long most) -> {
                look(from, batchTimestampMillis);
                long end = waits(from, batchTimestampMillis) ? from : admitted(from, log.end(), bytes(most));
                lastBatchMillis = end > from ? batchTimestampMillis : lastBatchMillis;
                yield json(end);
            }
            case ReadLimit.Everything() -> {
                look(from, batchTimestampMillis);
                yield json(log.end());
            }
        };
    }

    /// Whether there is too little for a batch yet. Not before the first one: it is not known for how long what there
    /// is has waited.
    private boolean waits(long from, long now) {
        if (lastBatchMillis == Long.MIN_VALUE) {
            return false;
        }
        // The clock may have been set back.
        lastBatchMillis = Math.min(lastBatchMillis, now);
        long bytes = 0;
        for (InputFile file : log.known(from, log.end())) {
            bytes += file.bytes();
        }
        return table.arrival().waits(log.end() - from, bytes, Duration.ofMillis(now - lastBatchMillis));
    }

    @Override
    public boolean hasMore(String end, long batchTimestampMillis) {
        long read = parse(end);
        look(read, batchTimestampMillis);
        return log.end() > read;
    }

    private long bytes(long most) {
        return Math.min(ReadLimit.bytesOf(most), table.arrival().maxBytes());
    }

    @Override
    public long size(String start, String end) {
        long bytes = 0;
        for (InputFile file : log.known(parse(start), parse(end))) {
            bytes += file.bytes();
        }
        return ReadLimit.sizeOf(bytes);
    }

    private long admitted(long from, long available, long maxBytes) {
        long files = 0;
        long bytes = 0;
        for (InputFile file : log.known(from, available)) {
            bytes += file.bytes();
            if (files == table.arrival().maxFiles() || bytes > maxBytes && files > 0) {
                break;
            }
            files++;
        }
        return from + files;
    }

    /// Puts the files that have come since into the log: the oldest first, of the same age by name.
    private void look(long read, long now) {
        List<InputFile> waiting = new ArrayList<>();
        Set<Path> there = new HashSet<>();
        for (InputFile file : table.list()) {
            there.add(file.path());
            if (isNew(file)) {
                waiting.add(file);
            }
        }
        List<InputFile> arrived = ages.oldEnough(waiting, now);
        if (!arrived.isEmpty()) {
            arrived.sort(Comparator.comparingLong(InputFile::modifiedMillis).thenComparing(InputFile::path));
            log.add(arrived, read, there::contains);
        }
    }

    private boolean isNew(InputFile file) {
        InputFile before = log.found(file.path()).orElse(null);
        if (before == null) {
            return true;
        }
        if (isSame(before, file.bytes(), file.modifiedMillis())) {
            return false;
        }
        return switch (table.arrival().changed()) {
            case REREAD -> true;
            case IGNORE -> false;
            case FAIL -> throw changed(before, file.bytes());
        };
    }

    private static boolean isSame(InputFile before, long bytes, long modifiedMillis) {
        return before.bytes() == bytes && before.modifiedMillis() == modifiedMillis;
    }

    private static DataException changed(InputFile before, long bytes) {
        return new DataException(
                "SOURCE_FILE_CHANGED",
                "'" + before.path() + "' has changed since the stream took it: it had " + before.bytes()
                        + " bytes, and has " + bytes
                        + ". Files must be finished when they come: write them elsewhere and move them in, or set the "
                        + "option minFileAge. With the option changedFiles, 'ignore' leaves the change out, 'reread' "
                        + "takes the whole file as new rows.");
    }

    @Override
    public List<Split> plan(String start, String end) {
        List<InputFile> files = new ArrayList<>();
        for (InputFile file : log.between(parse(start), parse(end))) {
            if (isReadable(file)) {
                files.add(file);
            }
        }
        if (files.isEmpty()) {
            return List.of();
        }
        BatchTable.Scan scan = table.of(files).scan(request);
        return scan.splits();
    }

    /// @return false if it is gone and that is all right
    private boolean isReadable(InputFile file) {
        try {
            BasicFileAttributes now = Files.readAttributes(file.path(), BasicFileAttributes.class);
            boolean same = isSame(file, now.size(), now.lastModifiedTime().toMillis());
            if (!same && table.arrival().changed() == ArrivalOptions.OnChange.FAIL) {
                throw changed(file, now.size());
            }
            return true;
        } catch (NoSuchFileException gone) {
            if (table.arrival().ignoreMissing()) {
                return false;
            }
            throw new DataException(
                    "SOURCE_FILE_GONE",
                    "'" + file.path() + "' is in the batch to run, and is gone. Put it back, or set the option "
                            + "ignoreMissingFiles to go on without its rows.");
        } catch (IOException failed) {
            throw new UnavailableException(
                    "FILE_NOT_READABLE", "'" + file.path() + "' can't be read: " + failed + ".", failed);
        }
    }

    @Override
    public void commit(String end) {
        if (table.arrival().clean() instanceof ArrivalOptions.CleanSource.Off) {
            return;
        }
        // Asked each time: a directory may have become the output of a query since.
        table.arrival().checkCleanable(log.known(cleaned, parse(end)));
        log.known(cleaned, parse(end)).forEach(this::clean);
        cleaned = parse(end);
    }

    /// Puts a file away if it is the one that was read: another one may have come under its name since.

    private void clean(InputFile file) {
        try {
            BasicFileAttributes now = Files.readAttributes(file.path(), BasicFileAttributes.class);
            if (!isSame(file, now.size(), now.lastModifiedTime().toMillis())) {
                return;
            }
            switch (table.arrival().clean()) {
                case ArrivalOptions.CleanSource.Off() -> {}
                case ArrivalOptions.CleanSource.Delete() -> Files.deleteIfExists(file.path());
                case ArrivalOptions.CleanSource.Archive(Path directory) -> archive(file.path(), directory);
            }
        } catch (NoSuchFileException _) {
            // It was put away before, or somebody else has taken it.
        } catch (IOException failed) {
            throw new UnavailableException(
                    "SOURCE_NOT_CLEANED",
                    "'" + file.path() + "' has been read and can't be put away (cleanSource): " + failed
                            + ". Check permissions and free space.",
                    failed);
        }
    }

    /// Moves a file to its own path below a directory. What was archived under that name before stays: the file gets
    /// the first number behind its name that is free.
    private static void archive(Path file, Path directory) throws IOException {
        Path absolute = file.toAbsolutePath().normalize();
        Path target =
                directory.resolve(Objects.requireNonNull(absolute.getRoot()).relativize(absolute));
        Files.createDirectories(Objects.requireNonNull(target.getParent()));
        Path free = target;
        for (int number = 1; Files.exists(free); number++) {
            free = target.resolveSibling(target.getFileName() + "." + number);
        }
        Files.move(file, free);
    }

    @Override
    public Map<String, String> metrics(String end) {
        return Map.of("numFilesOutstanding", Long.toString(log.end() - parse(end)));
    }

    @Override
    public void close() {}
}
