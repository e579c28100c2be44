package dev.headrace.files;

import dev.headrace.chunk.Chunk;
import dev.headrace.connector.ChunkReader;
import dev.headrace.connector.ConnectorOptions;
import dev.headrace.connector.Split;
import dev.headrace.errors.HeadraceException;
import dev.headrace.errors.QueryException;
import java.io.FileNotFoundException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Whether files are passed over that are damaged, or that have gone since the table was listed. What has been read of
/// them stays; a warning is logged.
///
/// @param corruptIgnored whether damaged files, and those of other formats, are passed over
/// @param missingIgnored whether files that have gone are
public record FaultyFiles(boolean corruptIgnored, boolean missingIgnored) {
    /// The options' names; the session's settings have [#SETTINGS] before them.
    static final List<String> OPTIONS = List.of("ignoreCorruptFiles", "ignoreMissingFiles");

    private static final String SETTINGS = "spark.sql.files.";
    private static final Logger LOG = LoggerFactory.getLogger(FaultyFiles.class);

    private static final Set<String> CORRUPT = Set.of(
            "DAMAGED_FILE",
            "DAMAGED_ARROW_FILE",
            "DAMAGED_AVRO_FILE",
            "DAMAGED_ORC_FILE",
            "DAMAGED_PARQUET_FILE",
            "NOT_AN_ARROW_FILE",
            "NOT_AN_AVRO_FILE",
            "NOT_AN_ORC_FILE",
            "NOT_A_PARQUET_FILE");

    /// What the options say, or else the session's settings `spark.sql.files.ignoreCorruptFiles` and
    /// `spark.sql.files.ignoreMissingFiles`.
    ///
    /// @throws QueryException `INVALID_OPTION`
    public static FaultyFiles of(ConnectorOptions options) {
        return new FaultyFiles(flag(options, OPTIONS.getFirst()), flag(options, OPTIONS.getLast()));
    }

    private static boolean flag(ConnectorOptions options, String name) {
        return options.flag(name, SETTINGS + name);
    }

    /// What is read, or nothing if that fails for a file that is passed over.
    public <T> Optional<T> read(Supplier<T> reading) {
        try {
            return Optional.of(reading.get());
        } catch (HeadraceException failed) {
            passOver(failed);
            return Optional.empty();
        }
    }

    /// The split of a file, which ends where the file can't be read on.
    public Split guard(Split split) {
        return mayLoseRows() ? new Guarded(split, this) : split;
    }

    /// Whether a file may give fewer rows than it says it has.
    public boolean mayLoseRows() {
        return corruptIgnored || missingIgnored;
    }

    private void passOver(HeadraceException failed) {
        boolean corrupt = CORRUPT.contains(failed.code()) && !isNotGiven(failed);
        boolean ignored = corruptIgnored && corrupt || missingIgnored && isMissing(failed);
        if (!ignored) {
            throw failed;
        }
        LOG.warn("The rest of a file is passed over: {}", failed.getMessage());
    }

    /// Whether the machine or the store does not give the file now, which libraries of formats tell as they do damage.
    private static boolean isNotGiven(@Nullable Throwable failed) {
        return failed != null
                && (failed instanceof FileSystemException
                        || failed instanceof ClosedChannelException
                        || isNotGiven(failed.getCause()));
    }

    private static boolean isMissing(@Nullable Throwable failed) {
        return failed != null
                && (failed instanceof NoSuchFileException
                        || failed instanceof FileNotFoundException
                        || isMissing(failed.getCause()));
    }

    private record Guarded(Split split, FaultyFiles faulty) implements Split {
        @Override
        public ChunkReader open(BufferAllocator allocator) {
            return new GuardedReader(faulty.read(() -> split.open(allocator)).orElse(null), faulty);
        }

        @Override
        public String part() {
            return split.part();
        }

        @Override
        public long estimatedRows() {
            return split.estimatedRows();
        }

        @Override
        public String toString() {
            return split.toString();
        }
    }

    private static final class GuardedReader implements ChunkReader {
        /// Null if the file can't be opened.
        private final @Nullable ChunkReader reader;

        private final FaultyFiles faulty;
        private boolean ended;

        GuardedReader(@Nullable ChunkReader reader, FaultyFiles faulty) {
            this.reader = reader;
            this.faulty = faulty;
            this.ended = reader == null;
        }

        @Override
        public @Nullable Chunk next() {
            if (ended || reader == null) {
                return null;
            }
            try {
                return reader.next();
            } catch (HeadraceException failed) {
                faulty.passOver(failed);
                ended = true;
                return null;
            }
        }

        @Override
        public Map<String, Long> metrics() {
            return reader == null ? Map.of() : reader.metrics();
        }

        @Override
        public void close() {
            if (reader != null) {
                reader.close();
            }
        }
    }
}
