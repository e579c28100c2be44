package dev.headrace.delta.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headrace.chunk.Slice;
import dev.headrace.errors.CheckpointException;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import java.math.BigDecimal;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PartitionValueTest {
    static Stream<Arguments> values() {
        return Stream.of(
                Arguments.of("boolean", true, "true"),
                Arguments.of("tinyint", (byte) -1, "-1"),
                Arguments.of("smallint", (short) 7, "7"),
                Arguments.of("int", 7, "7"),
                Arguments.of("bigint", Long.MIN_VALUE, "-9223372036854775808"),
                Arguments.of("float", 0.5f, "0.5"),
                Arguments.of("double", Double.NaN, "NaN"),
                Arguments.of("decimal(10,2)", new BigDecimal("1.50"), "1.50"),
                Arguments.of("string", Slice.utf8("a=b/c %25"), "a=b/c %25"),
                Arguments.of("date", -1, "1969-12-31"),
                Arguments.of("timestamp", -1L, "1969-12-31T23:59:59.999999Z"),
                Arguments.of("timestamp_ntz", 1_700_000_000_000_001L, "2023-11-14 22:13:20.000001"),
                Arguments.of("timestamp_ntz", 0L, "1970-01-01 00:00:00"));
    }

    @ParameterizedTest
    @MethodSource("values")
    void aValueReadsBackAsItWasWritten(String ddl, Object value, String text) {
        DataType type = DataType.fromDDL(ddl);

        assertEquals(text, PartitionValue.write(value, type));
        assertEquals(value, PartitionValue.read(text, type, "p", ZoneOffset.UTC));
    }

    @Test
    void nullAndTheEmptyTextAreNull() {
        assertNull(PartitionValue.write(null, DataTypes.StringType));
        assertNull(PartitionValue.write(Slice.utf8(""), DataTypes.StringType));
        assertNull(PartitionValue.read("", DataTypes.StringType, "p", ZoneOffset.UTC));
        assertNull(PartitionValue.read(null, DataTypes.IntegerType, "p", ZoneOffset.UTC));
    }

    @Test
    void aTimestampWithoutAZoneIsTakenInTheReaders() {
        Object micros = PartitionValue.read("1970-01-01 01:00:00", DataTypes.TimestampType, "p", ZoneId.of("+01:00"));

        assertEquals(0L, micros);
    }

    @Test
    void aTextThatIsNotOfTheTypeIsDamage() {
        CheckpointException error = assertThrows(
                CheckpointException.class,
                () -> PartitionValue.read("tomorrow", DataTypes.DateType, "day", ZoneOffset.UTC));

        assertEquals(
                "[DELTA_LOG_DAMAGED] The partition column 'day' has the value 'tomorrow' in the table's log, which is not of "
                        + "its type 'date'. The writer of that file is at fault: rewrite its partition, or restore the "
                        + "table to a version before it.",
                error.getMessage());
    }

    @Test
    void bytesAndNestedValuesAreNoPartitionValues() {
        assertFalse(PartitionValue.supports(DataTypes.BinaryType));
        assertFalse(PartitionValue.supports(DataTypes.createArrayType(DataTypes.IntegerType)));
    }
}
