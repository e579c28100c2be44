package dev.headrace.delta;

import dev.headrace.chunk.Chunk;
import dev.headrace.delta.log.ColumnStatistics;
import dev.headrace.delta.log.FileStatistics;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.StructVector;

/// Collects a data file's statistics while its rows are written.
final class StatisticsCollector {
    private final List<Node> columns;
    private long rows;

    /// @param schema of the file
    /// @param maxColumns for how many leaf columns, from the first, to collect
    StatisticsCollector(StructType schema, int maxColumns) {
        columns = nodes(schema, new Budget(maxColumns));
    }

    private sealed interface Node {
        record Leaf(int ordinal, String name, LeafStatistics statistics) implements Node {}

        record Struct(int ordinal, String name, List<Node> fields) implements Node {}
    }

    /// How many leaf columns may still be taken.
    private static final class Budget {
        private int left;

        Budget(int left) {
            this.left = left;
        }

        boolean take() {
            return left-- > 0;
        }
    }

    private static List<Node> nodes(StructType schema, Budget budget) {
        List<Node> nodes = new ArrayList<>();
        for (int i = 0; i < schema.size(); i++) {
            StructField field = schema.field(i);
            if (field.dataType() instanceof StructType struct) {
                nodes.add(new Node.Struct(i, field.name(), nodes(struct, budget)));
            } else if (budget.take()) {
                nodes.add(new Node.Leaf(i, field.name(), LeafStatistics.of(field.dataType())));
            }
        }
        return nodes;
    }

    /// Takes in rows of the file's schema; the chunk is borrowed.
    void add(Chunk chunk) {
        rows += chunk.rowCount();
        add(columns, chunk.columns(), List.of(), chunk.rowCount());
    }

    private static void add(List<Node> nodes, List<FieldVector> vectors, List<FieldVector> parents, int rows) {
        for (Node node : nodes) {
            switch (node) {
                case Node.Leaf(int ordinal, String _, LeafStatistics statistics) ->
                    statistics.add(vectors.get(ordinal), parents, rows);
                case Node.Struct(int ordinal, String _, List<Node> fields) -> {
                    StructVector struct = (StructVector) vectors.get(ordinal);
                    List<FieldVector> within = new ArrayList<>(parents);
                    within.add(struct);
                    add(fields, struct.getChildrenFromFields(), within, rows);
                }
            }
        }
    }

    long rowCount() {
        return rows;
    }

    FileStatistics result() {
        return new FileStatistics(OptionalLong.of(rows), result(columns));
    }

    private static Map<String, ColumnStatistics> result(List<Node> nodes) {
        Map<String, ColumnStatistics> results = new LinkedHashMap<>();
        for (Node node : nodes) {
            switch (node) {
                case Node.Leaf(int _, String name, LeafStatistics statistics) -> results.put(name, statistics.result());
                case Node.Struct(int _, String name, List<Node> fields) ->
                    results.put(name, new ColumnStatistics.Struct(result(fields)));
            }
        }
        return results;
    }
}
