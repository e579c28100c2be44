/// Values as text in bytes, read and written at memory speed without an object per value; and the options that say how.
/// The readers know the common forms only, and fall back to slower ones for the rest. Entry types: [DecimalScan],
/// [TimeFormats], [TimeText], [FormatOptions]. For the formats' packages; not API.
@NullMarked
package dev.headrace.parse;

import org.jspecify.annotations.NullMarked;
