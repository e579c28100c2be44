package dev.headrace.delta.log;

import dev.headrace.errors.CheckpointException;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Which versions a log's directory holds commits and whole checkpoints of, by the names of its files.
///
/// @param directory the table's `_delta_log`
/// @param commits versions with a commit file
/// @param checkpoints versions with a checkpoint of which every part is there, and one of its files
public record LogListing(Path directory, TreeSet<Long> commits, TreeMap<Long, Path> checkpoints) {
    private static final Pattern COMMIT = Pattern.compile("(\\d{20})\\.json");
    private static final Pattern CHECKPOINT =
            Pattern.compile("(\\d{20})\\.checkpoint(?:\\.(\\d{10})\\.(\\d{10})|\\.[0-9a-f-]+)?\\.(?:parquet|json)");

    /// Commits, checksums, checkpoints and their parts; compacted logs, which end with a later version.
    private static final Pattern VERSIONED =
            Pattern.compile("(\\d{20})(?:\\.(\\d{20})\\.compacted\\.json|\\.json|\\.crc|\\.checkpoint\\..+)");

    /// @throws IOException if the directory can't be listed; one that isn't there has no versions
    public static LogListing of(Path directory) throws IOException {
        LogListing listing = new LogListing(directory, new TreeSet<>(), new TreeMap<>());
        Map<String, Integer> parts = new HashMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                listing.take(file, parts);
            }
        } catch (NoSuchFileException | NotDirectoryException noLog) {
            return listing;
        } catch (DirectoryIteratorException broken) {
            throw broken.getCause();
        }
        return listing;
    }

    /// The files that a reader who begins with the checkpoint of a version has no use for, in the order of their
    /// versions. Among them are compacted logs that begin before it or with it.
    public List<Path> filesBefore(long version) throws IOException {
        return files(VERSIONED, name -> {
            long first = Long.parseLong(name.group(1));
            return first < version || (first == version && name.group(2) != null);
        });
    }

    /// The files that stand in for commits up to a version: those of the last checkpoint before it, and compacted logs
    /// since then.
    List<Path> summaries(long version) throws IOException {
        Map.Entry<Long, Path> last = checkpoints.floorEntry(version);
        long checkpoint = last == null ? -1 : last.getKey();
        return files(VERSIONED, name -> {
            long first = Long.parseLong(name.group(1));
            return name.group(2) == null
                    ? first == checkpoint && name.group().contains(".checkpoint.")
                    : first > checkpoint && Long.parseLong(name.group(2)) <= version;
        });
    }

    /// The files in which checkpoints of version two keep the table's files.
    public List<Path> sidecars() throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory.resolve("_sidecars"), "*.parquet")) {
            files.forEach(found::add);
        } catch (NoSuchFileException | NotDirectoryException none) {
            return List.of();
        } catch (DirectoryIteratorException broken) {
            throw broken.getCause();
        }
        return found;
    }

    private List<Path> files(Pattern pattern, Predicate<Matcher> wanted) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                Matcher name = pattern.matcher(file.getFileName().toString());
                if (name.matches() && wanted.test(name)) {
                    found.add(file);
                }
            }
        } catch (DirectoryIteratorException broken) {
            throw broken.getCause();
        }
        found.sort(Comparator.comparing(file -> file.getFileName().toString()));
        return found;
    }

    private void take(Path file, Map<String, Integer> parts) {
        String name = file.getFileName().toString();
        Matcher commit = COMMIT.matcher(name);
        if (commit.matches()) {
            commits.add(Long.parseLong(commit.group(1)));
            return;
        }
        Matcher checkpoint = CHECKPOINT.matcher(name);
        if (checkpoint.matches()) {
            String of = checkpoint.group(3);
            int found = of == null ? 1 : parts.merge(checkpoint.group(1) + "/" + of, 1, Integer::sum);
            if (of == null || found == Integer.parseInt(of)) {
                checkpoints.put(Long.parseLong(checkpoint.group(1)), file);
            }
        }
    }

    /// Whether there is no table.
    public boolean isEmpty() {
        return commits.isEmpty() && checkpoints.isEmpty();
    }

    /// The newest version; the listing is not empty.
    public long latest() {
        long commit = commits.isEmpty() ? -1 : commits.last();
        return checkpoints.isEmpty() ? commit : Math.max(commit, checkpoints.lastKey());
    }

    /// The oldest version that can be built from what is there; empty if none can. The commit of a checkpoint's version
    /// is wanted, too.
    public OptionalLong earliest() {
        if (commits.contains(0L)) {
            return OptionalLong.of(0);
        }
        return checkpoints.keySet().stream()
                .filter(commits::contains)
                .mapToLong(Long::longValue)
                .findFirst();
    }

    /// Checks that the commits from the last checkpoint before a version up to the version are all there and not empty.
    ///
    /// @throws CheckpointException `DELTA_LOG_DAMAGED`
    void check(long version) throws IOException {
        Map.Entry<Long, Path> checkpoint = checkpoints.floorEntry(version);
        for (long commit = checkpoint == null ? 0 : checkpoint.getKey(); commit <= version; commit++) {
            Path file = directory.resolve(LocalCommitStore.fileName(commit));
            if (!commits.contains(commit)) {
                checkParts(commit, version);
                throw new CheckpointException(
                        "DELTA_LOG_DAMAGED",
                        file + " is missing: the log goes up to version " + latest()
                                + " and has no gaps by design. Restore the file from a copy.");
            }
            checkNotEmpty(file);
        }
    }

    /// A checkpoint that lacks a part is passed over, unless it would have stood in for a commit that is missing.
    private void checkParts(long missing, long version) throws IOException {
        List<Path> parts = files(CHECKPOINT, name -> {
            long of = Long.parseLong(name.group(1));
            return name.group(3) != null && of >= missing && of <= version;
        });
        for (Path part : parts.reversed()) {
            Matcher name = CHECKPOINT.matcher(part.getFileName().toString());
            for (int i = 1; name.matches() && i <= Integer.parseInt(name.group(3)); i++) {
                Path file = directory.resolve(
                        String.format("%s.checkpoint.%010d.%s.parquet", name.group(1), i, name.group(3)));
                if (!parts.contains(file)) {
                    throw new CheckpointException(
                            "DELTA_LOG_DAMAGED",
                            file + " is missing, and so are commits before it: without it the checkpoint of version "
                                    + Long.parseLong(name.group(1)) + " is not whole. Restore the file from a copy.");
                }
            }
        }
    }

    private static void checkNotEmpty(Path file) throws IOException {
        if (Files.size(file) == 0) {
            CommitJson.read(file.toString(), new byte[0]);
        }
    }

    /// Reads every file that a version is built from, to find the one that is damaged; finds none if all is well.
    ///
    /// @throws CheckpointException `DELTA_LOG_DAMAGED`
    public void checkContents(long version) throws IOException {
        check(version);
        Map.Entry<Long, Path> checkpoint = checkpoints.floorEntry(version);
        for (long commit = checkpoint == null ? 0 : checkpoint.getKey(); commit <= version; commit++) {
            Path file = directory.resolve(LocalCommitStore.fileName(commit));
            CommitJson.read(file.toString(), Files.readAllBytes(file));
        }
    }
}
