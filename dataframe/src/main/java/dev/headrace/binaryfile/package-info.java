/// Whole files as rows. Entry type: [BinaryFileConnector]. For sibling packages; not API.
@NullMarked
package dev.headrace.binaryfile;

import org.jspecify.annotations.NullMarked;
