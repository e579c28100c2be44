package dev.headrace.files;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.connector.ConnectorOptions;
import dev.headrace.errors.QueryException;
import dev.headrace.errors.Secrets;
import dev.headrace.errors.Suggestion;
import dev.headrace.errors.UnavailableException;
import dev.headrace.files.store.StorePath;
import dev.headrace.parse.TimeFormats;
import dev.headrace.parse.TimestampText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Finds the files that paths stand for.
///
/// A path is a file, a directory or a pattern ([Glob]), with or without `file:` before it, or the URI of a store such
/// as `s3a://bucket/orders`. Of a directory, the files in
/// it and in its `key=value` subdirectories belong to the table; other subdirectories do not, unless the option
/// `recursiveFileLookup` is true. Names that begin with `_` or `.` are hidden. Of a directory that a streaming query
/// writes, the committed files are read, in the order of the batches ([Manifest]). Files come in the order of the
/// paths, within one by name.
public final class InputFiles {
    private static final String BASE_PATH = "basePath";
    private static final String MODIFIED_AFTER = "modifiedAfter";
    private static final String MODIFIED_BEFORE = "modifiedBefore";

    /// What readers of times may look at behind a text.
    private static final int PADDING = 16;

    /// The names of the options that every file format takes.
    public static final List<String> OPTIONS = Stream.concat(
                    Stream.of(
                            "path",
                            "recursiveFileLookup",
                            "pathGlobFilter",
                            BASE_PATH,
                            MODIFIED_AFTER,
                            MODIFIED_BEFORE),
                    FaultyFiles.OPTIONS.stream())
            .toList();

    private final Choice choice;
    private final boolean mayMatchNothing;
    private final List<InputFile> found = new ArrayList<>();

    /// Which of the files below a path belong to the table.
    ///
    /// @param recursive whether those of all subdirectories do
    /// @param names what the names must match
    /// @param base the table's root, below which the directories of the paths give partition columns, too
    /// @param after the files were changed later than this, in milliseconds since the epoch
    /// @param before the files were changed earlier than this
    private record Choice(boolean recursive, Optional<Pattern> names, Optional<Path> base, long after, long before) {
        static final Choice ALL = new Choice(false, Optional.empty(), Optional.empty(), Long.MIN_VALUE, Long.MAX_VALUE);

        static Choice of(ConnectorOptions options) {
            return new Choice(
                    options.flag("recursiveFileLookup", false),
                    options.get("pathGlobFilter").map(Glob::compile),
                    options.get(BASE_PATH)
                            .map(base -> path(base).toAbsolutePath().normalize()),
                    moment(options, MODIFIED_AFTER).orElse(Long.MIN_VALUE),
                    moment(options, MODIFIED_BEFORE).orElse(Long.MAX_VALUE));
        }

        private static Optional<Long> moment(ConnectorOptions options, String name) {
            ZoneId zone = options.session().zone();
            return options.get(name).map(text -> {
                byte[] bytes = text.trim().getBytes(StandardCharsets.UTF_8);
                long micros = new TimeFormats(Optional.empty(), Optional.empty(), Optional.empty(), zone)
                        .timestamp(Arrays.copyOf(bytes, bytes.length + PADDING), 0, bytes.length);
                if (micros == TimestampText.OTHER) {
                    throw options.invalid(name, "a timestamp such as '2026-01-31T10:00:00'");
                }
                return Math.floorDiv(micros, 1_000);
            });
        }

        boolean takes(String name) {
            return names.isEmpty() || names.get().matcher(name).matches();
        }

        boolean takes(long modifiedMillis) {
            return modifiedMillis > after && modifiedMillis < before;
        }
    }

    /// @param mayMatchNothing whether patterns may stand for nothing
    private InputFiles(Choice choice, boolean mayMatchNothing) {
        this.choice = choice;
        this.mayMatchNothing = mayMatchNothing;
    }

    /// The files of paths, without options.
    ///
    /// @throws QueryException `PATH_NOT_FOUND` if a path or pattern stands for nothing
    public static List<InputFile> list(List<String> paths) {
        return new InputFiles(Choice.ALL, false).listAll(paths);
    }

    /// The files of a table to read, by its paths and the options of [#OPTIONS].
    ///
    /// @throws QueryException `MISSING_PATH` without paths; `PATH_NOT_FOUND` if one stands for nothing
    public static List<InputFile> list(ConnectorOptions options) {
        return list(options, false);
    }

    /// The files that have come so far: as [#list], but nothing need match a pattern yet.
    public static List<InputFile> arrived(ConnectorOptions options) {
        return list(options, true);
    }

    private static List<InputFile> list(ConnectorOptions options, boolean mayMatchNothing) {
        return new InputFiles(Choice.of(options), mayMatchNothing).listAll(paths(options));
    }

