package dev.headrace.delta;

import static dev.headrace.functions.col;
import static dev.headrace.functions.lit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.DataFrame;
import dev.headrace.Row;
import dev.headrace.RowFactory;
import dev.headrace.Session;
import dev.headrace.types.StructType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tables whose columns are called otherwise in their files, as after a rename by another writer.
class ColumnMappingTest {
    @TempDir
    private Path directory;

    private final Session session = Session.builder().master("local[2]").getOrCreate();

    @AfterEach
    void nothingLeaks() {
        session.close();
    }

    /// A table with the columns `c1`, `c2` (a struct of `c3`) and `c4` in its files, called `id`, `person.name` and
    /// `day`.
    @BeforeEach
    void mappedTable() throws IOException {
        session.createDataFrame(
                        List.of(
                                RowFactory.create(1L, RowFactory.create("ann"), "mon"),
                                RowFactory.create(2L, RowFactory.create("bob"), "tue")),
                        StructType.fromDDL("c1 bigint, c2 struct<c3: string>, c4 string"))
                .write()
                .format("delta")
                .partitionBy("c4")
                .save(place().toString());
        commit(text -> rename(rename(rename(rename(text, "c1", "id"), "c2", "person"), "c3", "name"), "c4", "day")
                .replace("\"partitionColumns\":[\"c4\"]", "\"partitionColumns\":[\"day\"]")
                .replace(
                        "\"configuration\":{}",
                        "\"configuration\":{\"delta.columnMapping.mode\":\"name\",\"delta.columnMapping.maxColumnId\":\"4\"}")
                .replace(
                        "\"minReaderVersion\":1,\"minWriterVersion\":2",
                        "\"minReaderVersion\":2,\"minWriterVersion\":5"));
    }

    /// Renames a column in the schema, which is JSON within a JSON string.
    private static String rename(String text, String physical, String name) {
        String q = "\\\"";
        int at = text.indexOf(q + "name" + q + ":" + q + physical + q);
        int metadata = text.indexOf(q + "metadata" + q + ":{}", at);
        if (physical.equals("c2")) {
            int inner = metadata + 1;
            metadata = text.indexOf(q + "metadata" + q + ":{}", inner);
        }
        String facts = q + "metadata" + q + ":{" + q + "delta.columnMapping.physicalName" + q + ":" + q + physical + q
                + "," + q + "delta.columnMapping.id" + q + ":" + physical.substring(1) + "}";
        String with =
                text.substring(0, metadata) + facts + text.substring(metadata + (q + "metadata" + q + ":{}").length());
        return with.replace(q + "name" + q + ":" + q + physical + q, q + "name" + q + ":" + q + name + q);
    }

    /// Two columns made of one had its name and its id in files, so each of them was the last one.
    @Test
    void rowsOfSuchATableTakeNoNamesToAnotherOne() throws IOException {
        Path copy = directory.resolve("copy");
        DataFrame rows = table().select(
                        col("id"),
                        col("id").as("twin"),
                        col("person"),
                        col("day").as("today"));
        DataFrame others = table().select(col("id"), col("id").plus(10), col("person"), col("day"));
        rows.union(others)
                .write()
                .format("delta")
                .option("delta.columnMapping.mode", "name")
                .save(copy.toString());
        DataFrame copied = session.read().format("delta").load(copy.toString());
        assertEquals(
                List.of("[1,1,[ann],mon]", "[1,11,[ann],mon]", "[2,12,[bob],tue]", "[2,2,[bob],tue]"), rows(copied));
        assertEquals(
                4,
                copied.schema().fieldList().stream()
                        .map(field -> field.metadata().entries().get("delta.columnMapping.physicalName"))
                        .distinct()
                        .count());

        Path plain = directory.resolve("plain");
        rows.write().format("delta").save(plain.toString());
        assertTrue(session.read().format("delta").load(plain.toString()).schema().fieldList().stream()
                .allMatch(field -> field.metadata().isEmpty()));
    }

    @Test
    void columnsAreReadUnderTheirNames() throws IOException {
        assertEquals(List.of("[1,[ann],mon]", "[2,[bob],tue]"), rows(table()));
        assertEquals(2, KernelReader.read(place()).size());
    }

    @Test
    void filtersFindStatisticsAndPartitions() {
        assertEquals(List.of("[2,[bob],tue]"), rows(table().filter(col("id").gt(1))));
        assertEquals(List.of("[1,[ann],mon]"), rows(table().filter(col("day").equalTo("mon"))));
        assertEquals(
                List.of("[bob]"),
                rows(table().filter(col("person.name").gt("b")).select("person.name")));
    }

    @Test
    void rowsAreWrittenUnderTheNamesThatFilesHave() throws IOException {
        DeltaTable.forPath(session, place().toString())
                .update(col("id").equalTo(2), Map.of("day", lit("wed"), "person", col("person")));
        session.createDataFrame(
                        List.of(RowFactory.create(3L, RowFactory.create("cid"), "mon", "new")),
                        StructType.fromDDL("id bigint, person struct<name: string>, day string, note string"))
                .write()
                .format("delta")
                .mode("append")
                .option("mergeSchema", true)
                .save(place().toString());

        assertEquals(List.of("[1,[ann],mon,null]", "[2,[bob],wed,null]", "[3,[cid],mon,new]"), rows(table()));
        assertEquals(
                List.of("[3,[cid],mon,new]"), rows(table().filter(col("note").equalTo("new"))));
        assertEquals(3, KernelReader.read(place()).size());
        assertTrue(log().contains("\\\"delta.columnMapping.id\\\":5"), log());
        assertTrue(log().contains("\"delta.columnMapping.maxColumnId\":\"5\""), log());
    }

    private String log() throws IOException {
        return Files.readString(place().resolve("_delta_log/00000000000000000002.json"));
    }

    @Test
    void columnsMappedByIdAreFoundWhateverTheyAreCalled() throws IOException {
        DeltaTable.forPath(session, place().toString())
                .update(Map.of("id", col("id").plus(10)));
        commit(text -> text.replace("columnMapping.mode\":\"name", "columnMapping.mode\":\"id")
                .replace("physicalName\\\":\\\"c1", "physicalName\\\":\\\"another"));

        assertEquals(List.of("[11,[ann],mon]", "[12,[bob],tue]"), rows(table()));
        assertEquals(List.of("[12,[bob],tue]"), rows(table().filter(col("id").gt(11))));
    }

    private DataFrame table() {
        return session.read().format("delta").load(place().toString());
    }

    private static List<String> rows(DataFrame frame) {
        return frame.collectAsList().stream().map(Row::toString).sorted().toList();
    }

    private Path place() {
        return directory.resolve("table");
    }

    private void commit(UnaryOperator<String> change) throws IOException {
        Path commit = place().resolve("_delta_log/00000000000000000000.json");
        Files.writeString(commit, change.apply(Files.readString(commit)));
    }
}
