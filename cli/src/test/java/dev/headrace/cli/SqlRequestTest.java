package dev.headrace.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqlRequestTest {
    @ParameterizedTest
    @MethodSource("plainOnes")
    void plainOptionsAreReadWithoutPicocli(String line, SqlRequest expected) {
        assertEquals(Optional.of(expected), SqlRequest.plain(words(line)));
    }

    static Stream<Arguments> plainOnes() {
        SqlRequest.Output table = SqlRequest.Output.table;
        Path file = Path.of("a.sql");
        return Stream.of(
                arguments(
                        "-e|SELECT 1",
                        new SqlRequest("SELECT 1", null, table, null, false, List.of(), List.of(), List.of())),
                arguments(
                        "-f|a.sql|--time",
                        new SqlRequest(null, file, table, null, true, List.of(), List.of(), List.of())),
                arguments(
                        "--output=csv",
                        new SqlRequest(
                                null, null, SqlRequest.Output.csv, null, false, List.of(), List.of(), List.of())),
                arguments(
                        "--output|parquet|--to|out|-f|a.sql",
                        new SqlRequest(
                                null,
                                file,
                                SqlRequest.Output.parquet,
                                Path.of("out"),
                                false,
                                List.of(),
                                List.of(),
                                List.of())),
                arguments(
                        "--conf|a=1|--conf=b=2|-e|x",
                        new SqlRequest("x", null, table, null, false, List.of("a=1", "b=2"), List.of(), List.of())),
                arguments(
                        "--param|a=1|--param=b=-2|-e|x",
                        new SqlRequest("x", null, table, null, false, List.of(), List.of(), List.of("a=1", "b=-2"))),
                arguments(
                        "--jars|a.jar,b.jar|--jars=lib|-e|x",
                        new SqlRequest(
                                "x", null, table, null, false, List.of(), List.of("a.jar,b.jar", "lib"), List.of())));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "-e",
                "-e|a|-f|b",
                "-e|a|-e|b",
                "--output|xml",
                "--output|parquet",
                "--to|out",
                "--tme",
                "a",
                "-e|--time",
                "--time=yes",
                "--time|--time",
                "--output"
            })
    void whatIsToBeExplainedIsLeftToPicocli(String line) {
        assertEquals(Optional.empty(), SqlRequest.plain(words(line)));
    }

    @Test
    void noOptionsMeansStandardInput() {
        SqlRequest expected =
                new SqlRequest(null, null, SqlRequest.Output.table, null, false, List.of(), List.of(), List.of());
        assertEquals(Optional.of(expected), SqlRequest.plain(List.of()));
    }

    private static List<String> words(String line) {
        return List.of(line.split("\\|"));
    }
}
