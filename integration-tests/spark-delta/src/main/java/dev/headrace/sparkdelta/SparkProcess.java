package dev.headrace.sparkdelta;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Spark with Delta in a process of its own, on a JDK of its own (17 to 23: Spark's Hadoop runs on no newer one). Used
/// by one thread. It ends with [#close], or with this process.
public final class SparkProcess implements AutoCloseable {
    private static final Path CLASS_PATH = Path.of("integration-tests", "spark-delta", "target", "class-path");
    private static final List<String> OPENED = List.of(
            "java.lang",
            "java.lang.invoke",
            "java.lang.reflect",
            "java.io",
            "java.net",
            "java.nio",
            "java.util",
            "java.util.concurrent",
            "java.util.concurrent.atomic",
            "sun.nio.ch",
            "sun.nio.cs",
            "sun.security.action",
            "sun.util.calendar");

    private final Process process;
    private final Path log;
    private final BufferedReader answers;
    private final Writer statements;
    private long millis;

    private SparkProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
        answers = process.inputReader(StandardCharsets.UTF_8);
        statements = process.outputWriter(StandardCharsets.US_ASCII);
    }

    /// Starts Spark and waits until it takes statements, which takes about six seconds.
    ///
    /// @param flags of the JVM, with blanks between, such as `-Xmx1g`
    /// @param settings of its session, as `key=value`
    /// @throws IllegalStateException if there is no JDK for it, its jars' names are not there, or it does not start
    public static SparkProcess start(String flags, String... settings) {
        try {
            Path log = Files.createTempFile("headrace-spark-", ".log");
            SparkProcess spark = new SparkProcess(
                    new ProcessBuilder(command(flags, settings))
                            .redirectError(log.toFile())
                            .start(),
                    log);
            if (!spark.line().startsWith("ready")) {
                throw spark.failed("it did not start");
            }
            return spark;
        } catch (IOException failed) {
            throw new UncheckedIOException("could not launch Spark", failed);
        }
    }

    private static List<String> command(String flags, String[] settings) throws IOException {
        Path module = module();
        List<String> command = new ArrayList<>(List.of(OlderJdk.java().toString(), "-XX:+UseParallelGC"));
        command.addAll(List.of(flags.split(" ")));
        for (String opened : OPENED) {
            command.add("--add-opens=java.base/" + opened + "=ALL-UNNAMED");
        }
        command.add("-Djdk.reflect.useDirectMethodHandle=false");
        command.addAll(List.of("-classpath", classPath(module), SparkMain.class.getName()));
        command.addAll(List.of(settings));
        return command;
    }

    /// The jars that most classes are found in come first: a class is looked up in one after the other, and there are
    /// two hundred of them and twenty thousand classes.
    private static String classPath(Path module) throws IOException {
        List<String> jars =
                List.of(Files.readString(module.resolve("class-path")).strip().split(":"));
        Stream<String> often = jars.stream().filter(SparkProcess::holdsMany);
        Stream<String> seldom = jars.stream().filter(jar -> !holdsMany(jar));
        return Stream.of(Stream.of(module.resolve("classes").toString()), often, seldom)
                .flatMap(part -> part)
                .collect(Collectors.joining(":"));
    }

    private static boolean holdsMany(String jar) {
        String name = jar.substring(jar.lastIndexOf('/') + 1);
        return name.startsWith("spark-") || name.startsWith("delta-") || name.startsWith("scala-library");
    }

    private static Path module() {
        for (Path root = Path.of("").toAbsolutePath(); root != null; root = root.getParent()) {
            Path classPath = root.resolve(CLASS_PATH);
            if (Files.isRegularFile(classPath)) {
                return classPath.getParent();
            }
        }
        throw new IllegalStateException(
                "Spark's jars are not known: build them with 'mvn -pl integration-tests/spark-delta compile'.");
    }

    /// Runs a statement.
    ///
    /// @return its rows as JSON, in no particular order; nulls are left out
    /// @throws IllegalStateException with what Spark says if it fails
    public List<String> sql(String statement) {
        return ask(statement);
    }

    /// What a statement of one column gives.
    ///
    /// @return its values as texts, with ` ; ` between them, and its type behind `::`, or behind `!` the condition of
    ///     its error, or `!?` and the name of an exception that has none
    public String answer(String statement) {
        return ask("answer", statement).get(0);
    }

    /// Runs a streaming query over Parquet files, one per batch, until all have been read.
    ///
    /// @param files a directory
    /// @param checkpoint a directory
    /// @param statement is run for each batch, whose rows are the view `batch`
    /// @return how many milliseconds each batch took
    /// @throws IllegalStateException with what Spark says if it fails
    public List<Long> forEachBatch(Path files, Path checkpoint, String statement) {
        return ask(files.toString(), checkpoint.toString(), statement).stream()
                .map(Long::valueOf)
                .toList();
    }

    private List<String> ask(String... texts) {
        try {
            statements.write(Stream.of(texts)
                            .map(text -> Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)))
                            .collect(Collectors.joining(" "))
                    + "\n");
            statements.flush();
            String answer = line();
            if (answer.startsWith("error ")) {
                byte[] text = Base64.getDecoder().decode(answer.substring("error ".length()));
                throw new IllegalStateException(
                        String.join(", ", texts) + ": " + new String(text, StandardCharsets.UTF_8));
            }
            String[] parts = answer.split(" ", -1);
            millis = Long.parseLong(parts[1]);
            List<String> rows = new ArrayList<>();
            for (int i = 0; i < Integer.parseInt(parts[2]); i++) {
                rows.add(line());
            }
            return rows;
        } catch (IOException lost) {
            throw failed(lost.toString());
        }
    }

    /// How long Spark took for the last statement.
    public long millis() {
        return millis;
    }

    /// The processor time of the process so far, in milliseconds.
    public long processorMillis() {
        return process.info().totalCpuDuration().orElseThrow().toMillis();
    }

    private String line() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw failed("it ended");
        }
        return line;
    }

    private IllegalStateException failed(String what) {
        try {
            List<String> lines = Files.readAllLines(log);
            List<String> last = lines.subList(Math.max(0, lines.size() - 40), lines.size());
            return new IllegalStateException("Spark: " + what + ". Its log ends:\n" + String.join("\n", last));
        } catch (IOException unreadable) {
            return new IllegalStateException("Spark: " + what + ". Its log " + log + " can't be read.", unreadable);
        }
    }

    @Override
    public void close() {
        try {
            statements.close();
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            Files.deleteIfExists(log);
        } catch (IOException failed) {
            process.destroyForcibly();
            throw new UncheckedIOException("could not end Spark", failed);
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
