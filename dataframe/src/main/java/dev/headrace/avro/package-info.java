/// Files of Avro. Entry type: [AvroConnector]. For sibling packages; not API.
@NullMarked
package dev.headrace.avro;

import org.jspecify.annotations.NullMarked;