    /// The paths that options give.
    ///
    /// @throws QueryException `MISSING_PATH` without one, or if one is empty
    public static List<String> paths(ConnectorOptions options) {
        List<String> paths = new ArrayList<>(options.paths());
        if (paths.isEmpty()) {
            options.get("path").ifPresent(paths::add);
        }
        if (paths.isEmpty()) {
            throw new QueryException(
                    "MISSING_PATH",
                    "format(\"" + options.format()
                            + "\") needs a path: give it to load(\"…\") or set the option 'path'.");
        }
        paths.forEach(options::notEmpty);
        return paths;
    }

    /// Whether a user's text means a local path.
    public static boolean isLocal(String path) {
        return path.startsWith("file:") || path.indexOf("://") <= 0;
    }

    /// Whether a path is a directory in which anything is.
    public static boolean hasFiles(String path) {
        Path directory = path(path);
        return Files.isDirectory(directory) && !children(directory).isEmpty();
    }

    /// What a user's text means, on the local disk or in a store.
    ///
    /// @throws QueryException `UNSUPPORTED_FILE_SYSTEM` if nothing on the class path knows its scheme
    /// @throws UnavailableException `STORE_NOT_REACHED`
    public static Path path(String path) {
        return isLocal(path) ? Path.of(withoutScheme(path)) : StorePath.of(path);
    }

    /// The directory at or above a path that is the output of a streaming query, whose manifest lists what it has.
    public static Optional<Path> streamOutput(Path path) {
        @Nullable Path directory = path.toAbsolutePath().normalize();
        while (directory != null && !Manifest.isIn(directory)) {
            directory = directory.getParent();
        }
        return Optional.ofNullable(directory);
    }

    /// The path on the local disk that a user's text means.
    ///
    /// @throws QueryException `UNSUPPORTED_FILE_SYSTEM` for a scheme other than `file:`
    public static Path localPath(String path) {
        if (!isLocal(path)) {
            throw new QueryException(
                    "UNSUPPORTED_FILE_SYSTEM",
                    "The path '" + Secrets.withoutLogin(path) + "' is on '" + path.substring(0, path.indexOf("://"))
                            + "'. Here only the local file system is supported: give a plain path or one with file:.");
        }
        return Path.of(withoutScheme(path));
    }

    private static String withoutScheme(String path) {
        if (!path.startsWith("file:")) {
            return path;
        }
        String rest = path.substring("file:".length());
        return rest.startsWith("//") ? rest.substring(rest.indexOf('/', 2) < 0 ? 2 : rest.indexOf('/', 2)) : rest;
    }

    private List<InputFile> listAll(List<String> paths) {
        for (String path : paths) {
            Path literal = path(path);
            String name = literal.toString();
            if (!Glob.isPattern(name) || Files.exists(literal)) {
                addRoot(literal, path);
                continue;
            }
            List<Path> matches = new ArrayList<>();
            Glob.alternatives(name)
                    .forEach(pattern -> expand(literal.getFileSystem().getPath(pattern), matches));
            if (matches.isEmpty() && !mayMatchNothing) {
                throw new QueryException(
                        "PATH_NOT_FOUND",
                        "Nothing matches the path pattern '" + path + "'. Hidden names (with _ or . in "
                                + "front) don't count.");
            }
            matches.forEach(match -> addRoot(match, path));
        }
        return List.copyOf(found);
    }

    private void addRoot(Path root, String asGiven) {
        if (Manifest.isIn(root)) {
            addCommitted(root);
        } else if (Files.isDirectory(root)) {
            addDirectory(root, partitionOf(root, asGiven));
        } else if (Files.exists(root)) {
            add(root, partitionOf(root.toAbsolutePath().normalize().getParent(), asGiven));
        } else {
            throw notFound(root, asGiven);
        }
    }

    /// What directories from the table's root down to this one give.
    private Map<String, Optional<String>> partitionOf(@Nullable Path directory, String asGiven) {
        Map<String, Optional<String>> partition = Map.of();
        if (choice.base.isEmpty() || choice.recursive || directory == null) {
            return partition;
        }
        Path base = choice.base.get();
        Path absolute = directory.toAbsolutePath().normalize();
        if (!absolute.startsWith(base)) {
            throw new QueryException(
                    "INVALID_OPTION",
                    "Option '" + BASE_PATH + "' is '" + base + "', and the path '" + asGiven
                            + "' does not lie below it: expected the directory that the table begins at.");
        }
        for (Path part : base.relativize(absolute)) {
            partition = part.toString().indexOf('=') > 0 ? with(partition, part.toString()) : partition;
        }
        return partition;
    }

