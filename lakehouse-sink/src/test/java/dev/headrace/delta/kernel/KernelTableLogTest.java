package dev.headrace.delta.kernel;

import static dev.headrace.delta.log.Commits.create;
import static dev.headrace.delta.log.Commits.paths;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headrace.delta.log.Commits;
import dev.headrace.delta.log.TableLog;
import dev.headrace.delta.log.TableLogContract;
import dev.headrace.delta.log.TableSnapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class KernelTableLogTest extends TableLogContract {
    @Override
    protected TableLog open(Path directory) {
        return new KernelTableLog(directory);
    }

    @Test
    void manyProcessesAppendAndNothingIsLost() throws IOException, InterruptedException {
        open(table).commit(create());

        List<Process> writers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            writers.add(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                            Appender.class.getName(),
                            table.toString(),
                            "process-" + i)
                    .inheritIO()
                    .start());
        }
        for (Process writer : writers) {
            assertEquals(0, writer.waitFor());
        }

        TableSnapshot snapshot = open(table).latest().orElseThrow();
        assertEquals(60, snapshot.version());
        assertEquals(60, paths(snapshot).stream().distinct().count());
        assertEquals(OptionalLong.of(29), snapshot.lastTransaction("process-1"));
    }

    /// Appends thirty files from a process of its own.
    static final class Appender {
        private Appender() {}

        public static void main(String[] args) {
            Commits.appendAll(new KernelTableLog(Path.of(args[0])), args[1], 30);
        }
    }
}
