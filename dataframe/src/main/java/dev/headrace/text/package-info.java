/// Values and rows as text for people, what `show` and the console sink print; and files of plain text. Entry types:
/// [TextTable], [TextConnector]. For sibling modules; not API.
@NullMarked
package dev.headrace.text;

import org.jspecify.annotations.NullMarked;
