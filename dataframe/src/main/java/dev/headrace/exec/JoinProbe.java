package dev.headrace.exec;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Columns;
import dev.headrace.codegen.ComputeProgram;
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

/// Finds the partners of the rows that stream past the table: first all pairs with equal keys, then the residual
/// condition over them, then what the join type makes of rows with and without partners.
final class JoinProbe implements Operator {
    private final PhysicalPlan.HashJoin node;
    private final JoinTable table;
    private final JoinIndex.Lookup lookup;
    private final BufferAllocator allocator;
    private final ComputeProgram.@Nullable Worker residual;
    private final StructType pairSchema;
    private final int[] keyOrdinals;
    private final BitSet wanted;
    private final BitSet all = new BitSet();

    /// Pairs of a row that streams by and a row of the table.
    private int[] streamRows = new int[Chunk.TARGET_ROWS];
    private int[] buildRows = new int[Chunk.TARGET_ROWS];
    private int pairs;

    /// @param wanted the columns of the joined rows that are looked at; what the others hold does not matter
    JoinProbe(
            PhysicalPlan.HashJoin node,
            JoinTable table,
            Optional<ComputeProgram> residual,
            BitSet wanted,
            RunContext run) {
        this.node = node;
        this.wanted = wanted;
        this.table = table;
        this.allocator = run.allocator();
        this.lookup = table.lookup(run.allocator());
        this.residual = residual.isPresent() ? residual.get().start(run.evaluation(), run.allocator()) : null;
        this.keyOrdinals = node.buildLeft() ? node.rightKeys() : node.leftKeys();
        List<StructField> fields = new ArrayList<>(node.left().schema().fieldList());
        fields.addAll(node.right().schema().fieldList());
        this.pairSchema = new StructType(fields);
        all.set(0, fields.size());
    }

    @Override
    public void process(Chunk input, Output out) {
        int[] first = lookup.find(keys(input), input.rowCount());
        if (residual == null && node.type().leftOnly()) {
            byKeyAlone(input, first, out);
            return;
        }
        findPairs(first, input.rowCount());
        if (residual != null && pairs > 0) {
            keepPairsThatHold(input, residual);
        }
        if (node.buildLeft()) {
            markBuildRows();
            if (!node.type().leftOnly()) {
                emitPairs(input, out);
            }
            return;
        }
        switch (node.type()) {
            case INNER, CROSS -> emitPairs(input, out);
            case LEFT_OUTER -> {
                addUnmatched(input);
                emitPairs(input, out);
            }
            case FULL_OUTER -> {
                markBuildRows();
                addUnmatched(input);
                emitPairs(input, out);
            }
            case RIGHT_OUTER -> {
                markBuildRows();
                emitPairs(input, out);
            }
            case LEFT_SEMI, LEFT_ANTI -> emitLeft(input, withPartner(input), out);
        }
    }

    private List<FieldVector> keys(Chunk input) {
        List<FieldVector> keys = new ArrayList<>(keyOrdinals.length);
        for (int ordinal : keyOrdinals) {
            keys.add(input.column(ordinal));
        }
        return keys;
    }

    /// A semi or anti join for which equal keys are enough.
    private void byKeyAlone(Chunk input, int[] first, Output out) {
        int rows = input.rowCount();
        if (!node.buildLeft()) {
            boolean[] hasPartner = new boolean[rows];
            for (int i = 0; i < rows; i++) {
                hasPartner[i] = first[i] != JoinIndex.NONE;
            }
            emitLeft(input, hasPartner, out);
            return;
        }
        for (int i = 0; i < rows; i++) {
            int match = first[i];
            // If the first of a chain is marked, all are.
            if (match != JoinIndex.NONE && !table.isMatched(match)) {
                for (int row = table.next(match); row != JoinIndex.NONE; row = table.next(row)) {
                    table.markMatched(row);
                }
                table.markMatched(match);
            }
        }
    }

    private void findPairs(int[] first, int rows) {
        pairs = 0;
        if (table.isUnique()) {
            reserve(rows);
            for (int row = 0; row < rows; row++) {
                if (first[row] != JoinIndex.NONE) {
                    streamRows[pairs] = row;
                    buildRows[pairs++] = first[row];
                }
            }
            return;
        }
        for (int row = 0; row < rows; row++) {
            for (int match = first[row]; match != JoinIndex.NONE; match = table.next(match)) {
                addPair(row, match);
            }
        }
    }

