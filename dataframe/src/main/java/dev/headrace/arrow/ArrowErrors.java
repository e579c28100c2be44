package dev.headrace.arrow;

import dev.headrace.errors.DataException;
import dev.headrace.errors.UnavailableException;
import dev.headrace.types.DataType;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.vector.types.pojo.Field;

/// The errors of this package, each with the file's name.
final class ArrowErrors {
    private ArrowErrors() {}

    static DataException notArrow(Path file, String found) {
        return new DataException(
                "NOT_AN_ARROW_FILE",
                "'" + file + "' is not an Arrow IPC file or stream: " + found
                        + ". It was cut short while it was written or copied, or has another format: restore it, "
                        + "remove it, or read it with its own format.");
    }

    static DataException unsupported(Path file, Field field) {
        return new DataException(
                "UNSUPPORTED_ARROW",
                "'" + file + "', column '" + field.getName() + "': the type " + field.getType()
                        + " is not supported. Write the file without the column, or with another type.");
    }

    static DataException typeMismatch(Path file, Field field, DataType wanted) {
        return new DataException(
                "ARROW_TYPE_MISMATCH",
                "'" + file + "', column '" + field.getName() + "': the schema says " + wanted.simpleString()
                        + ", the file holds " + field.getType() + ", which can't be read as that. Give the type that "
                        + "the file has and cast, or remove the file.");
    }

    /// What to throw for a failure of the library while it reads a file.
    static RuntimeException failed(Path file, Exception cause) {
        return switch (cause) {
            case OutOfMemoryException memory -> memory;
            case dev.headrace.errors.HeadraceException known -> known;
            case NoSuchFileException gone ->
                new DataException(
                        "FILE_NOT_FOUND",
                        "'" + file + "' is not there any more. It was removed after the query found it: run the "
                                + "query again.",
                        gone);
            case java.nio.file.FileSystemException unreadable ->
                new UnavailableException(
                        "FILE_NOT_READABLE", "'" + file + "' can't be read: " + unreadable + ".", unreadable);
            case IOException damaged -> damaged(file, damaged);
            default -> damaged(file, cause);
        };
    }

    private static DataException damaged(Path file, Exception cause) {
        String reason = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return new DataException(
                "DAMAGED_ARROW_FILE",
                "'" + file + "' can't be read as Arrow IPC (" + reason + "). Restore the file or remove it.",
                cause);
    }
}
