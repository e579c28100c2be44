/// Headrace in Jupyter notebooks: the kernel's start, tables, live streams and charts in cells.
@NullMarked
package dev.headrace.notebook;

import org.jspecify.annotations.NullMarked;
