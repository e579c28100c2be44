/// Object stores and other file systems of Hadoop's, seen as a [java.nio.file.FileSystem]: what reads and writes files
/// needs to know nothing of them. Entry type: [dev.headrace.files.store.StorePath].
@NullMarked
package dev.headrace.files.store;

import org.jspecify.annotations.NullMarked;
