package dev.headrace.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.demo.EngineEvent.Finished;
import dev.headrace.demo.EngineEvent.Printed;
import dev.headrace.demo.EngineEvent.Started;
import dev.headrace.errors.UnavailableException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineProcessTest {
    @TempDir
    Path directory;

    private final BlockingQueue<EngineEvent> events = new LinkedBlockingQueue<>();

    @Test
    void anEngineThatIsAskedToFinishFinishes() throws InterruptedException {
        try (EngineProcess engine = start()) {
            assertEquals(new Started(), events.poll(300, TimeUnit.SECONDS));
            assertFalse(engine.hasFinished());
            engine.askToFinish();
            awaitFinish(engine);
        }
        assertEquals(List.of(new Printed("a line of a table"), new Finished()), new ArrayList<>(events));
    }

    @Test
    void aKilledEngineIsGoneWhenTheCallReturns() throws InterruptedException {
        EngineProcess engine = start();
        assertEquals(new Started(), events.poll(300, TimeUnit.SECONDS));
        engine.kill();
        assertFalse(ProcessHandle.of(engine.pid()).map(ProcessHandle::isAlive).orElse(false));
        engine.close();
    }

    @Test
    void anEngineThatEndsByItselfIsAnErrorWithItsLog() {
        try (EngineProcess engine = start("fails")) {
            UnavailableException error = assertThrows(UnavailableException.class, () -> awaitFinish(engine));
            assertEquals(
                    "[DEMO_ENGINE_FAILED] The demo's engine (process " + engine.pid()
                            + ") ended by itself with exit status 7. The last lines of its log '"
                            + directory.resolve("engine.log") + "' say why:\n    the engine's log",
                    error.getMessage());
        }
    }

    @Test
    void anEngineThatCannotBeUnderstoodIsAnError() {
        try (EngineProcess engine = start("babbles")) {
            UnavailableException error = assertThrows(UnavailableException.class, () -> awaitFinish(engine));
            assertTrue(error.getMessage().contains("printed what can't be read"), error.getMessage());
        }
    }

    @Test
    void flagsThatTwoProcessesCannotShareAreNotInherited() {
        assertEquals(
                List.of("--add-opens=java.base/java.nio=ALL-UNNAMED", "-Xmx2g", "-Da=b", "-XX:AOTCache=a.aot"),
                EngineProcess.inheritedFlags(List.of(
                        "--add-opens=java.base/java.nio=ALL-UNNAMED",
                        "-agentlib:jdwp=transport=dt_socket",
                        "-javaagent:agent.jar",
                        "-Xmx2g",
                        "-XX:StartFlightRecording:filename=a.jfr",
                        "-XX:AOTCacheOutput=a.aot",
                        "-Da=b",
                        "-XX:AOTCache=a.aot")));
    }

    private EngineProcess start(String... arguments) {
        return EngineProcess.start(
                FakeEngine.class.getName(), List.of(arguments), directory.resolve("engine.log"), events::add);
    }

    private static void awaitFinish(EngineProcess engine) {
        while (!engine.hasFinished()) {
            LockSupport.parkNanos(1_000_000);
        }
    }
}
