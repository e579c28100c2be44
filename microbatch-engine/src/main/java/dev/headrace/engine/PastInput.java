package dev.headrace.engine;

import dev.headrace.chunk.Closing;
import dev.headrace.connector.BatchTable;
import dev.headrace.connector.PayloadDecoder;
import dev.headrace.connector.RefreshedTable;
import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.Split;
import dev.headrace.connector.StreamTable;
import dev.headrace.connector.StreamingSource;
import dev.headrace.connector.Table;
import dev.headrace.exec.PhysicalPlan;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CompareOp;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.Scalar;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// What a query has read from its streams, as tables: turns the query into one that runs as a batch over exactly that.
final class PastInput implements AutoCloseable {
    private final List<PhysicalPlan.StreamScan> scans;
    private final List<Range> ranges;
    private final Map<RefreshedTable, BatchTable> tables;
    private final PastLosses losses;
    private final Path sources;
    private final Set<Integer> taken = new HashSet<>();
    private final List<StreamingSource> opened = new ArrayList<>();

    /// What was read from one source.
    record Range(String from, String to) {}

    /// @param scans the query's streams, by their numbers in the log
    /// @param tables the tables that are read anew from time to time, as they are to be read
    /// @param losses what the query has left out
    /// @param sources a copy of the folder in which sources keep what they must remember
    PastInput(
            List<PhysicalPlan.StreamScan> scans,
            List<Range> ranges,
            Map<RefreshedTable, BatchTable> tables,
            PastLosses losses,
            Path sources) {
        this.scans = List.copyOf(scans);
        this.ranges = ranges;
        this.tables = tables;
        this.losses = losses;
        this.sources = sources;
    }

    /// The query as a batch. Called once.
    LogicalPlan batch(LogicalPlan plan) {
        if (plan instanceof LogicalPlan.Scan scan && scan.table() instanceof StreamTable table) {
            int index = take(scan);
            return new LogicalPlan.Scan(new Past(table, ranges.get(index), index), scan.request());
        }
        if (plan instanceof LogicalPlan.Shed shed && shed.isStreaming()) {
            return remaining(shed);
        }
        if (plan instanceof LogicalPlan.Scan(RefreshedTable table, ScanRequest request)) {
            return new LogicalPlan.Scan(Objects.requireNonNull(tables.get(table)), request);
        }
        return plan.mapInputs(this::batch);
    }

    /// What the query has not left out of a stream.
    private LogicalPlan remaining(LogicalPlan.Shed shed) {
        int index = take(streamBelow(shed));
        List<LogicalPlan> parts = new ArrayList<>();
        for (PastLosses.Phase phase : losses.phases(shed, ranges.get(index))) {
            LogicalPlan rows = over(shed.input(), index, phase.range());
            parts.add(new LogicalPlan.Filter(
                    rows,
                    phase.kept().isEmpty()
                            ? anyKey(shed)
                            : shed.stays(phase.kept().getAsDouble())));
        }
        return parts.size() == 1 ? parts.getFirst() : new LogicalPlan.Union(parts);
    }

    /// True. The stream computes the key of each row, and rejects the rows that this fails for.
    private static BoundExpr anyKey(LogicalPlan.Shed shed) {
        return new BoundExpr.Compare(
                CompareOp.GREATER_OR_EQUAL, shed.key(), new BoundExpr.Literal(Scalar.of(Long.MIN_VALUE)));
    }

    private static LogicalPlan.Scan streamBelow(LogicalPlan plan) {
        return plan instanceof LogicalPlan.Scan scan
                ? scan
                : streamBelow(plan.inputs().getFirst());
    }

    private LogicalPlan over(LogicalPlan plan, int index, Range range) {
        return plan instanceof LogicalPlan.Scan(Table table, ScanRequest request)
                ? new LogicalPlan.Scan(new Past((StreamTable) table, range, index), request)
                : plan.mapInputs(input -> over(input, index, range));
    }

    /// A scan that stands in a part that the stream computes once, for several places, is taken several times; so is
    /// one that the stream has for several places with different columns.
    private int take(LogicalPlan.Scan scan) {
        List<Integer> same = scans.stream()
                .filter(candidate -> candidate.table().equals(scan.table())
                        && candidate.request().equals(scan.request()))
                .map(PhysicalPlan.StreamScan::index)
                .toList();
        int index = same.stream()
                .filter(candidate -> !taken.contains(candidate))
                .findFirst()
                .or(() -> same.stream().findFirst())
                .or(() -> scans.stream()
                        .filter(candidate -> candidate.table().equals(scan.table()))
                        .map(PhysicalPlan.StreamScan::index)
                        .findFirst())
                .orElseThrow(() -> new IllegalStateException(
                        "the streaming plan does not read " + scan.table().description()));
        taken.add(index);
        return index;
    }

    private StreamingSource open(StreamTable table, ScanRequest request, int index) {
        StreamingSource source = table.open(request, sources.resolve(Integer.toString(index)));
        opened.add(source);
        return source;
    }

    @Override
    public void close() {
        Closing.all(opened);
    }

    private final class Past implements BatchTable {
        private final StreamTable stream;
        private final Range range;
        private final int index;

        Past(StreamTable stream, Range range, int index) {
            this.stream = stream;
            this.range = range;
            this.index = index;
        }

        @Override
        public StructType schema() {
            return stream.schema();
        }

        @Override
        public String description() {
            return stream.description() + " from " + range.from() + " to " + range.to();
        }

        @Override
        public boolean usesFilter(BoundExpr predicate) {
            return stream.usesFilter(predicate);
        }

        @Override
        public boolean decodes(PayloadDecoder decoder) {
            return stream.decodes(decoder);
        }

        @Override
        public Scan scan(ScanRequest request) {
            if (range.from().equals(range.to())) {
                return List::of;
            }
            List<Split> splits = open(stream, request, index).plan(range.from(), range.to());
            return () -> splits;
        }
    }
}
