/// What the pages say is true: their Java code compiles and runs, and their links lead somewhere. Entry types:
/// [PagesTest], [CodeBlock].
@NullMarked
package dev.headrace.docs;

import org.jspecify.annotations.NullMarked;
