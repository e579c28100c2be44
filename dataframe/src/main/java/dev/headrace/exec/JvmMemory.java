package dev.headrace.exec;

import dev.headrace.errors.ResourceException;

/// The memory that the JVM has for objects, beside that of the session.
public final class JvmMemory {
    private static final String MORE_HEAP =
            " Start the JVM with more, such as -Xmx4g (the command headrace with HEADRACE_JAVA_OPTS=-Xmx4g),";

    private JvmMemory() {}

    /// What a user is told when it is used up.
    ///
    /// @return `OUT_OF_JVM_MEMORY`
    public static ResourceException exhausted(OutOfMemoryError cause) {
        String found = String.valueOf(cause.getMessage());
        return new ResourceException("OUT_OF_JVM_MEMORY", text(found), cause);
    }

    /// What a user is told when something can't be divided, and the heap can't have it.
    ///
    /// @param had what other joins have
    /// @return `OUT_OF_JVM_MEMORY`
    static ResourceException tooMuch(long bytes, long had, long heap) {
        return new ResourceException(
                "OUT_OF_JVM_MEMORY",
                "What a join makes of rows that it must hold together (an as-of join those of one key) takes '" + bytes
                        + "' bytes of the JVM's heap, which may have '" + heap + "' and of which other joins have '"
                        + had + "'." + MORE_HEAP
                        + " read fewer rows, or run fewer queries at once.");
    }

    private static String text(String found) {
        if (found.contains("native thread")) {
            return "The system gives the JVM no more threads ('" + found + "'). Let the process have more (such as by"
                    + " 'ulimit -u'), or run fewer queries at once.";
        }
        if (found.startsWith("Requested array size") || found.startsWith("Required ")) {
            return "An array or a text is larger than the JVM can have one, whatever its heap ('" + found
                    + "'). Make smaller values, or collect fewer into one.";
        }
        return "The JVM has no memory for another object ('" + found + "'); its heap may have '"
                + Runtime.getRuntime().maxMemory() + "' bytes. There lie the rows that the program collects, what its"
                + " functions make, and collected lists, sets and maps; 'headrace.memory.limit' does not count them."
                + MORE_HEAP + " collect fewer rows, or run fewer queries at once.";
    }
}
