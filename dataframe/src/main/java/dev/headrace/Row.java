package dev.headrace;

import dev.headrace.errors.QueryException;
import dev.headrace.types.StructType;
import java.math.BigDecimal;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One row of a DataFrame: values in the order of the columns. Immutable, independent of the memory it was read from.
///
/// What [#get] gives, by type: `Boolean`, `Byte`, `Short`, `Integer`, `Long`, `Float`, `Double`, `BigDecimal`,
/// `String`, `byte[]`, [Date] and [Timestamp] (or [LocalDate] and [Instant] where `spark.sql.datetime.java8API.enabled`
/// is true), `LocalDateTime` (timestamp_ntz), `List` (array), `Map`, and `Row` (struct); null for null. Getters of
/// dates and timestamps convert between the two families.
///
/// Getters throw [QueryException] with the code `ROW_VALUE_TYPE` for a value of another class, `ROW_VALUE_IS_NULL` for
/// a null that must become a primitive, and `ROW_INDEX` for a column that isn't there.
public interface Row {
    int size();

    default int length() {
        return size();
    }

    /// The columns' names and types, or null for a row that was made by hand.
    @Nullable StructType schema();

    /// The value of a column; see the class comment for its class.
    @Nullable Object get(int i);

    default @Nullable Object apply(int i) {
        return get(i);
    }

    default boolean isNullAt(int i) {
        return get(i) == null;
    }

    default boolean getBoolean(int i) {
        return RowValues.present(this, i, Boolean.class);
    }

    default byte getByte(int i) {
        return RowValues.present(this, i, Byte.class);
    }

    default short getShort(int i) {
        return RowValues.present(this, i, Short.class);
    }

    default int getInt(int i) {
        return RowValues.present(this, i, Integer.class);
    }

    default long getLong(int i) {
        return RowValues.present(this, i, Long.class);
    }

    default float getFloat(int i) {
        return RowValues.present(this, i, Float.class);
    }

    default double getDouble(int i) {
        return RowValues.present(this, i, Double.class);
    }

    default @Nullable String getString(int i) {
        return RowValues.orNull(this, i, String.class);
    }

    default @Nullable BigDecimal getDecimal(int i) {
        return RowValues.orNull(this, i, BigDecimal.class);
    }

    default @Nullable Date getDate(int i) {
        return RowValues.date(this, i);
    }

    default @Nullable LocalDate getLocalDate(int i) {
        return RowValues.localDate(this, i);
    }

    default @Nullable Timestamp getTimestamp(int i) {
        return RowValues.timestamp(this, i);
    }

    default @Nullable Instant getInstant(int i) {
        return RowValues.instant(this, i);
    }

    /// The elements of an array, in an unmodifiable list.
    @SuppressWarnings("unchecked") // as in Spark: the caller says what the elements are
    default <T extends @Nullable Object> @Nullable List<T> getList(int i) {
        return (List<T>) RowValues.orNull(this, i, List.class);
    }

    /// The entries of a map, in an unmodifiable map of their order.
    @SuppressWarnings("unchecked") // as in Spark: the caller says what the entries are
    default <K, V extends @Nullable Object> @Nullable Map<K, V> getMap(int i) {
        return (Map<K, V>) RowValues.orNull(this, i, Map.class);
    }

    default <K, V extends @Nullable Object> @Nullable Map<K, V> getJavaMap(int i) {
        return getMap(i);
    }

    default @Nullable Row getStruct(int i) {
        return RowValues.orNull(this, i, Row.class);
    }

    /// The value of a column, taken to be of the class that the caller expects.
    @SuppressWarnings({"unchecked", "NullAway", "TypeParameterUnusedInFormals"}) // as in Spark
    default <T extends @Nullable Object> T getAs(int i) {
        return (T) get(i);
    }

    /// The value of the column of this name, taken to be of the class that the caller expects.
    ///
    /// @throws QueryException `FIELD_NOT_FOUND` if there is no such column; `UNSUPPORTED_OPERATION` without a schema
    @SuppressWarnings("TypeParameterUnusedInFormals") // as in Spark
    default <T extends @Nullable Object> T getAs(String fieldName) {
        return getAs(fieldIndex(fieldName));
    }

    /// The ordinal of the column of exactly this name.
    ///
    /// @throws QueryException `FIELD_NOT_FOUND` if there is no such column; `UNSUPPORTED_OPERATION` without a schema
    default int fieldIndex(String name) {
        StructType schema = schema();
        if (schema == null) {
            throw new QueryException(
                    "UNSUPPORTED_OPERATION",
                    "Row.fieldIndex(\"" + name
                            + "\"): the row has no schema, since it was made by hand. Ask by number.");
        }
        return schema.fieldIndex(name);
    }

    default boolean anyNull() {
        for (int i = 0; i < size(); i++) {
            if (isNullAt(i)) {
                return true;
            }
        }
        return false;
    }

    /// The row itself: rows don't change.
    default Row copy() {
        return this;
    }

    /// All values as text, one after the other.
    default String mkString() {
        return mkString("");
    }

    default String mkString(String separator) {
        return mkString("", separator, "");
    }

    default String mkString(String start, String separator, String end) {
        StringBuilder out = new StringBuilder(start);
        for (int i = 0; i < size(); i++) {
            out.append(i == 0 ? "" : separator).append(get(i));
        }
        return out.append(end).toString();
    }
}
