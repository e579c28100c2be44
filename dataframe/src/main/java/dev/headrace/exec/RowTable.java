package dev.headrace.exec;

import dev.headrace.connector.BatchTable;
import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.Split;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Rows in memory as a table, each row a [dev.headrace.chunk.Cell] object per column. More rows may be added while it
/// is read; a scan sees those that are there when it is planned. Thread-safe.
public final class RowTable implements BatchTable {
    private final String name;
    private final StructType schema;
    private List<List<@Nullable Object>> rows = List.of();

    public RowTable(String name, StructType schema) {
        this.name = name;
        this.schema = schema;
    }

    @Override
    public StructType schema() {
        return schema;
    }

    @Override
    public String description() {
        return "table " + name;
    }

    public synchronized void add(List<List<@Nullable Object>> more) {
        List<List<@Nullable Object>> all = new ArrayList<>(rows);
        all.addAll(more);
        rows = all;
    }

    public synchronized void replace(List<List<@Nullable Object>> all) {
        rows = List.copyOf(all);
    }

    @Override
    public synchronized Scan scan(ScanRequest request) {
        List<Split> splits = new ArrayList<>();
        for (Split all : ValueSplits.of(new PhysicalPlan.Values(schema, rows))) {
            splits.add(new SelectedColumns(all, request));
        }
        return () -> splits;
    }
}
