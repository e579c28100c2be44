package dev.headrace.files.store;

import static dev.headrace.functions.col;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.DataFrame;
import dev.headrace.Session;
import dev.headrace.errors.HeadraceException;
import dev.headrace.errors.QueryException;
import dev.headrace.errors.ResourceException;
import dev.headrace.files.InputFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Files of all formats in a store that is a directory, as Hadoop sees it.
class FilesInStoresTest {
    private static final String SETTINGS = "spark.hadoop.";

    @AutoClose
    private final Session session = Session.builder().master("local[2]").create();

    @TempDir
    private Path directory;

    private String bucket = "";

    @BeforeEach
    void know() throws IOException {
        bucket = Files.createTempDirectory(directory, "b").getFileName().toString();
        System.setProperty(SETTINGS + DirectoryStore.ROOT, directory.toString());
        System.setProperty(SETTINGS + "fs.dir.impl", DirectoryStore.class.getName());
        System.setProperty(SETTINGS + "fs.dir.impl.disable.cache", "true");
    }

    @AfterEach
    void forget() {
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith(SETTINGS))
                .forEach(System::clearProperty);
    }

    @ParameterizedTest
    @ValueSource(strings = {"parquet", "orc", "avro", "arrow", "json", "csv"})
    void everyFormatIsWrittenAndRead(String format) {
        DataFrame rows = session.range(0, 1000, 1, 3).selectExpr("id", "'n' || id AS name", "id % 2 AS part");

        rows.write().format(format).partitionBy("part").save(at("table"));

        DataFrame read =
                session.read().format(format).schema("id bigint, name string").load(at("table"));
        assertEquals(
                "[[2,n2,0], [3,n3,1]]",
                read.filter("id IN (2, 3)").orderBy("id").collectAsList().toString());
        assertEquals(500, read.filter("part = 1").count());
        assertEquals(
                "dir://" + bucket + "/table/part=1",
                read.filter("part = 1")
                        .selectExpr("substring_index(_metadata.file_path, '/', 5) AS place")
                        .distinct()
                        .first()
                        .getString(0));
    }

    @Test
    void textsAndWholeFilesAreReadByPatterns() throws IOException {
        place("logs/2026/01/a.txt", "one\ntwo\n");
        place("logs/2026/02/b.txt", "three\n");
        place("logs/2027/01/c.txt", "four\n");

        assertEquals(
                "[[one], [three], [two]]",
                session.read()
                        .text(at("logs/2026/*/*.txt"))
                        .orderBy("value")
                        .collectAsList()
                        .toString());
        assertEquals(
                "[[4,dir://" + bucket + "/logs/2027/01/c.txt]]",
                session.read()
                        .format("binaryFile")
                        .option("recursiveFileLookup", true)
                        .load(at("logs/2027"))
                        .selectExpr("length(content) - 1 AS bytes", "path")
                        .collectAsList()
                        .toString());
        assertEquals(
                "[PATH_NOT_FOUND] There is no file or directory '" + at("logs/2028") + "'. Did you mean '2026'?",
                assertThrows(QueryException.class, () -> session.read().text(at("logs/2028")))
                        .getMessage());
    }

    @Test
    void whatBecomesOfAFileThatWasFoundIsSeen() throws IOException {
        place("in/a.txt", "one\n");
        Path found = InputFiles.list(List.of(at("in"))).getFirst().path();

        place("in/a.txt", "one and two\n");

        assertEquals(12, Files.size(found));
        Files.delete(found);
        assertFalse(Files.exists(found));
    }

    @Test
    void saveModesDoWhatTheyDoOnADisk() throws IOException {
        String table = at("table");
        ids(1, 2).write().json(table);

        assertEquals(
                "PATH_ALREADY_EXISTS",
                assertThrows(QueryException.class, () -> ids(3).write().json(table))
                        .code());
        ids(3).write().mode("ignore").json(table);
        assertEquals("[[1], [2]]", read(table));
        ids(3).write().mode("append").json(table);
        assertEquals("[[1], [2], [3]]", read(table));
        ids(4).write().mode("overwrite").json(table);
        assertEquals("[[4]]", read(table));
        assertEquals(List.of("_SUCCESS", "part"), names("table"));
    }

    @Test
    void onlyThePartitionsThatGetRowsAreReplaced() {
        String table = at("table");
        session.sql("SELECT * FROM VALUES (1, 'a'), (2, 'b') AS t(id, p)")
                .write()
                .partitionBy("p")
                .parquet(table);

        session.sql("SELECT * FROM VALUES (3, 'b'), (4, 'c') AS t(id, p)")
                .write()
                .partitionBy("p")
                .mode("overwrite")
                .option("partitionOverwriteMode", "dynamic")
                .parquet(table);

        assertEquals(
                "[[1,a], [3,b], [4,c]]",
                session.read().parquet(table).orderBy("id").collectAsList().toString());
    }

    @Test
    void aWriteThatFailsLeavesNothing() throws IOException {
        String table = at("table");
        ids(1).write().json(table);

        assertThrows(
                RuntimeException.class,
                () -> session.range(0, 100_000, 1, 2)
                        .selectExpr("id", "raise_error('no')")
                        .write()
                        .mode("overwrite")
                        .json(table));

        assertEquals("[[1]]", read(table));
        assertEquals(List.of("_SUCCESS", "part"), names("table"));
        assertThrows(
                RuntimeException.class,
                () -> ids(1).selectExpr("raise_error('no')").write().json(at("new")));
        assertFalse(Files.exists(directory.resolve(bucket).resolve("new")));
    }

    @Test
    void nothingIsWrittenWhereNobodyKnowsWhatIsThere() throws IOException {
        String table = at("table");
        ids(1).write().json(table);
        Path lost = directory.resolve(bucket).resolve("table" + DirectoryStore.LOST);
        Files.createFile(lost);

        for (String mode : List.of("errorifexists", "ignore", "overwrite")) {
            assertEquals(
                    "FILE_NOT_WRITABLE",
                    assertThrows(
                                    ResourceException.class,
                                    () -> ids(2).write().mode(mode).json(table))
                            .code());
        }

        Files.delete(lost);
        assertEquals("[[1]]", read(table));
    }

    @ParameterizedTest
    @ValueSource(strings = {"parquet", "orc", "avro", "arrow", "json"})
    void filesThatTheStoreDoesNotGiveAreNotPassedOver(String format) throws IOException {
        session.range(0, 10, 1, 2).toDF("id").write().format(format).save(at("table"));
        DataFrame read = session.read()
                .format(format)
                .schema("id bigint")
                .option("ignoreCorruptFiles", true)
                .option("ignoreMissingFiles", true)
                .load(at("table"));
        assertEquals(10, read.collectAsList().size());

        Path table = directory.resolve(bucket).resolve("table");
        List<Path> files;
        try (Stream<Path> all = Files.list(table)) {
            files = all.toList();
        }
        for (Path file : files) {
            Files.createFile(table.resolve(file.getFileName() + DirectoryStore.LOST));
        }

        assertThrows(HeadraceException.class, read::collectAsList);
    }

    @Test
    void whatAKilledWriteHasLeftIsInNobodysWay() throws IOException {
        String table = at("table");
        ids(1).write().json(table);
        place("table/_temporary/killed/part-00000.c000.json", "{\"id\":9}\n");

        ids(2).write().mode("append").json(table);
        assertEquals("[[1], [2]]", read(table));
        ids(3).write().mode("overwrite").json(table);

        assertEquals("[[3]]", read(table));
        assertEquals(List.of("_SUCCESS", "_temporary", "part"), names("table"));
    }

    @Test
    void whatReplacesAStreamsOutputIsRead() throws IOException {
        String table = at("table");
        ids(1).write().json(table);
        place("table/_spark_metadata/0", "v1\n");

        ids(2).write().mode("overwrite").json(table);

        assertEquals("[[2]]", read(table));
    }

    @Test
    void tablesOfTheCatalogLieInStores() {
        session.sql("CREATE TABLE in_store (id BIGINT, p STRING) USING parquet PARTITIONED BY (p) LOCATION '" + at("t")
                + "'");
        session.sql("INSERT INTO in_store VALUES (1, 'a'), (2, 'b')");
        session.sql("INSERT OVERWRITE in_store PARTITION (p = 'b') VALUES (3)");

        assertEquals(
                "[[1,a], [3,b]]",
                session.table("in_store").orderBy(col("id")).collectAsList().toString());
        assertEquals(2, session.sql("SELECT * FROM parquet.`" + at("t") + "`").count());
        assertTrue(Files.isDirectory(directory.resolve(bucket).resolve("t")));
    }

    private DataFrame ids(long... ids) {
        return session.sql("SELECT * FROM VALUES "
                + String.join(
                        ", ",
                        java.util.Arrays.stream(ids)
                                .mapToObj(id -> "(" + id + "L)")
                                .toList())
                + " AS t(id)");
    }

    private String read(String table) {
        return session.read().json(table).orderBy("id").collectAsList().toString();
    }

    private String at(String path) {
        return "dir://" + bucket + "/" + path;
    }

    private void place(String path, String content) throws IOException {
        Path file = directory.resolve(bucket).resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    /// The first words of what is in a directory, but for what Hadoop's checksums add.
    private List<String> names(String path) throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve(bucket).resolve(path))) {
            return files.map(file -> file.getFileName().toString().replaceFirst("^part-.*", "part"))
                    .filter(name -> !name.endsWith(".crc"))
                    .sorted()
                    .toList();
        }
    }
}
