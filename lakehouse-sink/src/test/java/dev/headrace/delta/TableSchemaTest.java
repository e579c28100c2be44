package dev.headrace.delta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headrace.delta.log.TableMetadata;
import dev.headrace.errors.QueryException;
import dev.headrace.types.StructType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class TableSchemaTest {
    @Test
    void columnsAreMatchedByNameWhateverTheirCaseAndOrder() {
        TableSchema fit = fit("id bigint, day date, Name string", "day", "NAME string, day date");

        assertEquals(StructType.fromDDL("id bigint, Name string"), fit.data());
        assertEquals(List.of(-1, 0), fit.dataOrdinals());
        assertEquals(List.of(1), fit.partitionOrdinals());
    }

    @Test
    void nullabilityWithinAColumnDoesNotMatter() {
        assertEquals(
                List.of(0),
                fit("s struct<a: array<int>>", "", "s struct<a: array<int> not null>")
                        .dataOrdinals());
    }

    @Test
    void anotherTypeIsNamedWithWhatToDo() {
        assertEquals(
                "[DELTA_SCHEMA_MISMATCH] /t: column 'amount' is 'string' in the rows to write, but 'double' in the table. "
                        + "Cast it: col(\"amount\").cast(\"double\").",
                message(() -> fit("id bigint, amount double", "", "amount string")));
    }

    @Test
    void aColumnThatTheTableLacksIsNamedWithASuggestion() {
        assertEquals(
                "[DELTA_SCHEMA_MISMATCH] /t: the rows to write have a column 'amout' ('double'), which the table (id, amount) "
                        + "has not. Drop or rename it, write with option(\"mergeSchema\", true) to add it to the table, or with "
                        + "mode(\"overwrite\") and option(\"overwriteSchema\", true). Did you mean 'amount'?",
                message(() -> fit("id bigint, amount double", "", "amout double")));
    }

    @Test
    void aColumnThatMustNotBeNullMustBeThere() {
        assertEquals(
                "[DELTA_SCHEMA_MISMATCH] /t: the rows to write have no column 'id', which is 'not null' in the table. Add it "
                        + "to the rows.",
                message(() -> fit("id bigint not null, amount double", "", "amount double")));
    }

    @Test
    void aNewTablesColumnsMayAllBeNull() {
        assertEquals(
                StructType.fromDDL("id bigint, s struct<a: int>"),
                TableSchema.forNewTable(
                        "/t", StructType.fromDDL("id bigint not null, s struct<a: int not null> not null")));
    }

    @Test
    void namesThatDeltaCannotHoldAreRefused() {
        assertEquals(
                "[DELTA_INVALID_COLUMN_NAME] /t: a Delta table can't have a column 's.a b': names must not be empty or hold a "
                        + "blank, a tab, a line break or one of ,;{}()=. Rename it: col(\"`s.a b`\").as(\"…\").",
                message(() -> TableSchema.forNewTable("/t", StructType.fromDDL("s struct<`a b`: int>"))));
        assertEquals(
                "[DELTA_DUPLICATE_COLUMN] /t: there are two columns 'ID' (case doesn't count). Rename or drop one.",
                message(() -> TableSchema.forNewTable("/t", StructType.fromDDL("id int, ID int"))));
        assertEquals(
                "[DELTA_UNSUPPORTED_TYPE] /t: column 'nothing' is of type 'void', which no Delta reader can read. Cast it to "
                        + "the type that is meant.",
                message(() -> TableSchema.forNewTable("/t", StructType.fromDDL("id int, nothing void"))));
        assertEquals(
                "[DELTA_UNSUPPORTED_TYPE] /t: column 's.wait' is of type 'interval day to hour', which Delta tables have"
                        + " not. Cast it to a string, or to a number of its last field.",
                message(() ->
                        TableSchema.forNewTable("/t", StructType.fromDDL("s struct<wait: interval day to hour>"))));
    }

    @Test
    void partitionColumnsMustBeColumnsWithPlainValues() {
        StructType schema = StructType.fromDDL("id bigint, Day date, tags array<string>");
        assertEquals(List.of("Day"), TableSchema.partitionColumns("/t", schema, List.of("day")));
        assertEquals(
                "[UNRESOLVED_COLUMN] /t: partitionBy names 'dya', which is not a column of the rows to write (id, Day, tags). "
                        + "Did you mean 'Day'?",
                message(() -> TableSchema.partitionColumns("/t", schema, List.of("dya"))));
        assertEquals(
                "[DELTA_UNSUPPORTED_PARTITION_TYPE] /t: partitionBy names 'tags' of type 'array<string>', which can't be a "
                        + "partition column. Choose a number, text, date, timestamp or boolean.",
                message(() -> TableSchema.partitionColumns("/t", schema, List.of("tags"))));
        assertEquals(
                "[ALL_COLUMNS_PARTITIONED] /t: partitionBy names all columns (id), so the files would hold nothing. Leave at "
                        + "least one out.",
                message(() -> TableSchema.partitionColumns("/t", StructType.fromDDL("id int"), List.of("id"))));
    }

    private static TableSchema fit(String table, String partitionColumn, String rows) {
        TableMetadata metadata = new TableMetadata(
                "id",
                Optional.empty(),
                Optional.empty(),
                StructType.fromDDL(table),
                partitionColumn.isEmpty() ? List.of() : List.of(partitionColumn),
                Map.of(),
                OptionalLong.empty());
        return TableSchema.fit("/t", metadata, StructType.fromDDL(rows));
    }

    private static String message(Runnable refused) {
        return assertThrows(QueryException.class, refused::run).getMessage();
    }
}
