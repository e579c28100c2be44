/// Columns under construction: written value by value, by address, without an object per value, and turned into Arrow
/// vectors at the end. What parsers write into. Entry type: [ColumnWriter].
@NullMarked
package dev.headrace.columns;

import org.jspecify.annotations.NullMarked;
