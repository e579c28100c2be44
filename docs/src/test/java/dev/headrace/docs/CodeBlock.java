package dev.headrace.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A block of Java on a page: a whole program (it has a `main`), whole types (it starts with `public`), or a fragment,
/// which stands in a method with the variable `session` and the imports that every page assumes.
///
/// A block marked `java run` is run too, and prints the `text` block that follows it, if there is one. A block marked
/// `java continued` goes on where the block before it ended.
///
/// @param page the page's path from the project's root
/// @param firstLine the number of its first line on the page
/// @param mark what follows `java` at its start
/// @param expectedOutput the lines of the `text` block after it
record CodeBlock(String page, int firstLine, String mark, List<String> lines, Optional<List<String>> expectedOutput) {
    /// What fragments see without saying so. The manual says the same on its first page.
    static final List<String> IMPORTS = List.of(
            "import static dev.headrace.functions.*;",
            "import dev.headrace.*;",
            "import dev.headrace.expressions.*;",
            "import dev.headrace.streaming.*;",
            "import dev.headrace.types.*;",
            "import java.nio.file.*;",
            "import java.time.*;",
            "import java.util.*;");

    private static final Pattern MAIN = Pattern.compile("\\bvoid main\\(");
    private static final Pattern PUBLIC_TYPE =
            Pattern.compile("public (?:\\w+ )*(?:class|record|interface|enum) (\\w+)");

    String place() {
        return page + ":" + firstLine;
    }

    boolean runs() {
        return mark.equals("run");
    }

    boolean continues() {
        return mark.equals("continued");
    }

    /// This block with `next`, which continues it, in one; lines keep their numbers.
    CodeBlock with(CodeBlock next) {
        List<String> all = new ArrayList<>(lines);
        while (firstLine + all.size() < next.firstLine) {
            all.add("");
        }
        all.addAll(next.lines);
        return new CodeBlock(page, firstLine, mark, all, next.expectedOutput);
    }

    private String text() {
        return String.join("\n", lines);
    }

    private boolean isFragment() {
        return !MAIN.matcher(text()).find() && !withoutImports().strip().startsWith("public ");
    }

    private String withoutImports() {
        return lines.stream().map(line -> isImport(line) ? "" : line).collect(Collectors.joining("\n"));
    }

    private String imports() {
        return lines.stream().filter(CodeBlock::isImport).collect(Collectors.joining(" "));
    }

    private static boolean isImport(String line) {
        return line.strip().startsWith("import ") && line.strip().endsWith(";");
    }

    /// The name of the class that the block's source is compiled to.
    String className() {
        return PUBLIC_TYPE
                .matcher(text())
                .results()
                .findFirst()
                .map(found -> found.group(1))
                .orElse("Block" + firstLine);
    }

    /// A compilation unit whose line numbers are those of the page.
    String source() {
        if (!isFragment()) {
            return "\n".repeat(firstLine - 1) + text() + "\n";
        }
        String start = runs()
                ? "public static void main(String[] args) throws Exception { try (Session session ="
                        + " Session.builder().getOrCreate()) {"
                : "static void run(Session session) throws Exception { {";
        return String.join(" ", IMPORTS) + " " + imports() + " class " + className() + " { " + start
                + "\n".repeat(firstLine - 1) + withoutImports() + "\n}}}\n";
    }
}
