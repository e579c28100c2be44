package dev.headrace;

import dev.headrace.sql.SqlParser;
import java.io.File;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.ZipFile;
import org.apache.arrow.memory.RootAllocator;

/// What the first session and the first statement of a process would wait for: classes that unpack or compute large
/// tables as they are loaded, and the tables of contents of the class path's jars. Threads see to it while the program
/// makes its session and its tables.
final class FirstUse {
    private static final AtomicBoolean PREPARED = new AtomicBoolean();

    private FirstUse() {}

    /// Begins with it, once in a process. Who needs one of the classes before it is ready waits for it no longer than
    /// if it loaded the class itself.
    static void prepare() {
        if (!PREPARED.getAndSet(true)) {
            Thread.ofPlatform().daemon().name("headrace-first-use").start(FirstUse::load);
            Thread.ofPlatform().daemon().name("headrace-class-path").start(FirstUse::readJars);
        }
    }

    private static void load() {
        try {
            // The first one finds its way into the JDK's buffers.
            new RootAllocator().close();
            // The JDK's powers of five: 25 ms.
            Objects.requireNonNull(BigDecimal.ONE);
            SqlParser.prepare();
        } catch (RuntimeException | LinkageError failed) {
            // Nothing has been asked for yet. Who does is told.
        }
    }

    /// Who looks for services, as the first line of a log and the first time zone do, opens all jars, one after the
    /// other. The JDK keeps one table of contents for all who have a jar open, so those at the end are read here
    /// meanwhile.
    private static void readJars() {
        List<ZipFile> open = new ArrayList<>();
        try {
            String[] path = System.getProperty("java.class.path", "").split(File.pathSeparator);
            for (String jar : List.of(path).reversed()) {
                if (jar.endsWith(".jar")) {
                    open.add(new ZipFile(jar));
                }
            }
            // Now the class loader opens what it has not opened yet.
            ClassLoader.getSystemResource("META-INF/headrace/all-jars");
        } catch (IOException | RuntimeException failed) {
            // The class loader says so, if it has a need for the jar.
        } finally {
            open.forEach(FirstUse::close);
        }
    }

    private static void close(ZipFile jar) {
        try {
            jar.close();
        } catch (IOException failed) {
            // Nothing was written.
        }
    }
}
