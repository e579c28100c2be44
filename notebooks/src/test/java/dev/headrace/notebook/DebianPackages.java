package dev.headrace.notebook;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/// What the tests need beyond the JVM. It is installed if this is Debian and the tests run as root; else a test that
/// needs it fails, and says what to install.
final class DebianPackages {
    private static final Path APT = Path.of("/usr/bin/apt-get");

    private DebianPackages() {}

    static void require(Path program, String... packages) throws IOException, InterruptedException {
        // tests run in two processes, and apt-get is one's at a time
        Path lock = Path.of(System.getProperty("java.io.tmpdir"), "headrace-packages.lock");
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock _ = channel.lock()) {
            requireAlone(program, packages);
        }
    }

    private static void requireAlone(Path program, String... packages) throws IOException, InterruptedException {
        if (Files.isExecutable(program)) {
            return;
        }
        String names = String.join(" ", packages);
        if (!"root".equals(System.getProperty("user.name")) || !Files.isExecutable(APT)) {
            throw new AssertionError(program + " is needed: on Debian, apt install " + names + " (or run as root).");
        }
        apt(List.of("update", "-qq"));
        List<String> install = new ArrayList<>(List.of("install", "-y", "-qq", "--no-install-recommends"));
        install.addAll(List.of(packages));
        apt(install);
    }

    private static void apt(List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(APT.toString()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("DEBIAN_FRONTEND", "noninteractive");
        if (builder.inheritIO().start().waitFor() != 0) {
            throw new AssertionError(String.join(" ", command) + " has failed.");
        }
    }
}
