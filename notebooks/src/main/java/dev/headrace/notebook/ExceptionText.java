package dev.headrace.notebook;

import dev.headrace.errors.HeadraceException;
import dev.headrace.streaming.StreamingQueryException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import jdk.jshell.EvalException;
import org.rapaio.jupyter.kernel.core.RapaioKernel;
import org.rapaio.jupyter.kernel.core.format.ErrorFormatter;

/// An exception below a cell: its message first, then the lines of cells that led to it. Frames of libraries are
/// counted only; [#lastTrace] has them.
final class ExceptionText implements ErrorFormatter<EvalException> {
    private static final String RED = "\u001b[1;31m";
    private static final String PLAIN = "\u001b[0m";

    private static volatile String lastTrace = "No cell has failed yet.";

    @Override
    public List<String> format(RapaioKernel kernel, EvalException failed) {
        return format(failed);
    }

    static List<String> format(EvalException failed) {
        String name = failed.getExceptionClassName();
        String message = String.valueOf(failed.getMessage());
        StackTraceElement[] frames = failed.getStackTrace();
        lastTrace = name + ": " + message + "\n"
                + Arrays.stream(frames).map(frame -> "    at " + frame).collect(Collectors.joining("\n"));
        List<String> lines = new ArrayList<>();
        lines.add(RED + (explainsItself(name) ? message : name + ": " + message) + PLAIN);
        int others = 0;
        for (StackTraceElement frame : frames) {
            String file = frame.getFileName();
            if (file != null && file.startsWith("#")) {
                lines.add("  in line " + frame.getLineNumber() + " of snippet " + file);
            } else {
                others++;
            }
        }
        if (others > 0) {
            lines.add("  (" + others + " more frames: stackTrace() prints them)");
        }
        return lines;
    }

    /// Whether the message alone tells a user what to do.
    private static boolean explainsItself(String className) {
        if (className.equals(StreamingQueryException.class.getName())) {
            return true;
        }
        try {
            return HeadraceException.class.isAssignableFrom(
                    Class.forName(className, false, ExceptionText.class.getClassLoader()));
        } catch (ClassNotFoundException _) {
            return false;
        }
    }

    static String lastTrace() {
        return lastTrace;
    }
}
