package dev.headrace.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.connector.ConnectorOptions;
import dev.headrace.connector.SessionSettings;
import dev.headrace.errors.QueryException;
import dev.headrace.errors.Secrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InputFilesTest {
    @TempDir
    Path root;

    @Test
    void aFileStandsForItself() throws IOException {
        create("a.json", "12345");

        InputFile file = InputFiles.list(List.of(root + "/a.json")).getFirst();

        assertEquals(root.resolve("a.json"), file.path());
        assertEquals(5, file.bytes());
        assertEquals(Map.of(), file.partition());
    }

    @Test
    void filesOfADirectoryComeByNameWithoutHiddenOnes() throws IOException {
        create("b.json", "");
        create("a.json", "");
        create("_SUCCESS", "");
        create(".a.json.crc", "");
        create("_temporary/1/c.json", "");
        create("deeper/d.json", "");

        assertEquals(List.of("a.json", "b.json"), list(root.toString()));
    }

    @Test
    void keyValueDirectoriesGiveThePartition() throws IOException {
        create("day=2026-01-02/shop=a%2Fb/x.json", "");
        create("day=__HIVE_DEFAULT_PARTITION__/shop=c/_hidden", "");
        create("day=__HIVE_DEFAULT_PARTITION__/shop=c/y.json", "");

        List<InputFile> files = InputFiles.list(List.of(root.toString()));

        assertEquals(
                Map.of("day", Optional.of("2026-01-02"), "shop", Optional.of("a/b")),
                files.get(0).partition());
        assertEquals(
                Map.of("day", Optional.empty(), "shop", Optional.of("c")),
                files.get(1).partition());
        assertEquals(2, files.size());
    }

    @Test
    void patternsMatchFilesAndDirectories() throws IOException {
        create("2026/01/a.json", "");
        create("2026/02/b.json", "");
        create("2026/03/c.csv", "");
        create("2027/01/d.json", "");

        assertEquals(List.of("a.json", "b.json"), list(root + "/2026/*/*.json"));
        assertEquals(List.of("a.json", "c.csv"), list(root + "/2026/0[13]"));
        assertEquals(List.of("b.json"), list(root + "/2026/0[^13]"));
        assertEquals(List.of("c.csv", "d.json"), list(root + "/{2026/03,2027/01}/*.{csv,json}"));
        assertEquals(List.of("a.json", "d.json"), list("file://" + root + "/202?/01"));
    }

    @Test
    void aFileWhoseNameLooksLikeAPatternIsFound() throws IOException {
        create("a[1].json", "");

        assertEquals(List.of("a[1].json"), list(root + "/a[1].json"));
    }

    @Test
    void namesCanBeFilteredAndDirectoriesSearchedThrough() throws IOException {
        create("a.json", "");
        create("b.txt", "");
        create("deep/down/c.json", "");

        Map<String, String> options = Map.of("pathGlobFilter", "*.json", "recursiveFileLookup", "true");
        assertEquals(2, chosen(options, root.toString()).size());
    }

    @Test
    void aMissingPathIsReportedWithANearName() throws IOException {
        create("orders.json", "");

        QueryException error = assertThrows(QueryException.class, () -> list(root + "/order.json"));

        assertEquals(
                "[PATH_NOT_FOUND] There is no file or directory '" + root + "/order.json'. Did you mean 'orders.json'?",
                error.getMessage());
    }

    @Test
    void aMissingDirectoryIsReportedWithTheLastThatExists() {
        QueryException error = assertThrows(QueryException.class, () -> list(root + "/x/y/z"));

        assertEquals(
                "[PATH_NOT_FOUND] There is no file or directory '" + root + "/x/y/z'. Of its directories, '" + root
                        + "' is the last that exists.",
                error.getMessage());
    }

    @Test
    void aPatternWithoutMatchesIsAnError() {
        assertEquals(
                "PATH_NOT_FOUND",
                assertThrows(QueryException.class, () -> list(root + "/*.json")).code());
        assertEquals(
                "[INVALID_PATH_PATTERN] The path pattern '[ab' lacks a closing ']'. Put a backslash before a character that "
                        + "is meant literally.",
                assertThrows(QueryException.class, () -> list(root + "/[ab")).getMessage());
    }

    @Test
    void storesWithoutAJarAreRefused() {
        QueryException error = assertThrows(QueryException.class, () -> list("s3a://bucket/x"));

        assertEquals("UNSUPPORTED_FILE_SYSTEM", error.code());
        assertTrue(error.getMessage().contains("org.apache.hadoop:hadoop-aws"), error.getMessage());
    }

    @Test
    void whatMustLieOnTheLocalDiskDoesNotLieElsewhere() {
        QueryException error = assertThrows(QueryException.class, () -> InputFiles.localPath("s3a://bucket/x"));

        assertEquals(
                "[UNSUPPORTED_FILE_SYSTEM] The path 's3a://bucket/x' is on 's3a'. Here only the local file system is "
                        + "supported: give a plain path or one with file:.",
                error.getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "s3a://ann:hush@bucket/x, s3a://*********(redacted)@bucket/x",
        "s3a://ann:hu/sh@bucket/x, s3a://*********(redacted)@bucket/x",
        "s3a://ann:hush@host:8020/x, s3a://*********(redacted)@host:8020/x",
        "s3a://:hu@sh@bucket, s3a://*********(redacted)@bucket",
        "hdfs://host:8020/ann@home:1, hdfs://host:8020/ann@home:1",
        "abfs://container@account/x:y@z, abfs://container@account/x:y@z",
        "/data/a:b@c, /data/a:b@c"
    })
    void errorsDoNotTellPasswords(String path, String told) {
        assertEquals(told, Secrets.withoutLogin(path));
        if (!InputFiles.isLocal(path)) {
            QueryException error = assertThrows(QueryException.class, () -> InputFiles.localPath(path));
            assertTrue(error.text().startsWith("The path '" + told + "' is on '"), error.getMessage());
        }
    }

    @Test
    void directoriesBetweenTheBaseAndAPathGiveThePartition() throws IOException {
        create("day=1/shop=a/x.json", "");
        create("day=2/shop=a/y.json", "");
        String day = root + "/day=1";

        assertEquals(
                Map.of("shop", Optional.of("a")),
                chosen(Map.of(), day).getFirst().partition());
        for (String path : List.of(day, root + "/*=1/shop=a", day + "/shop=a/x.json")) {
            assertEquals(
                    List.of("day=Optional[1]", "shop=Optional[a]"),
                    chosen(Map.of("basePath", root.toString()), path).getFirst().partition().entrySet().stream()
                            .map(Object::toString)
                            .toList());
        }
        assertEquals(
                "[INVALID_OPTION] Option 'basePath' is '" + root + "/day=2', and the path '" + day
                        + "' does not lie below it: expected the directory that the table begins at.",
                assertThrows(QueryException.class, () -> chosen(Map.of("basePath", root + "/day=2"), day))
                        .getMessage());
    }

    @Test
    void filesAreChosenByWhenTheyWereChanged() throws IOException {
        create("a.json", "");
        create("b.json", "");
        Files.setLastModifiedTime(root.resolve("a.json"), FileTime.from(Instant.parse("2026-01-31T10:00:00Z")));
        Files.setLastModifiedTime(root.resolve("b.json"), FileTime.from(Instant.parse("2026-01-31T11:00:00Z")));

        assertEquals("[b.json]", names(Map.of("modifiedAfter", "2026-01-31T10:00:00")));
        assertEquals("[a.json]", names(Map.of("modifiedBefore", "2026-01-31 10:30:00")));
        assertEquals("[a.json, b.json]", names(Map.of("modifiedBefore", "2026-02-01")));
        assertEquals(
                "[]", names(Map.of("modifiedAfter", "2026-01-31T10:00:00", "modifiedBefore", "2026-01-31T11:00:00")));
        assertEquals(
                "[INVALID_OPTION] format(\"json\") option 'modifiedAfter' is 'noon': expected a timestamp such as "
                        + "'2026-01-31T10:00:00'.",
                assertThrows(QueryException.class, () -> names(Map.of("modifiedAfter", "noon")))
                        .getMessage());
    }

    private String names(Map<String, String> options) {
        return chosen(options, root.toString()).stream()
                .map(file -> file.path().getFileName().toString())
                .toList()
                .toString();
    }

    private static List<InputFile> chosen(Map<String, String> options, String path) {
        return InputFiles.list(new ConnectorOptions(
                "json", options, Optional.empty(), List.of(path), List.of(), new SessionSettings(ZoneOffset.UTC, 2)));
    }

    private static List<String> list(String path) {
        return InputFiles.list(List.of(path)).stream()
                .map(file -> file.path().getFileName().toString())
                .toList();
    }

    private void create(String name, String content) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }
}
