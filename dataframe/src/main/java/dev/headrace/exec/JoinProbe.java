package dev.headrace.exec;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Closing;
import dev.headrace.chunk.Columns;
import dev.headrace.codegen.ComputeProgram;
import dev.headrace.plan.JoinType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/// Finds the partners of the rows that stream past the table: pairs with equal keys, those of them for which the
/// residual condition holds, and what the join type makes of rows with and without partners.
///
/// However many partners rows have, no more than two chunks of pairs are known at a time, and a chunk of wide rows has
/// few of them.
final class JoinProbe implements Operator, SpilledJoin.Probe {
    private static final int[] NOTHING = new int[Chunk.TARGET_ROWS];

    static {
        Arrays.fill(NOTHING, Columns.NULL_ROW);
    }

    private final PhysicalPlan.HashJoin node;
    private final JoinTable table;
    private final JoinIndex.Lookup lookup;
    private final RunContext run;
    private final BufferAllocator allocator;
    private final ComputeProgram.@Nullable Worker residual;
    private final StructType pairSchema;
    private final int[] keyOrdinals;
    private final BitSet wanted;

    /// The columns that the condition looks at.
    private final BitSet asked = new BitSet();

    /// Pairs of a row that streams by and a row of the table, for which the condition holds.
    private final int[] streamRows = new int[2 * Chunk.TARGET_ROWS];

    private final int[] buildRows = new int[2 * Chunk.TARGET_ROWS];
    private int pairs;

    /// How many pairs the condition is asked about at once, and how many joined rows a chunk has.
    private final JoinedWidth askedWidth;

    private final JoinedWidth givenWidth;

    /// The rows that stream by now, and for each the first row of the table with its key.
    private @Nullable Chunk input;

    private int[] first = new int[0];

    /// The next pair: where it begins, and its row of the table or [JoinIndex#NONE].
    private int row;

    private int match;

    /// The streaming rows that have a partner, if that matters.
    private BitSet partnered = new BitSet();

    /// Of the streaming rows, from which one on those without a partner are to come out.
    private int alone;

    /// @param wanted the columns of the joined rows that are looked at; what the others hold does not matter
    /// @param split the number of the split whose rows stream by
    JoinProbe(
            PhysicalPlan.HashJoin node,
            JoinTable table,
            Optional<ComputeProgram> residual,
            BitSet wanted,
            int split,
            RunContext run) {
        this.node = node;
        this.wanted = wanted;
        this.table = table;
        this.run = run;
        this.allocator = run.allocator();
        this.keyOrdinals = node.buildLeft() ? node.rightKeys() : node.leftKeys();
        List<StructField> fields = new ArrayList<>(node.left().schema().fieldList());
        fields.addAll(node.right().schema().fieldList());
        this.pairSchema = new StructType(fields);
        node.residual().ifPresent(condition -> Preparation.collect(condition, asked));
        this.askedWidth = new JoinedWidth(node, table, asked, run);
        this.givenWidth = new JoinedWidth(node, table, wanted, run);
        this.lookup = table.lookup(run.allocator());
        try {
            this.residual = residual.isPresent()
                    ? residual.get().start(run.evaluation().ofSplit(split), run.allocator())
                    : null;
        } catch (Throwable failed) {
            lookup.close();
            throw failed;
        }
    }

    @Override
    public void process(Chunk rows, Output out) {
        begin(rows, new BitSet(), true);
        // Who marks rows of the table gives its own to a collector, which is never full.
        Chunk joined = next();
        while (joined != null) {
            out.accept(joined);
            joined = out.isFull() ? null : next();
        }
    }

    @Override
    public void begin(Chunk rows, BitSet withPartner, boolean last) {
        input = rows;
        partnered = withPartner;
        askedWidth.begin(rows);
        givenWidth.begin(rows);
        alone = last && decidesAboutStreamed() ? 0 : rows.rowCount();
        pairs = 0;
        row = 0;
        first = lookup.find(keys(rows), rows.rowCount());
        if (residual == null && node.type().leftOnly()) {
            byKeyAlone(rows.rowCount());
            row = rows.rowCount();
        }
        match = row < rows.rowCount() ? first[row] : JoinIndex.NONE;
    }

