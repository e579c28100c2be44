/// CSV text to columns and back, without an object per value. Entry types: [CsvConnector] for files, [CsvFunctions] for
/// columns. For sibling packages; not API.
@NullMarked
package dev.headrace.csv;

import org.jspecify.annotations.NullMarked;
