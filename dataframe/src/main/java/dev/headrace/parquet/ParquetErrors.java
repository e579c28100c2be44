package dev.headrace.parquet;

import dev.headrace.errors.DataException;
import dev.headrace.errors.UnavailableException;
import dev.headrace.types.DataType;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.apache.parquet.schema.Type;

/// The errors of this package, each with the file's name.
final class ParquetErrors {
    private ParquetErrors() {}

    static DataException notParquet(Path file, String found) {
        return new DataException(
                "NOT_A_PARQUET_FILE",
                "'" + file + "' is not a Parquet file: " + found
                        + ". It was cut short while it was written or copied, or has "
                        + "another format: restore it, remove it, or read it with its own format.");
    }

    static DataException damagedFooter(Path file, Throwable cause) {
        return new DataException(
                "DAMAGED_PARQUET_FILE",
                "'" + file + "': the footer can't be read (" + reason(cause) + "). Restore the file or remove it.",
                cause);
    }

    static DataException damaged(Path file, String column, int rowGroup, String found) {
        return new DataException("DAMAGED_PARQUET_FILE", damagedText(file, column, rowGroup, found));
    }

    static DataException damaged(Path file, String column, int rowGroup, Throwable cause) {
        return new DataException("DAMAGED_PARQUET_FILE", damagedText(file, column, rowGroup, reason(cause)), cause);
    }

    private static String damagedText(Path file, String column, int rowGroup, String found) {
        return "'" + file + "', column '" + column + "', row group " + rowGroup + ": " + found
                + ". Restore the file or remove it.";
    }

    static DataException unsupported(Path file, String column, String what) {
        return new DataException(
                "UNSUPPORTED_PARQUET",
                "'" + file + "'" + (column.isEmpty() ? "" : ", column '" + column + "'") + ": " + what
                        + " is not supported. Rewrite the file, or leave the column out.");
    }

    static DataException encrypted(Path file) {
        return new DataException(
                "UNSUPPORTED_PARQUET",
                "'" + file
                        + "' is encrypted, wholly or in some columns, which is not supported. Have what has written it"
                        + " write it without.");
    }

    static DataException typeMismatch(Path file, String column, DataType wanted, Type found) {
        return new DataException(
                "PARQUET_TYPE_MISMATCH",
                "'" + file + "', column '" + column + "': the schema says " + wanted.simpleString()
                        + ", the file holds '"
                        + oneLine(found)
                        + "', which can't be read as that. Give the type that the file has and cast, or "
                        + "remove the file.");
    }

    static DataException ambiguous(Path file, String column, String first, String second) {
        return new DataException(
                "AMBIGUOUS_PARQUET_COLUMN",
                "'" + file + "': '" + column + "' may mean the column '" + first + "' or '" + second
                        + "'. Write the name as the file does.");
    }

    static DataException valueOutOfRange(Path file, String column, int rowGroup, ArithmeticException cause) {
        return new DataException(
                "PARQUET_VALUE_OUT_OF_RANGE",
                "'" + file + "', column '" + column + "', row group " + rowGroup
                        + ": a value does not fit the type that the " + "schema says (" + reason(cause)
                        + "). Give the column a wider type.",
                cause);
    }

    static DataException tooLarge(Path file, String column, int rowGroup) {
        return new DataException(
                "PARQUET_VALUES_TOO_LARGE",
                "'" + file + "', column '" + column + "', row group " + rowGroup
                        + ": the values of one row have more than 2 GiB. Leave the column out.");
    }

    static RuntimeException unreadable(Path file, IOException cause) {
        if (cause instanceof NoSuchFileException) {
            return new DataException(
                    "FILE_NOT_FOUND",
                    "'" + file
                            + "' is not there any more. It was removed after the query found it: run the query again.",
                    cause);
        }
        return new UnavailableException(
                "FILE_NOT_READABLE", "'" + file + "' can't be read: " + reason(cause) + ".", cause);
    }

    static DataException replaced(Path file) {
        return new DataException(
                "FILE_NOT_FOUND",
                "'" + file + "' is not there any more: another file has taken its place after the query found it. Run"
                        + " the query again.");
    }

    private static String oneLine(Type type) {
        return type.toString().strip().replaceAll("\\s+", " ");
    }

    private static String reason(Throwable cause) {
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }
}
