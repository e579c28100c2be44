package dev.headrace.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.headrace.machine.DebianPackages;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Debian's Jupyter with our kernel, installed by our command line below a directory, and used in the same or another.
final class Jupyter {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path PROGRAM = Path.of("/usr/bin/jupyter-nbconvert");
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    /// Kernels of tests end before what the second compiler makes pays off, and share the processor with others.
    private static final String FLAGS = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC ";

    private final Path installation;
    private final Path directory;

    private Jupyter(Path installation, Path directory) throws IOException {
        this.installation = installation;
        this.directory = directory;
        Files.createDirectories(directory.resolve("tmp"));
    }

    /// The first installation of a build makes the cache of classes that all kernels share: others wait for it.
    static Jupyter with(Path directory) throws IOException, InterruptedException {
        DebianPackages.require(PROGRAM, "jupyter-notebook", "jupyter-nbconvert");
        Jupyter jupyter = new Jupyter(directory, directory);
        Path lock = ROOT.resolve("notebooks/target/installing");
        try (FileChannel file = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock _ = file.lock()) {
            String installed = jupyter.headrace("notebook", "install", "--prefix", directory.toString());
            assertEquals(
                    "Installed the kernel in " + directory.resolve("share/jupyter/kernels/headrace-java") + ".",
                    installed.strip());
        }
        return jupyter;
    }

    /// The same installation, for kernels whose files are in another directory.
    Jupyter in(Path another) throws IOException {
        return new Jupyter(installation, another);
    }

    /// Starts Jupyter Notebook in a directory.
    NotebookServer serve(Path folder) throws IOException {
        return NotebookServer.start(builder(List.of(
                "/usr/bin/jupyter-notebook",
                "--no-browser",
                "--allow-root",
                "--ip=127.0.0.1",
                "--notebook-dir=" + folder)));
    }

    /// Runs the command line as the launcher does, and gives what it prints.
    String headrace(String... arguments) throws IOException, InterruptedException {
        List<String> jars = new ArrayList<>();
        jars.add(ROOT.resolve("cli/target/headrace.jar").toString());
        try (Stream<Path> lib = Files.list(ROOT.resolve("cli/target/lib"))) {
            lib.map(Path::toString).sorted().forEach(jars::add);
        }
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Dheadrace.home=" + ROOT,
                "-classpath",
                String.join(File.pathSeparator, jars),
                "dev.headrace.cli.Main"));
        command.addAll(List.of(arguments));
        // The cache of classes that an installation makes is for any kernel.
        return outputOf(builder(command, "-Duser.home=" + directory + " "));
    }

    /// Executes one of the notebooks that the project has, and gives it with its outputs.
    JsonNode execute(String notebook) throws IOException, InterruptedException {
        Path source = ROOT.resolve("notebooks").resolve(notebook);
        outputOf(builder(List.of(
                PROGRAM.toString(),
                "--to=notebook",
                "--execute",
                "--output-dir=" + directory,
                "--output=executed.ipynb",
                source.toString())));
        return JSON.readTree(directory.resolve("executed.ipynb").toFile());
    }

    /// Runs the lines of `kernel.py` in a new kernel and gives what it prints: whether it is ready, a line per cell,
    /// and whether its process is left. The kernel knows no machine but this one: it looks for artifacts in public
    /// repositories, too.
    List<JsonNode> session(JsonNode... lines) throws IOException, InterruptedException {
        Path script = directory.resolve("kernel.py");
        try (InputStream in = Jupyter.class.getResourceAsStream("/kernel.py")) {
            Files.write(script, in.readAllBytes());
        }
        Path cells = directory.resolve("cells");
        Files.writeString(
                cells,
                String.join("\n", Stream.of(lines).map(JsonNode::toString).toList()) + "\n");
        Path hosts = directory.resolve("hosts");
        Files.writeString(hosts, "127.0.0.1 localhost\n");
        ProcessBuilder builder = builder(
                        List.of("/usr/bin/python3", script.toString()), FLAGS + "-Djdk.net.hosts.file=" + hosts + " ")
                .redirectInput(cells.toFile());
        List<JsonNode> results = new ArrayList<>();
        for (String line : outputOf(builder).split("\n")) {
            results.add(JSON.readTree(line));
        }
        return results;
    }

    static JsonNode cell(String code) {
        return JSON.createObjectNode().put("code", code);
    }

    /// @param what `complete` or `inspect`
    static JsonNode asked(String what, String code) {
        return JSON.createObjectNode().put(what, code);
    }

    /// A cell that is interrupted as soon as it shows something: an interrupt that comes before it runs is for nobody.
    static JsonNode interrupted(String code) {
        return JSON.createObjectNode().put("code", code).put("interrupt", true);
    }

    /// Starts a kernel as Jupyter does, as the child of a process.
    Process kernel(Path connection, ProcessHandle parent) throws IOException {
        JsonNode spec = JSON.readTree(installation
                .resolve("share/jupyter/kernels/headrace-java/kernel.json")
                .toFile());
        List<String> command = new ArrayList<>();
        spec.path("argv")
                .forEach(word -> command.add(word.asText().replace("{connection_file}", connection.toString())));
        ProcessBuilder builder = builder(command);
        builder.environment().put("JPY_PARENT_PID", String.valueOf(parent.pid()));
        return builder.redirectErrorStream(true)
                .redirectOutput(directory.resolve("kernel.out").toFile())
                .start();
    }

    private ProcessBuilder builder(List<String> command) {
        return builder(command, FLAGS);
    }

    private ProcessBuilder builder(List<String> command, String flags) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment()
                .put("JUPYTER_PATH", installation.resolve("share/jupyter").toString());
        builder.environment()
                .put("JUPYTER_RUNTIME_DIR", directory.resolve("runtime").toString());
        builder.environment().put("HOME", directory.toString());
        builder.environment().put("JDK_JAVA_OPTIONS", flags + "-Djava.io.tmpdir=" + directory.resolve("tmp"));
        builder.environment().put("DEBIAN_FRONTEND", "noninteractive");
        return builder;
    }

    private static String outputOf(ProcessBuilder builder) throws IOException, InterruptedException {
        Path errors = Files.createTempFile("jupyter", ".err");
        try {
            Process process = builder.redirectError(errors.toFile()).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int code = process.waitFor();
            if (code != 0) {
                throw new AssertionError(
                        builder.command() + " gives " + code + "\n" + output + Files.readString(errors));
            }
            return output;
        } finally {
            Files.delete(errors);
        }
    }
}
