package dev.headrace.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.demo.KafkaBroker;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Compiles the programs of `docs/examples` and runs them. Each must print what the comment on its class says.
class ExamplesIT {
    private static final Path EXAMPLES = Path.of("..", "docs", "examples");

    @TempDir
    static Path directory;

    private static KafkaBroker broker;

    @BeforeAll
    static void start() throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "-proc:none",
                "-classpath",
                System.getProperty("java.class.path"),
                "-d",
                directory.resolve("classes").toString()));
        names().map(name -> EXAMPLES.resolve(name + ".java").toString()).forEach(arguments::add);
        ByteArrayOutputStream problems = new ByteArrayOutputStream();
        int code = ToolProvider.getSystemJavaCompiler().run(null, null, problems, arguments.toArray(String[]::new));
        assertEquals(0, code, () -> problems.toString(StandardCharsets.UTF_8));
        broker = KafkaBroker.start();
        broker.createTopics(Map.of("clicks", 2));
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    static Stream<String> names() throws IOException {
        try (Stream<Path> files = Files.list(EXAMPLES)) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".java"))
                    .map(name -> name.substring(0, name.length() - ".java".length()))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @Test
    void thereIsOneForEachNotebook() throws IOException {
        try (Stream<Path> notebooks = Files.list(Path.of("..", "notebooks"))) {
            assertEquals(
                    notebooks.filter(file -> file.toString().endsWith(".ipynb")).count(), names().count());
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void exampleRunsAndPrintsWhatItSays(String name) throws Exception {
        Path home = Files.createDirectory(directory.resolve(name));
        List<String> source = Files.readAllLines(EXAMPLES.resolve(name + ".java"));
        URL[] classes = {directory.resolve("classes").toUri().toURL()};
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try (URLClassLoader loader = new URLClassLoader(classes, ExamplesIT.class.getClassLoader())) {
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
            String[] arguments = {home.toString(), broker.bootstrapServers()};
            loader.loadClass(name).getMethod("main", String[].class).invoke(null, (Object) arguments);
        } finally {
            System.setOut(before);
        }

        String expected = expected(source);
        assertTrue(!expected.isBlank(), name + " doesn't say what it prints");
        assertEquals(expected, printed.toString(StandardCharsets.UTF_8).strip());
    }

    /// What stands between the comment's fences.
    private static String expected(List<String> source) {
        return source.stream()
                .dropWhile(line -> !line.equals("/// ```text"))
                .skip(1)
                .takeWhile(line -> !line.equals("/// ```"))
                .map(line -> line.substring(Math.min(4, line.length())))
                .collect(Collectors.joining("\n"));
    }
}
