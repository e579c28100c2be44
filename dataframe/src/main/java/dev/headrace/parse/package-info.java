/// Text in bytes to numbers and times, at memory speed and without an object per value: the common forms only, so that
/// callers fall back to a slower parser for the rest. Entry types: [DecimalScan], [DoubleText], [TimestampText].
@NullMarked
package dev.headrace.parse;

import org.jspecify.annotations.NullMarked;
