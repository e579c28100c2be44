package dev.headrace.jdbc;

import dev.headrace.chunk.Slice;
import dev.headrace.errors.DataException;
import dev.headrace.errors.QueryException;
import dev.headrace.types.BinaryType;
import dev.headrace.types.BooleanType;
import dev.headrace.types.ByteType;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.DateType;
import dev.headrace.types.DecimalType;
import dev.headrace.types.DoubleType;
import dev.headrace.types.FloatType;
import dev.headrace.types.IntegerType;
import dev.headrace.types.LongType;
import dev.headrace.types.ShortType;
import dev.headrace.types.StringType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import dev.headrace.types.TimestampNTZType;
import dev.headrace.types.TimestampType;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which types of a database are which of ours, and how values go from one to the other.
final class JdbcTypes {
    private static final long MICROS = 1_000_000;
    private static final Set<String> TEXTS = Set.of(
            "char", "character", "varchar", "varchar2", "nvarchar", "nvarchar2", "character varying", "text", "bpchar");

    private JdbcTypes() {}

    /// The type of a column of a result; what is not known is read as text.
    static DataType read(ResultSetMetaData columns, int column) throws SQLException {
        return switch (columns.getColumnType(column)) {
            case Types.BIT, Types.BOOLEAN -> DataTypes.BooleanType;
            case Types.TINYINT -> columns.isSigned(column) ? DataTypes.ByteType : DataTypes.ShortType;
            case Types.SMALLINT -> columns.isSigned(column) ? DataTypes.ShortType : DataTypes.IntegerType;
            case Types.INTEGER -> columns.isSigned(column) ? DataTypes.IntegerType : DataTypes.LongType;
            case Types.BIGINT -> columns.isSigned(column) ? DataTypes.LongType : new DecimalType(20, 0);
            case Types.REAL -> DataTypes.FloatType;
            case Types.FLOAT, Types.DOUBLE -> DataTypes.DoubleType;
            case Types.DECIMAL, Types.NUMERIC -> decimal(columns.getPrecision(column), columns.getScale(column));
            case Types.DATE -> DataTypes.DateType;
            // PostgreSQL's driver calls both so.
            case Types.TIMESTAMP ->
                columns.getColumnTypeName(column).equals("timestamptz")
                        ? DataTypes.TimestampType
                        : DataTypes.TimestampNTZType;
            case Types.TIMESTAMP_WITH_TIMEZONE -> DataTypes.TimestampType;
            case Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY, Types.BLOB -> DataTypes.BinaryType;
            default -> DataTypes.StringType;
        };
    }

    /// Whether a database compares the values of a column of a result as we do those that are read: numbers that aren't
    /// rounded, dates, times, and texts that are nothing else. Not floating point numbers, for the sake of NaN.
    /// Nothing of SQLite, whose columns hold values of any type, and whose driver sends times as other texts than it
    /// stores.
    static boolean isComparable(DatabaseMetaData database, ResultSetMetaData columns, int column) throws SQLException {
        if ("SQLite".equals(database.getDatabaseProductName())) {
            return false;
        }
        return switch (read(columns, column)) {
            case ByteType _, ShortType _, IntegerType _, LongType _, DateType _, TimestampNTZType _, TimestampType _ ->
                true;
            case DecimalType(int precision, int scale) ->
                precision == columns.getPrecision(column) && scale == columns.getScale(column);
            // Drivers call other types texts, too, which can't be compared with one; nor can SQL Server's own text.
            case StringType _ ->
                columns.getColumnType(column) != Types.LONGVARCHAR
                        && TEXTS.contains(columns.getColumnTypeName(column).toLowerCase(Locale.ROOT));
            default -> false;
        };
    }

    /// Some databases give no digits for numbers of any size.
    private static DecimalType decimal(int precision, int scale) {
        return precision <= 0 || precision > DecimalType.MAX_PRECISION || scale < 0 || scale > precision
                ? new DecimalType(38, 18)
                : new DecimalType(precision, scale);
    }

    /// Whether [#cells] gives cells of the type.
    static boolean isReadable(DataType type) {
        return switch (type) {
            case BooleanType _, ByteType _, ShortType _, IntegerType _, LongType _, FloatType _, DoubleType _ -> true;
            case DecimalType _, StringType _, BinaryType _, DateType _, TimestampNTZType _, TimestampType _ -> true;
            default -> false;
        };
    }

    /// A row's values as cells of the types of its columns.
    ///
    /// @throws DataException `JDBC_VALUE_OUT_OF_RANGE`
    static List<@Nullable Object> cells(ResultSet row, StructType schema) throws SQLException {
        List<@Nullable Object> cells = new ArrayList<>(schema.size());
        for (int i = 0; i < schema.size(); i++) {
            try {
                cells.add(cell(row, i + 1, schema.field(i).dataType()));
            } catch (ArithmeticException beyond) {
                throw outOfRange(schema.field(i), row.getString(i + 1), beyond);
            }
        }
        return cells;
    }

