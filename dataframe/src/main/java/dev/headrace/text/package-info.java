/// Values and rows as text for people: what `show` and the console sink print. Entry type: [TextTable]. For sibling
/// modules; not API.
@NullMarked
package dev.headrace.text;

import org.jspecify.annotations.NullMarked;
