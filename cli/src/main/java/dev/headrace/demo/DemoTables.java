package dev.headrace.demo;

import java.util.List;
import java.util.stream.Stream;

/// What the queries have written, read back as batch.
interface DemoTables {

    /// The rows of the table of clicks, in any order. The caller closes the stream.
    Stream<ClickRow> clicks();

    /// The rows of the table of revenue.
    List<WindowRow> windows();
}
