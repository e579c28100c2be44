package dev.headrace.codegen;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Lines of Java, indented, with comments at their ends.
///
/// A comment can be stripped again, because no generated line holds a string literal: constants come from outside.
final class SourceWriter {
    private static final String COMMENT = " // ";
    private static final int LONGEST_COMMENT = 100;

    private final List<String> lines = new ArrayList<>();
    private int depth;

    void line(String text) {
        lines.add("    ".repeat(depth) + text);
    }

    /// A line with what it computes beside it.
    void line(String text, Object comment) {
        line(text + COMMENT + oneLine(comment.toString()));
    }

    void comment(String text) {
        line("// " + oneLine(text));
    }

    void blank() {
        lines.add("");
    }

    /// Begins a block: `head {`.
    void open(String head) {
        line(head + " {");
        depth++;
    }

    /// Ends a block and begins another: `} head {`.
    void next(String head) {
        depth--;
        line("} " + head + " {");
        depth++;
    }

    void close() {
        depth--;
        line("}");
    }

    void append(SourceWriter other) {
        other.lines.forEach(text -> {
            if (text.isEmpty()) {
                blank();
            } else {
                line(text);
            }
        });
    }

    /// The number of lines so far.
    int mark() {
        return lines.size();
    }

    /// Removes the lines since `mark` that declare or set a boolean that turned out not to be needed.
    void dropAssignments(int mark, String variable) {
        String set = variable + " = ";
        lines.subList(mark, lines.size())
                .removeIf(text -> text.strip().startsWith(set) || text.strip().startsWith("boolean " + set));
    }

    private static String oneLine(String text) {
        String visible = text.replaceAll("\\p{Cntrl}+", " ").strip();
        return visible.length() <= LONGEST_COMMENT ? visible : visible.substring(0, LONGEST_COMMENT) + "…";
    }

    /// The source without its comments: what is compiled.
    String code() {
        return lines.stream()
                .map(SourceWriter::withoutComment)
                .filter(text -> !text.isBlank())
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static String withoutComment(String text) {
        int comment = (" " + text).indexOf(COMMENT);
        return comment < 0 ? text : text.substring(0, Math.max(comment - 1, 0));
    }

    @Override
    public String toString() {
        return String.join("\n", lines) + "\n";
    }
}
