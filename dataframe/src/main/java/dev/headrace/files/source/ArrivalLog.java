package dev.headrace.files.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.headrace.errors.CheckpointException;
import dev.headrace.errors.UnavailableException;
import dev.headrace.files.DurableFiles;
import dev.headrace.files.InputFile;
import dev.headrace.files.InputFiles;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The files that a stream has found, numbered from 0 in the order in which they came: what makes a range of a
/// directory the same files at each reading.
///
/// It is kept in segments, each a file `arrivals-<number of its first file>.json` that is written once, whole: a line
/// that says which numbers it covers, then a line per file. Where there are many segments, the newest of them become
/// one, so that a file is written again a number of times that is logarithmic in how many there are. Files that have
/// been read and are gone are left out then: the log is about as long as the directory.
///
/// Used by one thread.
final class ArrivalLog {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PREFIX = "arrivals-";
    private static final String SUFFIX = ".json";
    private static final int VERSION = 1;
    private static final int MAX_SEGMENTS = 16;

    /// @param from the number of its first file
    /// @param to the number after its last file's
    private record Segment(long from, long to) {
        long length() {
            return to - from;
        }
    }

    private final Path directory;
    private final NavigableMap<Long, InputFile> arrivals = new TreeMap<>();
    private final Map<Path, InputFile> byPath = new HashMap<>();
    private final List<Segment> segments = new ArrayList<>();

    /// Reads what is there.
    ///
    /// @throws CheckpointException `INVALID_ARRIVAL_LOG`
    /// @throws UnavailableException `CHECKPOINT_NOT_READABLE`
    ArrivalLog(Path directory) {
        this.directory = directory;
        try {
            DurableFiles.createDirectories(directory);
            load();
        } catch (IOException failed) {
            throw new UnavailableException(
                    "CHECKPOINT_NOT_READABLE", "'" + directory + "' can't be read: " + failed + ".", failed);
        }
    }