    private void reserve(int count) {
        if (streamRows.length < count) {
            int larger = Math.max(count, streamRows.length * 2);
            streamRows = Arrays.copyOf(streamRows, larger);
            buildRows = Arrays.copyOf(buildRows, larger);
        }
    }

    private void addPair(int streamed, int built) {
        reserve(pairs + 1);
        streamRows[pairs] = streamed;
        buildRows[pairs++] = built;
    }

    private void keepPairsThatHold(Chunk input, ComputeProgram.Worker condition) {
        int kept = 0;
        for (int from = 0; from < pairs; from += Chunk.TARGET_ROWS) {
            int count = Math.min(Chunk.TARGET_ROWS, pairs - from);
            try (Chunk candidates = pairs(input, pairSchema, all, from, count);
                    Chunk verdict = condition.run(candidates)) {
                BitVector holds = (BitVector) verdict.column(0);
                for (int i = 0; i < count; i++) {
                    if (!holds.isNull(i) && holds.get(i) != 0) {
                        streamRows[kept] = streamRows[from + i];
                        buildRows[kept++] = buildRows[from + i];
                    }
                }
            }
        }
        pairs = kept;
    }

    /// @param looked the columns that are looked at
    private Chunk pairs(Chunk input, StructType schema, BitSet looked, int from, int count) {
        int leftWidth = node.left().schema().size();
        List<FieldVector> columns = new ArrayList<>();
        if (node.buildLeft()) {
            addBuilt(looked, 0, from, count, columns);
            addStreamed(input, looked, leftWidth, from, count, columns);
        } else {
            addStreamed(input, looked, 0, from, count, columns);
            addBuilt(looked, leftWidth, from, count, columns);
        }
        return new Chunk(schema, columns, count);
    }

    private void addBuilt(BitSet looked, int first, int from, int count, List<FieldVector> columns) {
        Chunk built = table.rows();
        for (int i = 0; i < built.columnCount(); i++) {
            boolean any = !looked.get(first + i) && count <= built.rowCount();
            columns.add(
                    any ? built.share(i, count) : Columns.gather(built.column(i), buildRows, from, count, allocator));
        }
    }

    private void addStreamed(Chunk input, BitSet looked, int first, int from, int count, List<FieldVector> columns) {
        boolean asItIs = count == input.rowCount() && from == 0 && isEveryRowOnce(count);
        for (int i = 0; i < input.columnCount(); i++) {
            boolean any = asItIs || !looked.get(first + i) && count <= input.rowCount();
            columns.add(
                    any ? input.share(i, count) : Columns.gather(input.column(i), streamRows, from, count, allocator));
        }
    }

    private boolean isEveryRowOnce(int count) {
        for (int i = 0; i < count; i++) {
            if (streamRows[i] != i) {
                return false;
            }
        }
        return true;
    }

    private void emitPairs(Chunk input, Output out) {
        for (int from = 0; from < pairs; from += Chunk.TARGET_ROWS) {
            out.accept(pairs(input, node.schema(), wanted, from, Math.min(Chunk.TARGET_ROWS, pairs - from)));
        }
    }

    private void emitLeft(Chunk input, boolean[] hasPartner, Output out) {
        boolean wanted = node.type() == dev.headrace.plan.JoinType.LEFT_SEMI;
        int[] rows = new int[input.rowCount()];
        int count = 0;
        for (int row = 0; row < rows.length; row++) {
            if (hasPartner[row] == wanted) {
                rows[count++] = row;
            }
        }
        if (count == rows.length) {
            out.accept(input.slice(0, count));
        } else if (count > 0) {
            out.accept(Columns.gather(input, rows, 0, count, allocator));
        }
    }

    private boolean[] withPartner(Chunk input) {
        boolean[] hasPartner = new boolean[input.rowCount()];
        for (int i = 0; i < pairs; i++) {
            hasPartner[streamRows[i]] = true;
        }
        return hasPartner;
    }

    private void addUnmatched(Chunk input) {
        boolean[] hasPartner = withPartner(input);
        for (int row = 0; row < hasPartner.length; row++) {
            if (!hasPartner[row]) {
                addPair(row, Columns.NULL_ROW);
            }
        }
    }

    private void markBuildRows() {
        for (int i = 0; i < pairs; i++) {
            table.markMatched(buildRows[i]);
        }
    }

    @Override
    public void close() {
        lookup.close();
        if (residual != null) {
            residual.close();
        }
    }
}
