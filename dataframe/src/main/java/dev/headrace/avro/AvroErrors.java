package dev.headrace.avro;

import dev.headrace.errors.DataException;
import dev.headrace.errors.HeadraceException;
import dev.headrace.errors.QueryException;
import dev.headrace.errors.UnavailableException;
import dev.headrace.types.DataType;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.avro.InvalidAvroMagicException;
import org.apache.avro.Schema;

/// The errors of this package, each with the file's name or the function's.
final class AvroErrors {
    private AvroErrors() {}

    /// How errors call a file.
    static String origin(Path file) {
        return "'" + file + "'";
    }

    static DataException unsupported(String origin, String column, String what) {
        return new DataException(
                "UNSUPPORTED_AVRO",
                origin + (column.isEmpty() ? "" : ", column '" + column + "'") + ": " + what
                        + " is not supported. Write it in another way, or give a schema without the column.");
    }

    static DataException typeMismatch(String origin, String column, DataType wanted, Schema found) {
        return new DataException(
                "AVRO_TYPE_MISMATCH",
                origin + ", column '" + column + "': the schema says " + wanted.simpleString()
                        + ", the file holds " + found + ", which can't be read as that. Give the type that the file "
                        + "has and cast, or remove the file.");
    }

    static QueryException notWritable(String what, String instead) {
        return new QueryException("UNSUPPORTED_AVRO_TYPE", "Avro can't hold " + what + ". " + instead + ".");
    }

    /// What to throw for a failure of the library while it reads a file.
    static RuntimeException failed(Path file, Throwable cause) {
        return switch (cause) {
            case HeadraceException known -> known;
            case OutOfMemoryException memory -> memory;
            case InvalidAvroMagicException _ ->
                new DataException(
                        "NOT_AN_AVRO_FILE",
                        "'" + file + "' is not an Avro file: it does not begin with Obj1. It has another format: read "
                                + "it with its own, or remove it.",
                        cause);
            case NoSuchFileException gone -> gone(file, gone);
            case java.io.FileNotFoundException gone -> gone(file, gone);
            case java.nio.file.FileSystemException unreadable ->
                new UnavailableException(
                        "FILE_NOT_READABLE", "'" + file + "' can't be read: " + unreadable + ".", unreadable);
            default ->
                new DataException(
                        "DAMAGED_AVRO_FILE",
                        "'" + file + "' can't be read as Avro (" + reason(cause) + "). Restore the file or remove it.",
                        cause);
        };
    }

    private static DataException gone(Path file, Exception cause) {
        return new DataException(
                "FILE_NOT_FOUND",
                "'" + file + "' is not there any more. It was removed after the query found it: run the query again.",
                cause);
    }

    private static String reason(Throwable cause) {
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}
