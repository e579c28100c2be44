/// Files of Arrow's IPC format. Entry type: [ArrowConnector]. For sibling packages; not API.
@NullMarked
package dev.headrace.arrow;

import org.jspecify.annotations.NullMarked;
