package dev.headrace.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.ChunkBuilder;
import dev.headrace.chunk.Slice;
import dev.headrace.connector.BatchTable;
import dev.headrace.connector.ChunkReader;
import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.Split;
import dev.headrace.engine.source.MemoryStream;
import dev.headrace.exec.MemorySplit;
import dev.headrace.function.FunctionRegistry;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CompareOp;
import dev.headrace.plan.JoinType;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.LogicalPlan.Aggregate.Aggregation;
import dev.headrace.plan.OutputColumn;
import dev.headrace.streaming.OutputMode;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Streams joined with tables that are read anew in each batch.
class StaticJoinTest {
    private static final StructType SCHEMA = new StructType().add("key", "string");

    @TempDir
    Path checkpoint;

    private final MemoryStream events = new MemoryStream(SCHEMA, 1);

    /// A table of one column, whose rows may change between batches.
    private static final class ChangingTable implements BatchTable {
        private volatile List<String> keys = List.of();

        @Override
        public StructType schema() {
            return SCHEMA;
        }

        @Override
        public String description() {
            return "changing";
        }

        @Override
        public Scan scan(ScanRequest request) {
            return () -> keys.stream()
                    .<Split>map(key -> memory -> rowOf(key, memory))
                    .toList();
        }

        private static ChunkReader rowOf(String key, BufferAllocator memory) {
            try (ChunkBuilder builder = new ChunkBuilder(SCHEMA, memory)) {
                builder.add(List.of(Slice.utf8(key)));
                Chunk row = builder.build();
                return new MemorySplit(List.of(row)).open(memory);
            }
        }
    }

    private LogicalPlan counts() {
        LogicalPlan scan = new LogicalPlan.Scan(events, ScanRequest.all(SCHEMA));
        BoundExpr key = column(scan, 0);
        return new LogicalPlan.Aggregate(
                scan,
                List.of(new OutputColumn("key", key)),
                List.of(new Aggregation("n", FunctionRegistry.bindAggregate("count", List.of(key), false))));
    }

    private static BoundExpr column(LogicalPlan of, int ordinal) {
        return new BoundExpr.Column(
                ordinal,
                of.schema().field(ordinal).name(),
                of.schema().field(ordinal).dataType(),
                true);
    }

    @Test
    void stateBelowAJoinSeesTheRowsThatCameWhileTheTableWasEmpty() throws Exception {
        ChangingTable table = new ChangingTable();
        LogicalPlan counts = counts();
        LogicalPlan names = new LogicalPlan.Scan(table, ScanRequest.all(SCHEMA));
        LogicalPlan both = new LogicalPlan.Join(counts, names, JoinType.INNER, Optional.empty());
        LogicalPlan joined = new LogicalPlan.Join(
                counts,
                names,
                JoinType.INNER,
                Optional.of(new BoundExpr.Compare(CompareOp.EQUAL, column(both, 0), column(both, 2))));
        try (StreamHarness stream = new StreamHarness(joined, OutputMode.CHANGELOG, checkpoint)) {
            stream.start();
            events.add(List.of(List.of(Slice.utf8("a")), List.of(Slice.utf8("a")), List.of(Slice.utf8("b"))));
            stream.query().processAllAvailable();
            assertEquals(List.of(), stream.allRows());

            table.keys = List.of("a");
            events.add(List.of(List.of(Slice.utf8("a")), List.of(Slice.utf8("b"))));
            stream.query().processAllAvailable();
            stream.stop();

            List<Object> counted = List.of(Slice.utf8("a"), 3L, Slice.utf8("a"), Slice.utf8("insert"));
            assertTrue(stream.lastBatch().contains(counted), stream.lastBatch().toString());
        }
    }
}
