/// Logs of Delta tables by Delta Standalone, for tables of protocol (1,2). Entry type: [StandaloneLogs].
@NullMarked
package dev.headrace.delta.standalone;

import org.jspecify.annotations.NullMarked;
