/// Tables in object stores and other file systems of Hadoop's, seen as a [java.nio.file.FileSystem]: what writes and
/// reads tables needs to know nothing of them, but that only commits ask for files that are not there yet. Entry type:
/// [dev.headrace.delta.store.TablePaths].
@NullMarked
package dev.headrace.delta.store;

import org.jspecify.annotations.NullMarked;
