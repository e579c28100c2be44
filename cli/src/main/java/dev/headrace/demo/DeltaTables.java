package dev.headrace.demo;

import dev.headrace.DataFrame;
import dev.headrace.Row;
import dev.headrace.Session;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// The demo's tables, read with the public API as anybody would.
///
/// @param session reads; its owner closes it
/// @param directory where the tables are
record DeltaTables(Session session, DemoDirectory directory) implements DemoTables {

    @Override
    public Stream<ClickRow> clicks() {
        return rows(table(DemoRun.CLICKS).select("click_id", "product", "cents", "ts"))
                .map(row -> new ClickRow(row.getLong(0), text(row, 1), row.getLong(2), millis(row, 3)));
    }

    @Override
    public List<WindowRow> windows() {
        return rows(table(DemoRun.REVENUE).select("product", "window_start", "window_end", "clicks", "cents"))
                .map(row -> new WindowRow(text(row, 0), millis(row, 1), millis(row, 2), row.getLong(3), row.getLong(4)))
                .toList();
    }

    /// The rows of the table of orders as they are now. The caller closes the stream.
    Stream<OrderVersion> latest() {
        return rows(table(CdcEngine.LATEST).select("id", "customer", "status", "total_cents", "_sequence"))
                .map(row -> version(row, OptionalLong.empty()));
    }

    /// All versions of the rows of the table of orders. The caller closes the stream.
    Stream<OrderVersion> history() {
        return rows(table(CdcEngine.HISTORY)
                        .select("id", "customer", "status", "total_cents", "valid_from", "valid_to"))
                .map(row -> version(row, row.isNullAt(5) ? OptionalLong.empty() : OptionalLong.of(row.getLong(5))));
    }

    private static OrderVersion version(Row row, OptionalLong to) {
        return new OrderVersion(row.getLong(0), text(row, 1), text(row, 2), row.getInt(3), row.getLong(4), to);
    }

    private DataFrame table(String query) {
        Path path = directory.table(query);
        return session.read().format("delta").load(path.toString());
    }

    private static Stream<Row> rows(DataFrame frame) {
        Iterator<Row> rows = frame.toLocalIterator();
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(rows, Spliterator.ORDERED), false);
    }

    private static String text(Row row, int column) {
        return Objects.requireNonNullElse(row.getString(column), "null");
    }

    private static long millis(Row row, int column) {
        return Objects.requireNonNullElse(row.getInstant(column), Instant.MIN).toEpochMilli();
    }
}
