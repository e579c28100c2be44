package dev.headrace.orc;

import dev.headrace.errors.DataException;
import dev.headrace.errors.HeadraceException;
import dev.headrace.errors.UnavailableException;
import dev.headrace.types.DataType;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.orc.FileFormatException;
import org.apache.orc.TypeDescription;

/// The errors of this package, each with the file's name.
final class OrcErrors {
    private OrcErrors() {}

    static DataException unsupported(Path file, String column, TypeDescription type) {
        return new DataException(
                "UNSUPPORTED_ORC",
                "'" + file + "', column '" + column + "': the type " + type
                        + " is not supported. Write the file without the column, or with another type.");
    }

    static DataException typeMismatch(Path file, String column, DataType wanted, TypeDescription found) {
        return new DataException(
                "ORC_TYPE_MISMATCH",
                "'" + file + "', column '" + column + "': the schema says " + wanted.simpleString()
                        + ", the file holds " + found + ", which can't be read as that. Give the type that the file "
                        + "has and cast, or remove the file.");
    }

    /// What to throw for a failure of the library while it reads a file.
    static RuntimeException failed(Path file, Exception cause) {
        return switch (cause) {
            case HeadraceException known -> known;
            case OutOfMemoryException memory -> memory;
            case FileFormatException other ->
                new DataException(
                        "NOT_AN_ORC_FILE",
                        "'" + file + "' is not an ORC file: it does not end as one. It was cut short while it was "
                                + "written or copied, or has another format: restore it, remove it, or read it with "
                                + "its own format.",
                        other);
            case NoSuchFileException gone ->
                new DataException(
                        "FILE_NOT_FOUND",
                        "'" + file + "' is not there any more. It was removed after the query found it: run the "
                                + "query again.",
                        gone);
            case java.nio.file.FileSystemException unreadable ->
                new UnavailableException(
                        "FILE_NOT_READABLE", "'" + file + "' can't be read: " + unreadable + ".", unreadable);
            default ->
                new DataException(
                        "DAMAGED_ORC_FILE",
                        "'" + file + "' can't be read as ORC ("
                                + (cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage())
                                + "). Restore the file or remove it.",
                        cause);
        };
    }
}