    /// Databases have numbers of more digits than a decimal, and times beyond ours, such as PostgreSQL's infinity.
    private static DataException outOfRange(StructField column, String value, ArithmeticException beyond) {
        return new DataException(
                "JDBC_VALUE_OUT_OF_RANGE",
                "format(\"jdbc\"), column '" + column.name() + "': the value '" + value + "' is out of the range of "
                        + column.dataType().simpleString() + ". Read the column as another type by the option "
                        + "customSchema, such as '" + column.name() + " STRING'.",
                beyond);
    }

    /// The value as a cell of its type.
    private static @Nullable Object cell(ResultSet row, int column, DataType type) throws SQLException {
        Object value = switch (type) {
            case BooleanType _ -> (Object) row.getBoolean(column);
            case ByteType _ -> row.getByte(column);
            case ShortType _ -> row.getShort(column);
            case IntegerType _ -> row.getInt(column);
            case LongType _ -> row.getLong(column);
            case FloatType _ -> row.getFloat(column);
            case DoubleType _ -> row.getDouble(column);
            case DecimalType decimal -> {
                BigDecimal number = row.getBigDecimal(column);
                yield number == null ? null : fitted(number, decimal);
            }
            case DateType _ -> {
                LocalDate date = row.getObject(column, LocalDate.class);
                yield date == null ? null : (Object) Math.toIntExact(date.toEpochDay());
            }
            case TimestampNTZType _ -> {
                LocalDateTime time = row.getObject(column, LocalDateTime.class);
                yield time == null ? null : (Object) micros(time.toInstant(ZoneOffset.UTC));
            }
            case TimestampType _ -> {
                OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
                yield time == null ? null : (Object) micros(time.toInstant());
            }
            case BinaryType _ -> {
                byte[] bytes = row.getBytes(column);
                yield bytes == null ? null : Slice.of(bytes);
            }
            default -> {
                String text = row.getString(column);
                yield text == null ? null : Slice.utf8(text);
            }
        };
        return row.wasNull() ? null : value;
    }

    private static BigDecimal fitted(BigDecimal number, DecimalType type) {
        BigDecimal rounded = number.setScale(type.scale(), RoundingMode.HALF_UP);
        if (rounded.precision() > type.precision()) {
            throw new ArithmeticException("a number of " + rounded.precision() + " digits");
        }
        return rounded;
    }

    private static long micros(Instant time) {
        return Math.addExact(Math.multiplyExact(time.getEpochSecond(), MICROS), time.getNano() / 1_000);
    }

    /// The type of a column in CREATE TABLE.
    ///
    /// @param url of the database: not all call the same type by the same name
    /// @throws QueryException `UNSUPPORTED_DATA_TYPE` for arrays, maps and structs
    static String ddl(StructField field, String url) {
        return switch (field.dataType()) {
            case BooleanType _ -> "BOOLEAN";
            case ByteType _, ShortType _ -> "SMALLINT";
            case IntegerType _ -> "INTEGER";
            case LongType _ -> "BIGINT";
            case FloatType _ -> "REAL";
            case DoubleType _ -> "DOUBLE PRECISION";
            case DecimalType(int precision, int scale) -> "DECIMAL(" + precision + ", " + scale + ")";
            case StringType _ -> "VARCHAR";
            case BinaryType _ -> url.startsWith("jdbc:postgresql:") ? "BYTEA" : "BLOB";
            case DateType _ -> "DATE";
            case TimestampNTZType _ -> "TIMESTAMP";
            case TimestampType _ -> "TIMESTAMP WITH TIME ZONE";
            case DataType other ->
                throw new QueryException(
                        "UNSUPPORTED_DATA_TYPE",
                        "format(\"jdbc\") can't write the column '" + field.name() + "' of type " + other.simpleString()
                                + ". Turn it into text by to_json.");
        };
    }

    static void set(PreparedStatement statement, int at, @Nullable Object cell, DataType type) throws SQLException {
        if (cell == null) {
            statement.setObject(at, null);
            return;
        }
        switch (type) {
            case ByteType _ -> statement.setShort(at, (Byte) cell);
            case DateType _ -> statement.setObject(at, LocalDate.ofEpochDay((Integer) cell));
            case TimestampNTZType _ ->
                statement.setObject(at, LocalDateTime.ofInstant(instant((Long) cell), ZoneOffset.UTC));
            case TimestampType _ -> statement.setObject(at, instant((Long) cell).atOffset(ZoneOffset.UTC));
            case BinaryType _ -> statement.setBytes(at, ((Slice) cell).bytes());
            case StringType _ -> statement.setString(at, cell.toString());
            default -> statement.setObject(at, cell);
        }
    }

    private static Instant instant(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, MICROS), Math.floorMod(micros, MICROS) * 1_000);
    }
}
