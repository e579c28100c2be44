package dev.headrace.engine.stateful;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Closing;
import dev.headrace.chunk.Columns;
import dev.headrace.exec.ChunkCollector;
import dev.headrace.exec.MemorySplit;
import dev.headrace.exec.PhysicalPlan;
import dev.headrace.exec.Preparation;
import dev.headrace.exec.Prepared;
import dev.headrace.exec.RunContext;
import dev.headrace.exec.Stage;
import dev.headrace.state.RowLog;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A join of two inputs whose rows only come. Pairs come out at once: a join is bilinear, so what a batch adds to one
/// side is joined with the whole other side, ΔL ⋈ R′ + L ⋈ ΔR, of which only the rows with the hash of a new row's key
/// are looked at. A row without a partner comes out when the watermark says that none can come any more.
///
/// Nothing is noted about which rows have found a partner. A row of an outer side is looked at once more when it is
/// due, and the rows of the other side are kept until every row that they may go with has been.
///
/// @param keyNames the key's columns
/// @param pairs the batch join that gives pairs; absent for an anti join
/// @param leftAlone the batch operator that gives the left rows without a partner, with the result's columns; absent
///     for an inner join
/// @param rightAlone the same for the right rows of a full outer join
record LoggedJoin(
        List<String> keyNames,
        LoggedInput left,
        LoggedInput right,
        Optional<PhysicalPlan> pairs,
        Optional<PhysicalPlan> leftAlone,
        Optional<PhysicalPlan> rightAlone,
        RowsLeaf leftLeaf,
        RowsLeaf rightLeaf)
        implements KeepsRows {

    @Override
    public StructType schema() {
        return leftAlone.or(() -> pairs).orElseThrow().schema();
    }

    @Override
    public List<PhysicalPlan> inputs() {
        return List.of(left.plan(), right.plan());
    }

    @Override
    public List<OperatorState> keepers() {
        return List.of(left.state(), right.state());
    }

    @Override
    public String describe() {
        if (leftAlone.isEmpty()) {
            return "Incremental inner join by " + keyNames + ", gives additions";
        }
        String type = pairs.isEmpty() ? "left anti" : rightAlone.isPresent() ? "full outer" : "left outer";
        return "Incremental " + type + " join within a time by " + keyNames + ", gives final results";
    }

    @Override
    public Prepared prepare(Preparation preparation) {
        Prepared leftRows = preparation.prepare(left.plan());
        Prepared rightRows = preparation.prepare(right.plan());
        Optional<Prepared> joined = pairs.map(preparation::prepare);
        Optional<Prepared> unmatchedLeft = leftAlone.map(preparation::prepare);
        Optional<Prepared> unmatchedRight = rightAlone.map(preparation::prepare);
        return run -> {
            List<Chunk> out = new ArrayList<>();
            try (LoggedInput.Fresh newLeft = left.read(leftRows, run);
                    LoggedInput.Fresh newRight = right.read(rightRows, run)) {
                if (joined.isPresent()) {
                    addPairs(newLeft, newRight, joined.get(), run, out);
                }
                left.append(newLeft);
                right.append(newRight);
                if (unmatchedLeft.isPresent()) {
                    addUnmatched(left, leftLeaf, right, rightLeaf, unmatchedLeft.get(), run, out);
                }
                if (unmatchedRight.isPresent()) {
                    addUnmatched(right, rightLeaf, left, leftLeaf, unmatchedRight.get(), run, out);
                }
                left.forget();
                right.forget();
            } catch (Throwable failed) {
                Closing.all(out);
                throw failed;
            }
            return Stage.of(List.of(new MemorySplit(out)));
        };
    }

    /// The logs are still those from before the batch.
    private void addPairs(
            LoggedInput.Fresh newLeft, LoggedInput.Fresh newRight, Prepared joined, RunContext run, List<Chunk> out) {
        try (Chunk before = right.state().log().find(newLeft.hashes());
                Chunk now = Columns.concat(
                        right.rowSchema(), List.of(whole(before), whole(newRight.rows())), run.allocator())) {
            join(newLeft.rows(), now, joined, run, out);
        }
        try (Chunk before = left.state().log().find(newRight.hashes())) {
            join(before, newRight.rows(), joined, run, out);
        }
    }

    private static Chunk whole(Chunk chunk) {
        return chunk.slice(0, chunk.rowCount());
    }

    private void join(Chunk leftRows, Chunk rightRows, Prepared joined, RunContext run, List<Chunk> out) {
        if (leftRows.rowCount() > 0 && rightRows.rowCount() > 0) {
            leftLeaf.set(leftRows);
            rightLeaf.set(rightRows);
            out.addAll(ChunkCollector.collect(joined.open(run), run));
        }
    }

    /// Looks for the partners of the rows of one side that are due, among all rows of the other.
    private static void addUnmatched(
            LoggedInput side,
            RowsLeaf sideLeaf,
            LoggedInput other,
            RowsLeaf otherLeaf,
            Prepared unmatched,
            RunContext run,
            List<Chunk> out) {
        try (RowLog.HashedRows due = side.due()) {
            if (due.hashes().length == 0) {
                return;
            }
            try (Chunk partners = other.state().log().find(due.hashes())) {
                sideLeaf.set(due.rows());
                otherLeaf.set(partners);
                out.addAll(ChunkCollector.collect(unmatched.open(run), run));
            }
        }
    }
}