    @Override
    public @Nullable Chunk next() {
        Chunk rows = input;
        while (rows != null) {
            if (pairs >= givenWidth.usual()) {
                return taken(rows, givenWidth.usual());
            }
            if (row < rows.rowCount()) {
                findPairs(rows);
            } else if (alone < rows.rowCount() && node.type().leftOnly()) {
                alone = rows.rowCount();
                Chunk left = left(rows);
                if (left != null) {
                    return left;
                }
            } else if (alone < rows.rowCount()) {
                addAlone(rows.rowCount());
            } else if (pairs > 0) {
                return taken(rows, pairs);
            } else {
                input = null;
                return null;
            }
        }
        return null;
    }

    /// Whether streaming rows come out because they have no partner, or because they have one.
    private boolean decidesAboutStreamed() {
        return !node.buildLeft()
                && switch (node.type()) {
                    case LEFT_OUTER, FULL_OUTER, LEFT_SEMI, LEFT_ANTI -> true;
                    case INNER, CROSS, RIGHT_OUTER -> false;
                };
    }

    private List<FieldVector> keys(Chunk rows) {
        List<FieldVector> keys = new ArrayList<>(keyOrdinals.length);
        for (int ordinal : keyOrdinals) {
            keys.add(rows.column(ordinal));
        }
        return keys;
    }

    /// A semi or anti join for which equal keys are enough.
    private void byKeyAlone(int rows) {
        for (int i = 0; i < rows; i++) {
            int found = first[i];
            if (found == JoinIndex.NONE) {
                continue;
            }
            if (!node.buildLeft()) {
                partnered.set(i);
            } else if (!table.isMatched(found)) {
                // If the first of a chain is marked, all are.
                for (int next = table.next(found); next != JoinIndex.NONE; next = table.next(next)) {
                    table.markMatched(next);
                }
                table.markMatched(found);
            }
        }
    }

    /// Finds up to a chunk of pairs more and keeps those that hold.
    private void findPairs(Chunk rows) {
        run.checkCancelled();
        int before = pairs;
        int most = before + askedWidth.usual();
        int count = rows.rowCount();
        if (table.isUnique()) {
            for (; row < count && pairs < most; row++) {
                if (first[row] != JoinIndex.NONE) {
                    streamRows[pairs] = row;
                    buildRows[pairs++] = first[row];
                }
            }
        } else {
            boolean once = node.type().leftOnly() && !node.buildLeft();
            if (once && partnered.get(row)) {
                match = JoinIndex.NONE;
            }
            while (row < count && pairs < most) {
                if (match == JoinIndex.NONE) {
                    row++;
                    match = row < count && !(once && partnered.get(row)) ? first[row] : JoinIndex.NONE;
                } else {
                    streamRows[pairs] = row;
                    buildRows[pairs++] = match;
                    match = table.next(match);
                }
            }
        }
        if (residual != null && pairs > before) {
            keepPairsThatHold(rows, residual, before);
        }
        note(before);
    }

    private void keepPairsThatHold(Chunk rows, ComputeProgram.Worker condition, int from) {
        int end = pairs;
        pairs = from;
        for (int at = from, count; at < end; at += count) {
            count = askedWidth.fitting(streamRows, buildRows, at, end - at);
            try (Chunk candidates = pairs(rows, pairSchema, asked, at, count);
                    Chunk verdict = condition.run(candidates)) {
                BitVector holds = (BitVector) verdict.column(0);
                for (int i = 0; i < count; i++) {
                    if (!holds.isNull(i) && holds.get(i) != 0) {
                        streamRows[pairs] = streamRows[at + i];
                        buildRows[pairs++] = buildRows[at + i];
                    }
                }
            }
        }
    }

