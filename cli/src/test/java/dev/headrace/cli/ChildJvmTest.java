package dev.headrace.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ChildJvmTest {
    /// A program that ends in order in time, or that does not.
    private static final class Program extends Process {
        private final boolean endsInTime;
        private final List<String> told = new ArrayList<>();

        Program(boolean endsInTime) {
            this.endsInTime = endsInTime;
        }

        @Override
        public void destroy() {
            told.add("end");
        }

        @Override
        public Process destroyForcibly() {
            told.add("end at once");
            return this;
        }

        @Override
        public boolean waitFor(long timeout, TimeUnit unit) {
            told.add("wait " + unit.toSeconds(timeout) + " s");
            return endsInTime;
        }

        @Override
        public int waitFor() {
            told.add("wait for ever");
            return exitValue();
        }

        @Override
        public int exitValue() {
            return 143;
        }

        @Override
        public OutputStream getOutputStream() {
            return OutputStream.nullOutputStream();
        }

        @Override
        public InputStream getInputStream() {
            return InputStream.nullInputStream();
        }

        @Override
        public InputStream getErrorStream() {
            return InputStream.nullInputStream();
        }
    }

    @Test
    void aProgramThatTakesTooLongToEndIsEndedByForce() {
        Program slow = new Program(false);
        ChildJvm.end(slow);
        assertEquals(List.of("end", "wait 30 s", "end at once"), slow.told);
    }

    @Test
    void oneThatEndsInTimeIsNot() {
        Program quick = new Program(true);
        ChildJvm.end(quick);
        assertEquals(List.of("end", "wait 30 s"), quick.told);
    }

    /// Runs a program when it is told to end itself.
    static final class Ending {
        public static void main(String[] none) {
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(() -> System.out.println(ChildJvm.run("java", List.of("--version")))));
        }
    }

    @Test
    void aProcessThatEndsStartsNone() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-classpath",
                        ChildJvm.classPath(),
                        Ending.class.getName())
                .redirectErrorStream(true)
                .start();

        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertEquals(ExitCode.INTERRUPTED + "\n", printed);
    }
}