    private void load() throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, PREFIX + "*" + SUFFIX)) {
            found.forEach(files::add);
        }
        files.sort(null);
        for (Path file : files) {
            List<String> lines = Files.readAllLines(file);
            JsonNode head = parse(file, lines.getFirst());
            if (head.path("version").asInt() != VERSION) {
                throw invalid(file, "its version is " + head.path("version") + ", expected " + VERSION);
            }
            Segment segment =
                    new Segment(head.path("from").asLong(), head.path("to").asLong());
            if (segment.from() < end()) {
                // it became part of the one before, and the process ended before this one was deleted
                Files.delete(file);
                continue;
            }
            if (segment.from() > end()) {
                throw invalid(file, "the files from number " + end() + " to it are missing");
            }
            segments.add(segment);
            for (String line : lines.subList(1, lines.size())) {
                JsonNode entry = parse(file, line);
                remember(entry.path("number").asLong(), fileOf(entry));
            }
        }
    }

    private static JsonNode parse(Path file, String line) {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException notJson) {
            throw invalid(file, "'" + line + "' is no JSON");
        }
    }

    private static CheckpointException invalid(Path file, String why) {
        return new CheckpointException(
                "INVALID_ARRIVAL_LOG", file + ": " + why + ". Restore the checkpoint, or start with a new one.");
    }

    private void remember(long number, InputFile file) {
        arrivals.put(number, file);
        byPath.put(file.path(), file);
    }

    /// The number that the next file gets.
    long end() {
        return segments.isEmpty() ? 0 : segments.getLast().to();
    }

    /// The file as it was when it was found last.
    Optional<InputFile> found(Path path) {
        return Optional.ofNullable(byPath.get(path));
    }

    /// The files with numbers from `from` to `to`, `to` excluded, all of them.
    ///
    /// @throws CheckpointException `ARRIVALS_FORGOTTEN` if some had been read and were gone when the log was shortened
    List<InputFile> between(long from, long to) {
        List<InputFile> files = List.copyOf(arrivals.subMap(from, to).values());
        if (files.size() < to - from) {
            throw new CheckpointException(
                    "ARRIVALS_FORGOTTEN",
                    directory + ": of the files number " + from + " to " + (to - 1) + ", " + (to - from - files.size())
                            + " are not in the log of arrivals any more: they had been read, and are deleted. Only "
                            + "batches whose files are there can run again.");
        }
        return files;
    }

    /// The files with numbers from `from` to `to`, `to` excluded, that are still in the log.
    Collection<InputFile> known(long from, long to) {
        return arrivals.subMap(from, to).values();
    }

    /// Adds files, which get the next numbers, and outlast a crash when this returns.
    ///
    /// @param read the numbers below this have been read
    /// @param isThere which files are in the directories now
    /// @throws UnavailableException `CHECKPOINT_NOT_WRITABLE`; adding them again is safe
    void add(List<InputFile> files, long read, Predicate<Path> isThere) {
        Segment segment = new Segment(end(), end() + files.size());
        NavigableMap<Long, InputFile> numbered = new TreeMap<>();
        for (int i = 0; i < files.size(); i++) {
            numbered.put(segment.from() + i, files.get(i));
        }
        try {
            write(segment, numbered);
            numbered.forEach(this::remember);
            segments.add(segment);
            if (segments.size() > MAX_SEGMENTS) {
                join(read, isThere);
            }
        } catch (IOException failed) {
            throw new UnavailableException(
                    "CHECKPOINT_NOT_WRITABLE",
                    "'" + directory + "' can't be written: " + failed + ". Check permissions and free space.",
                    failed);
        }
    }

    /// Makes the newest segments one, together with older ones that are not much longer.
    private void join(long read, Predicate<Path> isThere) throws IOException {
        int first = segments.size() - 1;
        long length = segments.getLast().length();
        while (first > 0 && segments.get(first - 1).length() <= 2 * length) {
            first--;
            length += segments.get(first).length();
        }
        List<Segment> old = List.copyOf(segments.subList(first, segments.size()));
        Segment joined = new Segment(old.getFirst().from(), old.getLast().to());
        NavigableMap<Long, InputFile> kept = arrivals.subMap(joined.from(), true, joined.to(), false);
        kept.entrySet().removeIf(entry -> {
            Path path = entry.getValue().path();
            boolean forgotten = entry.getKey() < read && !isThere.test(path);
            if (forgotten) {
                byPath.remove(path, entry.getValue());
            }
            return forgotten;
        });
        write(joined, kept);
        for (Segment segment : old.subList(1, old.size())) {
            Files.delete(fileOf(segment));
        }
        segments.subList(first, segments.size()).clear();
        segments.add(joined);
    }

    private Path fileOf(Segment segment) {
        return directory.resolve(PREFIX + String.format(java.util.Locale.ROOT, "%019d", segment.from()) + SUFFIX);
    }

    private void write(Segment segment, NavigableMap<Long, InputFile> files) throws IOException {
        StringBuilder text = new StringBuilder();
        text.append(JSON.createObjectNode()
                        .put("version", VERSION)
                        .put("from", segment.from())
                        .put("to", segment.to()))
                .append('\n');
        files.forEach((number, file) -> text.append(entry(number, file)).append('\n'));
        DurableFiles.write(fileOf(segment), text.toString());
    }

    private static ObjectNode entry(long number, InputFile file) {
        ObjectNode entry = JSON.createObjectNode()
                .put("number", number)
                .put("path", file.path().toString())
                .put("bytes", file.bytes())
                .put("modified", file.modifiedMillis());
        if (!file.partition().isEmpty()) {
            ObjectNode partition = entry.putObject("partition");
            file.partition().forEach((name, value) -> partition.put(name, value.orElse(null)));
        }
        return entry;
    }

    private static InputFile fileOf(JsonNode entry) {
        Map<String, Optional<String>> partition = new LinkedHashMap<>();
        entry.path("partition").fields().forEachRemaining(field -> {
            @Nullable String value = field.getValue().isNull() ? null : field.getValue().asText();
            partition.put(field.getKey(), Optional.ofNullable(value));
        });
        return new InputFile(
                InputFiles.path(entry.path("path").asText()),
                entry.path("bytes").asLong(),
                entry.path("modified").asLong(),
                partition);
    }
}
