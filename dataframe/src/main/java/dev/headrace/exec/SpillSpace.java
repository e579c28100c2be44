package dev.headrace.exec;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.errors.ResourceException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.arrow.memory.BufferAllocator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where operators put rows when the session's memory is short: says when it is, and makes temporary files.
/// Thread-safe.
///
/// Files have no name once they are open, so the operating system frees them when they are closed and also when the
/// process dies.
public final class SpillSpace implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SpillSpace.class);

    /// What must be left for work that is under way: this share of the limit, or so many bytes per thread if that is
    /// more, but never more than half.
    private static final double WORKING_SHARE = 0.2;

    private static final long WORKING_BYTES = 16L << 20;

    /// How much of the limit the rows of a result may take while the query still runs.
    private static final double RESULT_SHARE = 0.3;

    /// So much of the heap, its size divided by this, one more operator may have, whatever others have.
    private static final int SMALL_PART = 64;

    private final BufferAllocator memory;
    private final long limit;
    private final long heap;
    private final double usable;
    private final Path directory;
    private final AtomicLong onHeap = new AtomicLong();
    private final AtomicLong openFiles = new AtomicLong();
    private final AtomicLong bytesWritten = new AtomicLong();

    /// One thread, while there is something to close.
    private final ThreadPoolExecutor closing;

    private volatile Future<?> lastClosed = CompletableFuture.completedFuture(null);

    /// @param memory of the session
    /// @param limit of the session's memory in bytes
    /// @param threads how many work at the same time
    /// @param directory made when it is needed
    SpillSpace(BufferAllocator memory, long limit, int threads, Path directory) {
        this(memory, limit, Runtime.getRuntime().maxMemory(), threads, directory);
    }

    /// @param heap how large the JVM's heap may become, in bytes
    SpillSpace(BufferAllocator memory, long limit, long heap, int threads, Path directory) {
        this.memory = memory;
        this.limit = limit;
        this.heap = heap;
        this.usable = limit - Math.max(limit * WORKING_SHARE, Math.min(limit * 0.5, (double) WORKING_BYTES * threads));
        this.directory = directory;
        // What is closed when the session has ended is closed at once.
        this.closing = new ThreadPoolExecutor(
                1,
                1,
                1,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                task -> Thread.ofPlatform().name("headrace-spill").daemon().unstarted(task),
                (late, _) -> late.run());
        closing.allowCoreThreadTimeOut(true);
    }

    /// Whether that many bytes more would leave too little of the session's memory.
    boolean isShort(long more) {
        return memory.getAllocatedMemory() + (double) more > usable;
    }

    /// Whether a result that holds that many bytes should hold no more.
    boolean isTooMuchResult(long held) {
        return held > limit * RESULT_SHARE || isShort(held / 4);
    }

    /// How many bytes one of several things that are read at the same time may take.
    long shareOf(int parts) {
        return Math.max(16 * 1024, limit / 8 / parts);
    }

    /// Whether that many bytes more on the heap would leave too little of it: operators have half of it together.
    boolean isHeapShort(long more) {
        return isHeapShort(onHeap.get(), more);
    }

    private boolean isHeapShort(long had, long more) {
        return !isSmall(more) && had + more > heap / 2;
    }

    private boolean isSmall(long more) {
        return more <= heap / SMALL_PART;
    }

    /// How many bytes of the heap one of several things that are made at the same time may take.
    long heapShareOf(int parts) {
        return heap / 4 / parts;
    }

    /// Counts what an operator is to make on the heap, until it is closed; empty if too little would be left of it.
    Optional<OnHeap> onHeapUnlessShort(long bytes) {
        long had = onHeap.getAndUpdate(before -> isHeapShort(before, bytes) ? before : before + bytes);
        return isHeapShort(had, bytes) ? Optional.empty() : Optional.of(new OnHeap(bytes));
    }

    /// The same of what can't be divided, nor made of rows on disk.
    ///
    /// @throws ResourceException `OUT_OF_JVM_MEMORY` if the heap can't have it
    OnHeap onHeap(long bytes) {
        long had = onHeap.getAndAdd(bytes);
        OnHeap counted = new OnHeap(bytes);
        if (!isSmall(bytes) && had + bytes > heap) {
            counted.close();
            throw JvmMemory.tooMuch(bytes, had, heap);
        }
        return counted;
    }

    /// Bytes that are counted.
    final class OnHeap implements AutoCloseable {
        private final AtomicLong bytes;

        private OnHeap(long bytes) {
            this.bytes = new AtomicLong(bytes);
        }

        /// Counts no more than so many from now on: what was needed to make the others is gone.
        void keep(long lasting) {
            onHeap.addAndGet(lasting - bytes.getAndSet(lasting));
        }

        @Override
        public void close() {
            keep(0);
        }
    }

    long limit() {
        return limit;
    }

    /// How many bytes have been put on disk so far.
    public long bytesWritten() {
        return bytesWritten.get();
    }

    /// How many files queries have.
    public long openFiles() {
        return openFiles.get();
    }

    /// A new file, which the caller closes; once those that are given back no longer take room.
    ///
    /// @throws ResourceException `SPILL_FAILED`
    SpillFile newFile() {
        awaitClosed();
        try {
            Files.createDirectories(directory);
            Path file = Files.createTempFile(directory, "headrace-", ".spill");
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
            openFiles.incrementAndGet();
            return new SpillFile(this, channel);
        } catch (IOException failed) {
            throw failed(failed);
        }
    }

    ResourceException failed(IOException cause) {
        return new ResourceException(
                "SPILL_FAILED",
                "Rows that don't fit into the memory limit of '" + limit + "' bytes could not be kept in '" + directory
                        + "': " + cause.getMessage()
                        + ". Make room there, name another folder by 'headrace.spill.directory', or raise"
                        + " 'headrace.memory.limit'.",
                cause);
    }

    /// What a user is told when memory is used up although operators have put on disk what they could.
    ///
    /// @return `OUT_OF_MEMORY`
    public ResourceException outOfMemory(RuntimeException cause) {
        return new ResourceException(
                "OUT_OF_MEMORY",
                "The query needs more than the memory limit of '" + limit
                        + "' bytes, and what it holds can't be divided and put on disk: such as all rows of one key of"
                        + " an as-of join, or all that a window function's frame reaches. Raise 'headrace.memory.limit',"
                        + " run fewer queries at once, read fewer rows or columns, or turn a window's order around if"
                        + " its frames end UNBOUNDED FOLLOWING: those that begin UNBOUNDED PRECEDING need not be held.",
                cause);
    }

    void written(long bytes) {
        bytesWritten.addAndGet(bytes);
    }

    void closed() {
        openFiles.decrementAndGet();
    }

    /// Closes a file behind its query, which does not wait for it: the system takes a tenth of a second to give back a
    /// gigabyte.
    synchronized void closeBehind(Closeable file) {
        lastClosed = closing.submit(() -> {
            try {
                file.close();
            } catch (IOException failed) {
                LOG.warn("A temporary file in {} can't be closed", directory, failed);
            }
        });
    }

    private void awaitClosed() {
        try {
            Cancellation.call(lastClosed::get);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException cancelled) {
            throw cancelled;
        } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /// Waits until all files are closed.
    @Override
    public void close() {
        // Of an interrupted thread the executor would leave out what has not begun.
        boolean interrupted = Thread.interrupted();
        closing.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
