/// The command line: `./headrace` at the root of the source tree starts [Main]. Not API.
@NullMarked
package dev.headrace.cli;

import org.jspecify.annotations.NullMarked;
