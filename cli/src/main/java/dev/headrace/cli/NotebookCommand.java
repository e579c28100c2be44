package dev.headrace.cli;

import dev.headrace.errors.UnavailableException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `headrace notebook`. The kernel itself is the module `notebooks`, which this module knows by its files only.
@Command(
        name = "notebook",
        mixinStandardHelpOptions = true,
        header = "Starts Jupyter with a Headrace Java kernel.",
        description = {
            "Installs the kernel, and Jupyter itself where it may (root on Debian), and opens the notebooks that teach.",
            "What follows -- is given to Jupyter: headrace notebook -- --no-browser --port 9999"
        },
        subcommands = {NotebookCommand.Install.class, NotebookCommand.Uninstall.class})
final class NotebookCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "ARGUMENT", description = "An argument for Jupyter.")
    private List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        Jupyter jupyter = Jupyter.find(System.getenv("PATH"))
                .or(() -> Jupyter.installWithApt(out))
                .orElseThrow(NotebookCommand::noJupyter);
        install(KernelSpec.userDirectory(), spec.commandLine().getErr());
        Path notebooks = KernelSpec.home().resolve("notebooks");
        return jupyter.run(notebooks, arguments);
    }

    private static Path install(Path kernels, PrintWriter messages) throws IOException, InterruptedException {
        KernelSpec kernel = KernelSpec.ofThisProgram();
        if (!kernel.prepare(messages)) {
            messages.println("The kernel will start more slowly than it could: "
                    + kernel.cache().file() + ".log says why.");
        }
        return kernel.install(kernels);
    }

    static UnavailableException noJupyter() {
        return new UnavailableException(
                "JUPYTER_NOT_FOUND",
                "No program jupyter-notebook or jupyter-lab is on the PATH. Install one (Debian: apt install "
                        + "jupyter-notebook jupyter-nbconvert; elsewhere: pip install notebook) and try again.");
    }

    /// Where the kernel is installed.
    static final class Place {
        @Option(
                names = "--prefix",
                paramLabel = "DIRECTORY",
                description =
                        "Install below DIRECTORY/share/jupyter, for all users of that Jupyter, instead of for you.")
        private @Nullable Path prefix;

        Path kernels() {
            return Optional.ofNullable(prefix)
                    .map(directory -> directory.resolve("share/jupyter/kernels"))
                    .orElseGet(KernelSpec::userDirectory);
        }
    }

    /// `headrace notebook install`.
    @Command(
            name = "install",
            mixinStandardHelpOptions = true,
            header = "Installs the Headrace Java kernel for a Jupyter that is there already.")
    static final class Install implements Callable<Integer> {
        @Spec
        private @Nullable CommandSpec spec;

        @picocli.CommandLine.Mixin
        private Place place = new Place();

        @Override
        public Integer call() throws IOException, InterruptedException {
            CommandLine line = Objects.requireNonNull(spec).commandLine();
            Path installed = NotebookCommand.install(place.kernels(), line.getErr());
            line.getOut().println("Installed the kernel in " + installed + ".");
            return 0;
        }
    }

    /// `headrace notebook uninstall`.
    @Command(
            name = "uninstall",
            mixinStandardHelpOptions = true,
            header = "Removes what install has written; notebooks stay.")
    static final class Uninstall implements Callable<Integer> {
        @Spec
        private @Nullable CommandSpec spec;

        @picocli.CommandLine.Mixin
        private Place place = new Place();

        @Override
        public Integer call() throws IOException {
            Path kernels = place.kernels();
            boolean removed = KernelSpec.uninstall(kernels);
            Objects.requireNonNull(spec)
                    .commandLine()
                    .getOut()
                    .println(
                            removed
                                    ? "Removed the kernel from " + kernels + "."
                                    : "There is no Headrace kernel in " + kernels + ".");
            return 0;
        }
    }

    /// A Jupyter that is installed.
    record Jupyter(Path program) {
        static Optional<Jupyter> find(@Nullable String path) {
            for (String name : List.of("jupyter-lab", "jupyter-notebook")) {
                for (String directory : (path == null ? "" : path).split(":")) {
                    Path program = Path.of(directory, name);
                    if (!directory.isEmpty() && Files.isExecutable(program)) {
                        return Optional.of(new Jupyter(program));
                    }
                }
            }
            return Optional.empty();
        }

        /// Installs Debian's packages if this may; gives nothing if it may not or fails.
        static Optional<Jupyter> installWithApt(PrintWriter out) {
            Path apt = Path.of("/usr/bin/apt-get");
            if (!"root".equals(System.getProperty("user.name")) || !Files.isExecutable(apt)) {
                return Optional.empty();
            }
            out.println("Installing Debian's packages jupyter-notebook and jupyter-nbconvert ...");
            try {
                execute(List.of(apt.toString(), "update", "-qq"));
                execute(List.of(
                        apt.toString(),
                        "install",
                        "-y",
                        "-qq",
                        "--no-install-recommends",
                        "jupyter-notebook",
                        "jupyter-nbconvert"));
            } catch (IOException e) {
                throw new UnavailableException("JUPYTER_NOT_FOUND", "apt-get can't be run: " + e.getMessage(), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Optional.empty();
            }
            return find(System.getenv("PATH"));
        }

        /// Runs until Jupyter ends, and gives its exit code.
        int run(Path notebooks, List<String> arguments) throws IOException, InterruptedException {
            List<String> command = new ArrayList<>(List.of(program.toString(), "--notebook-dir=" + notebooks));
            if ("root".equals(System.getProperty("user.name"))) {
                command.add("--allow-root");
            }
            command.addAll(arguments);
            return execute(command);
        }

        private static int execute(List<String> command) throws IOException, InterruptedException {
            return new ProcessBuilder(command).inheritIO().start().waitFor();
        }
    }
}