    /// Of a streaming query's output, what is committed.
    private void addCommitted(Path root) {
        Path absolute = root.toAbsolutePath().normalize();
        try {
            for (Manifest.Entry entry : Manifest.of(root).entries()) {
                if (!entry.path().startsWith(absolute)) {
                    throw new QueryException(
                            "PATH_MOVED",
                            "'" + root + "' is the output of a streaming query, and its manifest lists '" + entry.path()
                                    + "', which lies elsewhere. Move the directory back, or delete its "
                                    + Manifest.DIRECTORY + " to read all files that are there.");
                }
                Map<String, Optional<String>> partition = Map.of();
                Path below = absolute.relativize(entry.path());
                for (int i = 0; i < below.getNameCount() - 1; i++) {
                    String name = below.getName(i).toString();
                    partition = name.indexOf('=') > 0 ? with(partition, name) : partition;
                }
                addCommitted(entry, partition);
            }
        } catch (IOException failed) {
            throw unreadable(root, failed);
        }
    }

    /// A file that is gone is taken as the manifest has it: one that was read before need not be there, and whoever is
    /// to read it finds that it is gone.
    private void addCommitted(Manifest.Entry entry, Map<String, Optional<String>> partition) {
        if (Files.exists(entry.path())) {
            add(entry.path(), partition);
        } else if (choice.takes(name(entry.path())) && choice.takes(entry.modifiedMillis())) {
            found.add(new InputFile(entry.path(), entry.bytes(), entry.modifiedMillis(), partition));
        }
    }

    private static QueryException notFound(Path path, String asGiven) {
        @Nullable Path existing = path.toAbsolutePath().getParent();
        while (existing != null && !Files.isDirectory(existing)) {
            existing = existing.getParent();
        }
        String hint = "";
        if (existing != null && path.getFileName() != null) {
            Path below = existing.relativize(path.toAbsolutePath());
            List<String> siblings =
                    children(existing).stream().map(InputFiles::name).toList();
            hint = existing.equals(path.toAbsolutePath().getParent())
                    ? Suggestion.didYouMean(below.toString(), siblings)
                    : "Of its directories, '" + existing + "' is the last that exists.";
        }
        return new QueryException("PATH_NOT_FOUND", "There is no file or directory '" + asGiven + "'. " + hint);
    }

    private void expand(Path pattern, List<Path> matches) {
        List<Path> level = List.of(pattern.isAbsolute() ? pattern.getRoot() : Path.of(""));
        for (Path part : pattern) {
            level = step(level, part.toString());
        }
        matches.addAll(level);
    }

    private static List<Path> step(List<Path> directories, String part) {
        List<Path> next = new ArrayList<>();
        for (Path directory : directories) {
            if (!Glob.isPattern(part)) {
                Path child = directory.resolve(part.replace("\\", ""));
                if (Files.exists(child)) {
                    next.add(child);
                }
            } else if (Files.isDirectory(directory.toString().isEmpty() ? Path.of(".") : directory)) {
                Pattern names = Glob.compile(part);
                children(directory.toString().isEmpty() ? Path.of(".") : directory).stream()
                        .filter(child ->
                                !isHidden(child) && names.matcher(name(child)).matches())
                        .forEach(next::add);
            }
        }
        return next;
    }

    private void addDirectory(Path directory, Map<String, Optional<String>> partition) {
        Cancellation.checkThread();
        for (Path child : children(directory)) {
            if (isHidden(child)) {
                continue;
            }
            if (!Files.isDirectory(child)) {
                add(child, partition);
            } else if (choice.recursive) {
                addDirectory(child, partition);
            } else if (name(child).indexOf('=') > 0) {
                addDirectory(child, with(partition, name(child)));
            }
        }
    }

    private static Map<String, Optional<String>> with(Map<String, Optional<String>> partition, String keyAndValue) {
        int equals = keyAndValue.indexOf('=');
        String value = PartitionPath.unescape(keyAndValue.substring(equals + 1));
        Map<String, Optional<String>> more = new LinkedHashMap<>(partition);
        more.put(
                PartitionPath.unescape(keyAndValue.substring(0, equals)),
                value.equals(PartitionPath.NULL) ? Optional.empty() : Optional.of(value));
        return more;
    }

    private void add(Path file, Map<String, Optional<String>> partition) {
        Cancellation.checkThread();
        if (!choice.takes(name(file))) {
            return;
        }
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            long modified = attributes.lastModifiedTime().toMillis();
            if (choice.takes(modified)) {
                found.add(new InputFile(StorePath.unlisted(file), attributes.size(), modified, partition));
            }
        } catch (IOException gone) {
            throw unreadable(file, gone);
        }
    }

    private static List<Path> children(Path directory) {
        List<Path> children = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            stream.forEach(children::add);
        } catch (IOException | java.nio.file.DirectoryIteratorException unreadable) {
            throw unreadable(directory, unreadable);
        }
        children.sort(null);
        return children;
    }

    private static boolean isHidden(Path path) {
        String name = name(path);
        boolean partition = name.indexOf('=') > 0;
        return name.startsWith(".") || name.startsWith("_") && !partition;
    }

    private static String name(Path path) {
        return path.getFileName().toString();
    }

    static UnavailableException unreadable(Path path, Exception cause) {
        return new UnavailableException(
                "FILE_NOT_READABLE",
                "'" + path + "' can't be read: " + cause + ". Check that it exists and is readable.",
                cause);
    }
}
