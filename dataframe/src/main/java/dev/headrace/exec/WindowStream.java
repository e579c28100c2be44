package dev.headrace.exec;

import dev.headrace.chunk.ArrowTypes;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Closing;
import dev.headrace.chunk.Columns;
import dev.headrace.connector.ChunkReader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/// Sorted rows with the results of window functions, computed piece by piece while the rows are read. Owns the rows.
///
/// Rows are held as long as functions need them: those before that a frame goes back to, and those behind until it is
/// known where the frames of the first ones end. So no more of a partition is there than its frames reach, and for
/// functions that look at its end all of it, unless it may be large and they are among the [WindowTotals].
final class WindowStream implements ChunkReader {
    /// So many bytes of rows are read at once at most, unless more are needed to go on.
    private static final long MOST_BYTES = 1L << 20;

    private final PhysicalPlan.Window node;
    private final SortedRows sorted;
    private final List<SortColumn> partition;
    private final List<SortColumn> order;
    private final RunContext run;
    private final List<WindowResults> functions = new ArrayList<>();
    private final Deque<Chunk> ready = new ArrayDeque<>();
    private @Nullable WindowTotals totals;
    private @Nullable ChunkReader reader;
    private boolean ended;

    /// The rows that are held; the results of so many of them have been given.
    private @Nullable Chunk held;

    private int given;

    /// Where the partition of the first row that is held begins, and its peers.
    private int firstPartition;

    private int firstPeer;

    /// The number of that partition.
    private int partitionsBefore;

    /// Takes over the rows.
    ///
    /// @param node whose functions are over columns
    /// @param partition what the rows are sorted by first
    /// @param order what they are sorted by then
    WindowStream(
            PhysicalPlan.Window node,
            SortedRows sorted,
            List<SortColumn> partition,
            List<SortColumn> order,
            RunContext run) {
        this.node = node;
        this.sorted = sorted;
        this.partition = partition;
        this.order = order;
        this.run = run;
    }

    @Override
    public @Nullable Chunk next() {
        if (reader == null) {
            begin();
        }
        while (ready.isEmpty()) {
            if (!round()) {
                return null;
            }
        }
        return ready.removeFirst();
    }

    private void begin() {
        WindowTotals known = null;
        if (sorted.haveLargePartition()) {
            known = WindowTotals.of(node, sorted, partition, run);
            totals = known;
        }
        for (int c = 0; c < node.columns().size(); c++) {
            WindowResults ofPartitions = known == null ? null : known.results(c);
            functions.add(
                    ofPartitions != null
                            ? ofPartitions
                            : WindowResults.of(node.columns().get(c).call(), run));
        }
        reader = sorted.read();
    }

    /// Goes on until there are results.
    ///
    /// @return false if there are no more rows
    private boolean round() {
        while (true) {
            run.checkCancelled();
            Chunk rows = readOn();
            if (rows == null || given == rows.rowCount()) {
                return false;
            }
            WindowRows unknown = look(rows).range(given, rows.rowCount());
            int to = unknown.to();
            for (WindowResults function : functions) {
                to = Math.min(to, function.knownUpTo(unknown.range(given, to)));
            }
            if (to > given) {
                give(unknown.range(given, to));
                return true;
            }
            if (ended) {
                throw new IllegalStateException("results are not known although all rows are there");
            }
        }
    }

    /// Puts rows behind those that are held.
    private @Nullable Chunk readOn() {
        ChunkReader from = reader;
        Chunk before = held;
        long bytes = Math.min(MOST_BYTES, run.spill().shareOf(8 * run.tasks().parallelism()));
        if (before != null) {
            // What is held is copied, and looked at again.
            bytes = Math.max(bytes, before.sizeInBytes() / 2);
        }
        List<Chunk> pieces = new ArrayList<>();
        try {
            long read = 0;
            while (from != null && !ended && read < bytes) {
                Chunk chunk = from.next();
                if (chunk == null) {
                    ended = true;
                } else {
                    pieces.add(chunk);
                    read += chunk.sizeInBytes();
                }
            }
        } catch (Throwable failed) {
            Closing.all(pieces);
            throw failed;
        }
        if (pieces.isEmpty()) {
            return before;
        }
        held = null;
        if (before != null) {
            pieces.addFirst(before);
        }
        Chunk all = Columns.concat(node.input().schema(), pieces, run.allocator());
        held = all;
        return all;
    }

    private WindowRows look(Chunk rows) {
        WindowRows all = WindowRows.of(rows, firstPartition, firstPeer, ended, partition, order);
        if (ended || totals == null || !totals.areRead()) {
            return all;
        }
        return all.lastPartitionHas(totals.sizeOf(partitionsBefore + all.partitionsIn(1, all.count())));
    }

    private void give(WindowRows rows) {
        Chunk results = results(rows);
        long perRow = results.sizeInBytes() / results.rowCount() + 1;
        int step = (int) Math.clamp(MOST_BYTES / perRow, 1, Chunk.TARGET_ROWS);
        try (results) {
            for (int from = 0; from < results.rowCount(); from += step) {
                run.checkCancelled();
                ready.add(results.slice(from, Math.min(step, results.rowCount() - from)));
            }
        }
        int needed = rows.to() - 1;
        for (WindowResults function : functions) {
            needed = Math.min(needed, function.neededFrom(rows));
        }
        forget(rows, Math.max(0, needed));
    }

    private Chunk results(WindowRows rows) {
        List<FieldVector> columns = new ArrayList<>();
        try (Chunk piece = rows.rows().slice(rows.from(), rows.size())) {
            for (int c = 0; c < piece.columnCount(); c++) {
                columns.add(piece.share(c));
            }
            for (int c = 0; c < functions.size(); c++) {
                run.checkCancelled();
                FieldVector target =
                        ArrowTypes.field(node.schema().field(columns.size())).createVector(run.allocator());
                columns.add(target);
                functions.get(c).write(rows, target);
                target.setValueCount(rows.size());
            }
            return new Chunk(node.schema(), columns, rows.size());
        } catch (Throwable failed) {
            Closing.all(columns);
            throw failed;
        }
    }

    /// Keeps the rows from one on; those before [WindowRows#to] have their results.
    private void forget(WindowRows rows, int from) {
        partitionsBefore += rows.partitionsIn(1, from + 1);
        firstPartition = rows.partitionStart()[from] - from;
        firstPeer = rows.peerStart()[from] - from;
        given = rows.to() - from;
        if (from > 0) {
            int[] kept = IntStream.range(from, rows.count()).toArray();
            try (Chunk before = rows.rows()) {
                held = null;
                held = Columns.gather(before, kept, 0, kept.length, run.allocator());
            }
        }
    }

    @Override
    public void close() {
        Closing.all(ready);
        ready.clear();
        if (held != null) {
            held.close();
            held = null;
        }
        Closing.all(functions);
        functions.clear();
        if (totals != null) {
            totals.close();
            totals = null;
        }
        if (reader != null) {
            reader.close();
            reader = null;
        }
        sorted.close();
    }
}
