package dev.headrace.machine;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/// Programs that tests need beyond the JVM. They are installed if this is Debian and the tests run as root; else a test
/// that needs one fails, and says what to install.
public final class DebianPackages {
    private static final Path APT = Path.of("/usr/bin/apt-get");
    private static final String USER = System.getProperty("user.name");

    /// What is done by one process at a time.
    @FunctionalInterface
    public interface Setup {
        void run() throws IOException, InterruptedException;
    }

    private DebianPackages() {}

    /// Installs the packages if the program is not there.
    ///
    /// @throws AssertionError if it is missing and can't be installed
    public static void require(Path program, String... packages) throws IOException, InterruptedException {
        require(() -> Files.isExecutable(program), program.toString(), () -> {}, packages);
    }

    /// Installs the packages if what they bring is not there.
    ///
    /// Tests run in several processes, and apt-get is one's at a time: the others wait, before they look, because a
    /// package's files are there before the package is of use.
    ///
    /// @param isThere whether nothing is to be installed
    /// @param what they bring, for who has to install them
    /// @param afterwards is done once they have been installed, while the others still wait
    /// @throws AssertionError if it is missing and can't be installed
    public static void require(BooleanSupplier isThere, String what, Setup afterwards, String... packages)
            throws IOException, InterruptedException {
        Path lock = Path.of(System.getProperty("java.io.tmpdir"), "headrace-packages-" + USER + ".lock");
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock _ = channel.lock()) {
            if (!isThere.getAsBoolean()) {
                install(what, packages);
                afterwards.run();
            }
            if (!isThere.getAsBoolean()) {
                throw new AssertionError(what + " is not there although " + String.join(" ", packages) + " is.");
            }
        }
    }

    private static void install(String what, String... packages) throws IOException, InterruptedException {
        String names = String.join(" ", packages);
        if (!USER.equals("root") || !Files.isExecutable(APT)) {
            throw new AssertionError(what + " is needed: on Debian, apt install " + names + " (or run as root).");
        }
        apt(List.of("update", "-qq"));
        List<String> install = new ArrayList<>(List.of("install", "-y", "-qq", "--no-install-recommends"));
        install.addAll(List.of(packages));
        apt(install);
    }

    private static void apt(List<String> arguments) throws IOException, InterruptedException {
        // The machine may be updating itself, and a server of packages may be busy.
        List<String> command =
                new ArrayList<>(List.of(APT.toString(), "-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=3"));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("DEBIAN_FRONTEND", "noninteractive");
        Process process = builder.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new AssertionError(String.join(" ", command) + " has failed:\n" + said);
        }
    }
}