    /// Notes who has partners, by the pairs from `from` on.
    private void note(int from) {
        if (emitsBuilt(node)) {
            for (int i = from; i < pairs; i++) {
                table.markMatched(buildRows[i]);
            }
        }
        if (decidesAboutStreamed()) {
            for (int i = from; i < pairs; i++) {
                partnered.set(streamRows[i]);
            }
        }
        if (node.type().leftOnly()) {
            pairs = 0;
        }
    }

    /// Whether rows of the table come out at the end: those without a partner, or, of a semi join, with one.
    static boolean emitsBuilt(PhysicalPlan.HashJoin node) {
        return node.buildLeft()
                ? node.type() != JoinType.INNER && node.type() != JoinType.CROSS
                : node.type() == JoinType.FULL_OUTER || node.type() == JoinType.RIGHT_OUTER;
    }

    private void addAlone(int rows) {
        for (; alone < rows && pairs < givenWidth.usual(); alone++) {
            if (!partnered.get(alone)) {
                streamRows[pairs] = alone;
                buildRows[pairs++] = Columns.NULL_ROW;
            }
        }
    }

    /// The first pairs as joined rows; the others move up.
    ///
    /// @param most how many at most
    private Chunk taken(Chunk rows, int most) {
        int count = givenWidth.fitting(streamRows, buildRows, 0, most);
        Chunk joined = pairs(rows, node.schema(), wanted, 0, count);
        pairs -= count;
        System.arraycopy(streamRows, count, streamRows, 0, pairs);
        System.arraycopy(buildRows, count, buildRows, 0, pairs);
        return joined;
    }

    /// @param looked the columns that are looked at
    private Chunk pairs(Chunk rows, StructType schema, BitSet looked, int from, int count) {
        int leftWidth = node.left().schema().size();
        List<FieldVector> columns = new ArrayList<>();
        try {
            if (node.buildLeft()) {
                addBuilt(looked, 0, from, count, columns);
                addStreamed(rows, looked, leftWidth, from, count, columns);
            } else {
                addStreamed(rows, looked, 0, from, count, columns);
                addBuilt(looked, leftWidth, from, count, columns);
            }
            return new Chunk(schema, columns, count);
        } catch (Throwable failed) {
            Closing.all(columns);
            throw failed;
        }
    }

    private void addBuilt(BitSet looked, int firstColumn, int from, int count, List<FieldVector> columns) {
        Chunk built = table.rows();
        for (int i = 0; i < built.columnCount(); i++) {
            columns.add(
                    looked.get(firstColumn + i)
                            ? Columns.gather(built.column(i), buildRows, from, count, allocator)
                            : any(built, i, count));
        }
    }

    private void addStreamed(
            Chunk rows, BitSet looked, int firstColumn, int from, int count, List<FieldVector> columns) {
        boolean asItIs = count == rows.rowCount() && from == 0 && isEveryRowOnce(count);
        for (int i = 0; i < rows.columnCount(); i++) {
            columns.add(
                    looked.get(firstColumn + i) && !asItIs
                            ? Columns.gather(rows.column(i), streamRows, from, count, allocator)
                            : any(rows, i, count));
        }
    }

    /// Values that nobody looks at.
    private FieldVector any(Chunk rows, int column, int count) {
        return count <= rows.rowCount()
                ? rows.share(column, count)
                : Columns.gather(rows.column(column), NOTHING, 0, count, allocator);
    }

    private boolean isEveryRowOnce(int count) {
        for (int i = 0; i < count; i++) {
            if (streamRows[i] != i) {
                return false;
            }
        }
        return true;
    }

    /// The rows that a semi or anti join leaves, if there are any.
    private @Nullable Chunk left(Chunk rows) {
        boolean withPartner = node.type() == JoinType.LEFT_SEMI;
        int[] kept = new int[rows.rowCount()];
        int count = 0;
        for (int i = 0; i < kept.length; i++) {
            if (partnered.get(i) == withPartner) {
                kept[count++] = i;
            }
        }
        if (count == 0) {
            return null;
        }
        return count == kept.length ? rows.slice(0, count) : Columns.gather(rows, kept, 0, count, allocator);
    }

    @Override
    public void close() {
        lookup.close();
        if (residual != null) {
            residual.close();
        }
    }
}
