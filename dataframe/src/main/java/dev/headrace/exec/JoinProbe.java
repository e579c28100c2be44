package dev.headrace.exec;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Columns;
import dev.headrace.codegen.ComputeProgram;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/// Finds the partners of left rows: first all pairs with equal keys, then the residual condition over them, then what
/// the join type makes of rows with and without partners.
final class JoinProbe implements Operator {
    private final PhysicalPlan.HashJoin node;
    private final JoinTable table;
    private final KeyTable.Finder finder;
    private final BufferAllocator allocator;
    private final ComputeProgram.@Nullable Worker residual;
    private final StructType pairSchema;

    private int[] leftRows = new int[Chunk.TARGET_ROWS];
    private int[] rightRows = new int[Chunk.TARGET_ROWS];
    private int pairs;

    JoinProbe(PhysicalPlan.HashJoin node, JoinTable table, Optional<ComputeProgram> residual, RunContext run) {
        this.node = node;
        this.table = table;
        this.allocator = run.allocator();
        this.finder = table.finder(run.allocator());
        this.residual = residual.isPresent() ? residual.get().start(run.evaluation(), run.allocator()) : null;
        List<StructField> fields = new ArrayList<>(node.left().schema().fieldList());
        fields.addAll(node.right().schema().fieldList());
        this.pairSchema = new StructType(fields);
    }

    @Override
    public void process(Chunk input, Output out) {
        findPairs(input);
        if (residual != null && pairs > 0) {
            keepPairsThatHold(input, residual);
        }
        switch (node.type()) {
            case INNER, CROSS -> emitPairs(input, out);
            case LEFT_OUTER -> {
                addUnmatchedLeft(input);
                emitPairs(input, out);
            }
            case FULL_OUTER -> {
                markRight();
                addUnmatchedLeft(input);
                emitPairs(input, out);
            }
            case RIGHT_OUTER -> {
                markRight();
                emitPairs(input, out);
            }
            case LEFT_SEMI -> emitLeft(input, true, out);
            case LEFT_ANTI -> emitLeft(input, false, out);
        }
    }

    private void findPairs(Chunk input) {
        List<FieldVector> keys = new ArrayList<>();
        for (int ordinal : node.leftKeys()) {
            keys.add(input.column(ordinal));
        }
        int[] slots = finder.find(keys, input.rowCount());
        pairs = 0;
        for (int row = 0; row < input.rowCount(); row++) {
            if (!JoinTable.anyNull(keys, row)) {
                for (int match = table.first(slots[row]); match >= 0; match = table.next(match)) {
                    addPair(row, match);
                }
            }
        }
    }

    private void addPair(int left, int right) {
        if (pairs == leftRows.length) {
            leftRows = Arrays.copyOf(leftRows, pairs * 2);
            rightRows = Arrays.copyOf(rightRows, pairs * 2);
        }
        leftRows[pairs] = left;
        rightRows[pairs++] = right;
    }

    private void keepPairsThatHold(Chunk input, ComputeProgram.Worker condition) {
        int kept = 0;
        for (int from = 0; from < pairs; from += Chunk.TARGET_ROWS) {
            int count = Math.min(Chunk.TARGET_ROWS, pairs - from);
            try (Chunk candidates = pairs(input, pairSchema, from, count);
                    Chunk verdict = condition.run(candidates)) {
                BitVector holds = (BitVector) verdict.column(0);
                for (int i = 0; i < count; i++) {
                    if (!holds.isNull(i) && holds.get(i) != 0) {
                        leftRows[kept] = leftRows[from + i];
                        rightRows[kept++] = rightRows[from + i];
                    }
                }
            }
        }
        pairs = kept;
    }

    private Chunk pairs(Chunk input, StructType schema, int from, int count) {
        List<FieldVector> columns = new ArrayList<>();
        for (FieldVector column : input.columns()) {
            columns.add(Columns.gather(column, leftRows, from, count, allocator));
        }
        for (FieldVector column : table.rows().columns()) {
            columns.add(Columns.gather(column, rightRows, from, count, allocator));
        }
        return new Chunk(schema, columns, count);
    }

    private void emitPairs(Chunk input, Output out) {
        for (int from = 0; from < pairs; from += Chunk.TARGET_ROWS) {
            out.accept(pairs(input, node.schema(), from, Math.min(Chunk.TARGET_ROWS, pairs - from)));
        }
    }

    private void emitLeft(Chunk input, boolean withPartner, Output out) {
        boolean[] hasPartner = leftWithPartner(input);
        int[] rows = new int[input.rowCount()];
        int count = 0;
        for (int row = 0; row < rows.length; row++) {
            if (hasPartner[row] == withPartner) {
                rows[count++] = row;
            }
        }
        if (count > 0) {
            out.accept(Columns.gather(input, rows, 0, count, allocator));
        }
    }

    private boolean[] leftWithPartner(Chunk input) {
        boolean[] hasPartner = new boolean[input.rowCount()];
        for (int i = 0; i < pairs; i++) {
            hasPartner[leftRows[i]] = true;
        }
        return hasPartner;
    }

    private void addUnmatchedLeft(Chunk input) {
        boolean[] hasPartner = leftWithPartner(input);
        for (int row = 0; row < hasPartner.length; row++) {
            if (!hasPartner[row]) {
                addPair(row, Columns.NULL_ROW);
            }
        }
    }

    private void markRight() {
        for (int i = 0; i < pairs; i++) {
            table.markMatched(rightRows[i]);
        }
    }

    @Override
    public void close() {
        finder.close();
        if (residual != null) {
            residual.close();
        }
    }
}
