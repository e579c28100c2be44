package dev.headrace.codegen;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headrace.exec.InterpretedProgram;
import dev.headrace.types.StructType;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// When a program is compiled.
class AdaptiveProgramTest {
    private static final StructType SCHEMA = new StructType().add("id", "int");

    private final AtomicInteger compiled = new AtomicInteger();
    private final CountDownLatch first = new CountDownLatch(1);

    @Test
    void aProcessThatHasNotCompiledBeginsBeforeManyRowsCome() throws InterruptedException {
        AdaptiveProgram program = program(false);
        program.expect(0);
        program.expect(AdaptiveProgram.WORTH_COMPILING);
        assertEquals(0, compiled.get());
        program.expect(10_000_000);
        program.expect(10_000_000);
        assertEquals(true, first.await(300, TimeUnit.SECONDS));
        assertEquals(1, compiled.get());
    }

    @Test
    void oneThatHasLeavesItToTheWorkerThatHasTheRows() {
        program(true).expect(10_000_000);
        assertEquals(0, compiled.get());
    }

    private AdaptiveProgram program(boolean compilesQuickly) {
        return new AdaptiveProgram(
                new InterpretedProgram(Optional.empty(), List.of(), SCHEMA),
                () -> {
                    throw new AssertionError("nobody explains");
                },
                () -> {
                    compiled.incrementAndGet();
                    first.countDown();
                    return CompiledProgram.compile(Optional.empty(), List.of(), SCHEMA);
                },
                () -> compilesQuickly);
    }
}
