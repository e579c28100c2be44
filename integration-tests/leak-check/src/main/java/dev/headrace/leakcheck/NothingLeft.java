package dev.headrace.leakcheck;

import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Fails a test class that leaves threads of Headrace's or Kafka's clients running, or files open, which it did not
/// find.
///
/// JUnit finds it by itself (`junit.jupiter.extensions.autodetection.enabled`), so no class can forget it. Arrow memory
/// needs no watch here: closing a session or an allocator fails if any has not been given back, and a session that is
/// not closed keeps its threads.
///
/// Test classes of a module run one after the other.
public final class NothingLeft implements BeforeAllCallback, AfterAllCallback {
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(NothingLeft.class);

    /// What has been told to end takes a moment.
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Duration STEP = Duration.ofMillis(20);

    /// What was there before the class.
    private record Found(Set<Thread> threads, Set<String> files) {}

    @Override
    public void beforeAll(ExtensionContext context) {
        if (isOutermost(context)) {
            context.getStore(NAMESPACE).put(Found.class, new Found(OurThreads.running(), OpenFiles.now()));
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (!isOutermost(context)) {
            return;
        }
        Found found = Objects.requireNonNull(context.getStore(NAMESPACE).get(Found.class, Found.class));
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Set<String> left = left(found);
        while (!left.isEmpty() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(STEP.toNanos());
            left = left(found);
        }
        if (!left.isEmpty()) {
            throw new AssertionError(context.getDisplayName() + " has left behind: " + String.join(", ", left));
        }
    }

    private static Set<String> left(Found found) {
        Set<String> left = new TreeSet<>();
        for (Thread thread : OurThreads.running()) {
            if (!found.threads().contains(thread)) {
                left.add("thread '" + thread.getName() + "'");
            }
        }
        for (String file : OpenFiles.now()) {
            if (!found.files().contains(file)) {
                left.add("open file " + file);
            }
        }
        return left;
    }

    /// Nested classes share what their enclosing class has opened.
    private static boolean isOutermost(ExtensionContext context) {
        return context.getRequiredTestClass().getEnclosingClass() == null;
    }
}
