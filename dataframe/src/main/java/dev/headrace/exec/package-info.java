/// How queries run. [Interpreter] defines what a bound expression means.
@NullMarked
package dev.headrace.exec;

import org.jspecify.annotations.NullMarked;
