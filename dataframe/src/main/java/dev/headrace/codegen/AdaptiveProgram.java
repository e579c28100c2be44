package dev.headrace.codegen;

import dev.headrace.chunk.Chunk;
import dev.headrace.function.EvalContext;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A program that is interpreted at first and compiled when it has many rows to run over: few rows are not worth a
/// compiler, least of all in a new process, which needs half a second to load it.
///
/// Both ways give the same rows and the same errors, so a worker goes over between two chunks. In a process that has
/// compiled before, the worker that finds it worth while compiles; else a thread does, and rows are interpreted
/// meanwhile. Code that can't be compiled is interpreted for good, with a line in the log.
final class AdaptiveProgram implements ComputeProgram {
    /// Interpreting this many rows takes about as long as compiling in a process that has compiled before. In one that
    /// has not, both take many times as long.
    static final long WORTH_COMPILING = 8_192;

    /// So many rows will be compiled for in any case. A process that has not compiled before begins before they come.
    private static final long MANY = 16 * WORTH_COMPILING;

    private static final Logger LOG = LoggerFactory.getLogger(AdaptiveProgram.class);

    private final ComputeProgram interpreted;
    private final Supplier<GeneratedSource> source;
    private final Supplier<CompiledProgram> compiler;
    private final BooleanSupplier compilesQuickly;
    private final AtomicLong rows = new AtomicLong();
    private final AtomicBoolean begun = new AtomicBoolean();
    private volatile @Nullable CompiledProgram compiled;

    /// @param interpreted runs the program without code
    /// @param source what will be compiled, for explaining
    /// @param compiler compiles; called once at most
    /// @param compilesQuickly whether the process has compiled before
    AdaptiveProgram(
            ComputeProgram interpreted,
            Supplier<GeneratedSource> source,
            Supplier<CompiledProgram> compiler,
            BooleanSupplier compilesQuickly) {
        this.interpreted = interpreted;
        this.source = source;
        this.compiler = compiler;
        this.compilesQuickly = compilesQuickly;
    }

    @Override
    public String source() {
        return source.get().text();
    }

    @Override
    public void expect(long rows) {
        if (rows >= MANY && !compilesQuickly.getAsBoolean()) {
            compileInBackground();
        }
    }

    @Override
    public Worker start(EvalContext context, BufferAllocator allocator) {
        return new SwitchingWorker(context, allocator);
    }

    /// Compiles in a thread of its own, however many rows there will be.
    void compileInBackground() {
        if (begun.compareAndSet(false, true)) {
            Thread.ofVirtual().name("headrace-compile").start(this::compile);
        }
    }

    private void compile() {
        try {
            compiled = compiler.get();
        } catch (RuntimeException | LinkageError rejected) {
            LOG.warn(
                    "An expression can't be compiled and is interpreted, which is slower. {}",
                    interpreted.source(),
                    rejected);
        }
    }

    /// The compiled program, if so many more rows make it worth while and it is there.
    private @Nullable CompiledProgram forRows(int count) {
        if (compiled == null && rows.addAndGet(count) >= WORTH_COMPILING) {
            if (!compilesQuickly.getAsBoolean()) {
                compileInBackground();
            } else if (begun.compareAndSet(false, true)) {
                compile();
            }
        }
        return compiled;
    }

    private final class SwitchingWorker implements Worker {
        private final EvalContext context;
        private final BufferAllocator allocator;
        private boolean switched;
        private Worker worker;

        SwitchingWorker(EvalContext context, BufferAllocator allocator) {
            this.context = context;
            this.allocator = allocator;
            CompiledProgram ready = compiled;
            switched = ready != null;
            worker = (ready == null ? interpreted : ready).start(context, allocator);
        }

        @Override
        public Chunk run(Chunk input) {
            if (!switched) {
                CompiledProgram ready = forRows(input.rowCount());
                if (ready != null) {
                    worker.close();
                    worker = ready.start(context, allocator);
                    switched = true;
                }
            }
            return worker.run(input);
        }

        @Override
        public void close() {
            worker.close();
        }
    }
}
