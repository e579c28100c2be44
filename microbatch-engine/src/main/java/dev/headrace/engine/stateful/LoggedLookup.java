package dev.headrace.engine.stateful;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Columns;
import dev.headrace.exec.ChunkCollector;
import dev.headrace.exec.MemorySplit;
import dev.headrace.exec.PhysicalPlan;
import dev.headrace.exec.Preparation;
import dev.headrace.exec.Prepared;
import dev.headrace.exec.Stage;
import dev.headrace.types.StructType;
import java.util.List;

/// A lookup join of rows that only come, whose answers something keeps: a state, or one of several outputs.
///
/// @param input gives rows and keys
record LoggedLookup(PhysicalPlan input, String name, LookupLog log) implements KeepsRows {
    @Override
    public StructType schema() {
        return log.join().schema();
    }

    @Override
    public List<PhysicalPlan> inputs() {
        return List.of(input);
    }

    @Override
    public List<OperatorState> keepers() {
        return List.of(log.state());
    }

    @Override
    public String describe() {
        return "LookupJoin " + name + ", keeps the answers of the batch";
    }

    @Override
    public Prepared prepare(Preparation preparation) {
        Prepared below = preparation.prepare(input);
        KeptResults.Ready lookups = log.prepare(preparation);
        return run -> {
            List<Chunk> chunks = ChunkCollector.collect(below.open(run), run);
            chunks.forEach(chunk -> log.state().countTaken(chunk.rowCount()));
            try (Chunk batch = chunks.isEmpty()
                    ? Chunk.empty(input.schema(), run.allocator())
                    : Columns.concat(input.schema(), chunks, run.allocator())) {
                return Stage.of(List.of(new MemorySplit(lookups.results(batch, run))));
            }
        };
    }
}
