package dev.headrace.orc;

import dev.headrace.columns.ColumnWriter;
import dev.headrace.columns.StructWriter;
import dev.headrace.files.FileRange;
import dev.headrace.files.FileTable;
import dev.headrace.plan.BoundExpr;
import dev.headrace.types.StructType;
import java.io.IOException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.hadoop.conf.Configuration;
import org.apache.orc.OrcFile;
import org.apache.orc.Reader;
import org.apache.orc.RecordReader;
import org.apache.orc.StripeInformation;
import org.apache.orc.TypeDescription;
import org.apache.orc.storage.ql.exec.vector.VectorizedRowBatch;

/// Reads files of ORC. A part of a file has the stripes that begin in it.
///
/// @param zone in which timestamps are told
/// @param filters rows for which they are not all true may be left out
record OrcFormat(ZoneId zone, List<BoundExpr> filters) implements FileTable.Format {
    @Override
    public String name() {
        return "orc";
    }

    @Override
    public boolean isSplittable() {
        return true;
    }

    @Override
    public StructType columnsToParse(StructType asked, StructType all) {
        return asked;
    }

    @Override
    public boolean usesFilter(BoundExpr filter, StructType columns) {
        return OrcFilter.isUsed(filter, columns, zone);
    }

    @Override
    public FileTable.Format leavingOut(List<BoundExpr> notTrue) {
        return new OrcFormat(zone, notTrue);
    }

    @Override
    public FileTable.RowReader open(FileRange range, StructType columns, StructType all, BufferAllocator allocator) {
        return new Rows(range, columns, all, allocator);
    }

    /// The columns of a file.
    static StructType schemaOf(Path path) {
        try (Reader file = open(path)) {
            return OrcSchema.table(path, file.getSchema());
        } catch (IOException | RuntimeException failed) {
            throw OrcErrors.failed(path, failed);
        }
    }

    private static Reader open(Path path) throws IOException {
        Configuration configuration = new Configuration(false);
        OneFile file = new OneFile(path, configuration);
        return OrcFile.createReader(
                file.name(),
                OrcFile.readerOptions(configuration)
                        .filesystem(file)
                        .useUTCTimestamp(true)
                        .convertToProlepticGregorian(true));
    }

    private final class Rows implements FileTable.RowReader {
        private static final OrcFile.WriterVersion FIRST_OF_SOUND_STATISTICS = OrcFile.WriterVersion.ORC_135;
        private static final long MANY_BYTES = 16 << 20;
        /// Rows after which the bytes are counted, and the fewest that the library is asked for at once.
        private static final int STEP_ROWS = 32;

        private final Path path;
        private final StructType asked;
        private final StructWriter columns;
        private final Reader file;
        private final RecordReader rows;
        private final OrcColumns held;
        private final VectorizedRowBatch batch;
        private final ColumnReader reader = new ColumnReader(new WallClock(zone));
        /// Of the stripes.
        private final long rowCount;
        private int taken;
        private long rowsRead;
        private boolean atEnd;

        Rows(FileRange range, StructType asked, StructType table, BufferAllocator allocator) {
            this.path = range.file().path();
            this.asked = asked;
            Reader opened = null;
            try {
                opened = OrcFormat.open(path);
                TypeDescription all = opened.getSchema();
                boolean record = all.getCategory() == TypeDescription.Category.STRUCT;
                if (!record) {
                    throw OrcErrors.unsupported(path, "", all);
                }
                held = OrcColumns.of(path, all, asked, table);
                long to = Math.min(range.to(), range.file().bytes());
                Reader.Options options = opened.options()
                        .schema(held.schema())
                        .include(held.include())
                        .range(range.from(), to - range.from());
                if (opened.getWriterVersion().includes(FIRST_OF_SOUND_STATISTICS)) {
                    new OrcFilter(table, path, all, zone)
                            .of(filters)
                            .ifPresent(test -> options.searchArgument(
                                    test, held.schema().getFieldNames().toArray(String[]::new)));
                }
                rows = opened.rows(options);
                rowCount = opened.getStripes().stream()
                        .filter(stripe -> range.from() <= stripe.getOffset() && stripe.getOffset() < to)
                        .mapToLong(StripeInformation::getNumberOfRows)
                        .sum();
                batch = held.schema().createRowBatch(batchRows(opened));
                file = opened;
            } catch (IOException | RuntimeException failed) {
                throw OrcErrors.failed(path, closed(opened, failed));
            }
            this.columns = (StructWriter) ColumnWriter.of(asked, Optional.of(allocator));
        }

        /// The library holds the values of a batch on the heap.
        private static int batchRows(Reader file) {
            long rowBytes = file.getRawDataSize() / Math.max(1, file.getNumberOfRows());
            return (int) Math.clamp(MANY_BYTES / Math.max(1, rowBytes), STEP_ROWS, VectorizedRowBatch.DEFAULT_SIZE);
        }

        private static Exception closed(@org.jspecify.annotations.Nullable Reader opened, Exception failed) {
            try {
                if (opened != null) {
                    opened.close();
                }
            } catch (IOException again) {
                failed.addSuppressed(again);
            }
            return failed;
        }

        @Override
        public int read(int maxRows) {
            int count = 0;
            try {
                while (count < maxRows && columns.byteCount(count) < MANY_BYTES) {
                    if (taken == batch.size) {
                        taken = 0;
                        if (!rows.nextBatch(batch)) {
                            batch.size = 0;
                            atEnd = true;
                            break;
                        }
                        rowsRead += batch.size;
                    }
                    int more = Math.min(STEP_ROWS, Math.min(maxRows - count, batch.size - taken));
                    columns.ensure(count + more);
                    copy(count, more);
                    taken += more;
                    count += more;
                }
                columns.ensure(count);
                return count;
            } catch (IOException | RuntimeException failed) {
                throw OrcErrors.failed(path, failed);
            }
        }

        private void copy(int row, int count) {
            for (int i = 0; i < asked.size(); i++) {
                int place = held.places().get(i);
                if (place < 0) {
                    continue;
                }
                for (int k = 0; k < count; k++) {
                    reader.read(
                            batch.cols[place],
                            taken + k,
                            columns.field(i),
                            row + k,
                            asked.field(i).dataType(),
                            held.schema().getChildren().get(place));
                }
            }
        }

        @Override
        public StructWriter columns() {
            return columns;
        }

        @Override
        public Set<String> missing() {
            return held.missing();
        }

        @Override
        public Map<String, Long> metrics() {
            return Map.of("rowsSkipped", atEnd ? rowCount - rowsRead : 0);
        }

        @Override
        public void close() {
            columns.close();
            try {
                rows.close();
                file.close();
            } catch (IOException failed) {
                throw OrcErrors.failed(path, failed);
            }
        }
    }
}
