/// Files of ORC. Entry type: [OrcConnector]. For sibling packages; not API.
@NullMarked
package dev.headrace.orc;

import org.jspecify.annotations.NullMarked;
