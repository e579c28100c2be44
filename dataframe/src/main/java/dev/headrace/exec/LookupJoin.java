package dev.headrace.exec;

import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.ChunkBuilder;
import dev.headrace.plan.JoinType;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.LookupCall;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Puts beside each row what something outside gives for its key: asks for the distinct keys of a chunk, and joins the
/// chunk with the answers.
///
/// @param keys columns of the input, of the types of the lookup's keys
public record LookupJoin(PhysicalPlan input, int[] keys, LookupCall lookup, JoinType type)
        implements PhysicalPlan.Custom {

    /// The columns of the input, then the key's and the values of the lookup.
    @Override
    public StructType schema() {
        return LogicalPlan.Join.schemaOf(input.schema(), answerSchema(), type);
    }

    private StructType answerSchema() {
        List<StructField> fields = new ArrayList<>(lookup.keySchema().fieldList());
        fields.addAll(lookup.valueSchema().fieldList());
        return new StructType(fields);
    }

    @Override
    public List<PhysicalPlan> inputs() {
        return List.of(input);
    }

    @Override
    public String describe() {
        return "LookupJoin " + type + " " + lookup.name() + " by "
                + input.schema().select(keys).names();
    }

    @Override
    public Prepared prepare(Preparation preparation) {
        Prepared rows = preparation.prepare(input);
        Lookups lookups = new Lookups(lookup);
        return run -> rows.open(run).then(() -> new Probe(lookups, run));
    }

    /// The join with the answers for a chunk.
    private PhysicalPlan.HashJoin join() {
        return new PhysicalPlan.HashJoin(
                input,
                new PhysicalPlan.Values(answerSchema(), List.of()),
                type,
                keys,
                answerKeys(),
                Optional.empty(),
                false,
                schema());
    }

    private int[] answerKeys() {
        return IntStream.range(0, keys.length).toArray();
    }

    private final class Probe implements Operator {
        private final Lookups lookups;
        private final RunContext run;
        private final PhysicalPlan.HashJoin join = join();
        private final BitSet all = new BitSet();

        Probe(Lookups lookups, RunContext run) {
            this.lookups = lookups;
            this.run = run;
            all.set(0, join.schema().size());
        }

        @Override
        public void process(Chunk chunk, Output out) {
            List<List<@Nullable Object>> answers = lookups.answers(keysOf(chunk), run);
            StructType schema = answerSchema();
            try (ChunkBuilder builder = new ChunkBuilder(schema, run.allocator())) {
                answers.forEach(builder::add);
                long most = new JoinHeap(schema, answerKeys(), run).most(answers.size());
                try (SpillSpace.OnHeap heap = run.spill().onHeap(most);
                        JoinTable table = JoinTable.build(List.of(builder.build()), schema, answerKeys(), heap, run);
                        JoinProbe probe = new JoinProbe(join, table, Optional.empty(), all, 0, run)) {
                    probe.process(chunk, out);
                }
            }
        }

        /// Those without nulls, which equal nothing.
        private Set<List<@Nullable Object>> keysOf(Chunk chunk) {
            Set<List<@Nullable Object>> distinct = new LinkedHashSet<>();
            for (int row = 0; row < chunk.rowCount(); row++) {
                if (!AsOfTable.anyNull(chunk, keys, row)) {
                    List<@Nullable Object> key = new ArrayList<>(keys.length);
                    for (int column : keys) {
                        key.add(Lookups.keyCell(Cell.detach(Cell.read(chunk.column(column), row))));
                    }
                    distinct.add(key);
                }
            }
            return distinct;
        }
    }
}
