package dev.headrace.notebook;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import jdk.jshell.JShell;
import jdk.jshell.SourceCodeAnalysis;
import org.rapaio.jupyter.kernel.display.DisplayData;

/// What is known of the name at the cursor: the signatures that it may have, and, of Headrace's own, what their sources
/// say.
///
/// @param sources the folders of Java sources that are there, of which none need be
record Inspection(JShell shell, List<Path> sources) {
    private static final int MOST = 12;

    /// `void a.b.C<T>.name(parameters)` and the like.
    private static final Pattern METHOD = Pattern.compile("(\\w+)(?:<[^(]*>)?\\.(\\w+)\\((.*)\\)");

    private static final Pattern PACKAGE = Pattern.compile("\\b(?:[a-z_0-9]+\\.)+(?=[A-Za-z])");

    /// Commas that are not between a type's arguments.
    private static final Pattern PARAMETERS = Pattern.compile(",(?![^<]*>)");

    private static final Pattern TYPE = Pattern.compile("(?:\\w+ )?((?:\\w+\\.)*[A-Z]\\w*)(?:<.*)?");

    /// With the sources of the tree that the kernel was installed from.
    static Inspection of(JShell shell) {
        Path home = Path.of(System.getProperty("headrace.home", "."));
        return new Inspection(
                shell,
                List.of(
                        home.resolve("dataframe/src/main/java/dev/headrace"),
                        home.resolve("notebooks/src/main/java/dev/headrace")));
    }

    /// @param cursor in the name, behind it, or behind a parenthesis that it opens
    Optional<DisplayData> at(String code, int cursor) {
        int end = Math.min(cursor, code.length());
        while (end < code.length() && Character.isJavaIdentifierPart(code.charAt(end))) {
            end++;
        }
        if (end > 0 && code.charAt(end - 1) == '(') {
            end--;
        }
        String before = code.substring(0, end);
        Map<String, String> found = new LinkedHashMap<>();
        SourceCodeAnalysis analysis = shell.sourceCodeAnalysis();
        List<String> signatures = new ArrayList<>();
        analysis.documentation(before + "(", end + 1, false).forEach(one -> signatures.add(one.signature()));
        if (signatures.isEmpty()) {
            analysis.documentation(before, end, false).forEach(one -> signatures.add(one.signature()));
        }
        for (String signature : signatures) {
            if (found.size() < MOST) {
                found.putIfAbsent(signature, documentation(signature));
            }
        }
        return found.isEmpty() ? Optional.empty() : Optional.of(display(found));
    }

    private static DisplayData display(Map<String, String> found) {
        String text = found.entrySet().stream()
                .map(one -> one.getKey()
                        + (one.getValue().isEmpty()
                                ? ""
                                : "\n    " + one.getValue().replace("\n", "\n    ")))
                .collect(Collectors.joining("\n\n"));
        return DisplayData.fromText(text);
    }

    private String documentation(String signature) {
        Matcher method = METHOD.matcher(signature);
        Matcher type = TYPE.matcher(signature);
        if (method.find()) {
            String line = "\\b" + method.group(2) + "\\(" + declared(method.group(3)) + "\\)";
            return comment(method.group(1), Pattern.compile(line));
        }
        if (type.matches()) {
            String name = type.group(1).substring(type.group(1).lastIndexOf('.') + 1);
            return comment(name, Pattern.compile("(?:class|interface|record|enum) " + name + "\\b"));
        }
        return "";
    }

    /// What declares these parameters: `a.b.C<D>, E... y` is declared as `C<D> x, E... y`. Names are known of some
    /// classes.
    private static String declared(String types) {
        if (types.isBlank()) {
            return "";
        }
        String simple = PACKAGE.matcher(types).replaceAll("");
        return PARAMETERS
                .splitAsStream(simple)
                .map(one -> "\\s*(?:@\\w+\\s+)?" + Pattern.quote(one.strip()) + "(?:\\s+\\w+)?")
                .collect(Collectors.joining(","));
    }

    /// The comment above what the pattern finds in the source of a class; empty if there is none.
    private String comment(String type, Pattern declaration) {
        for (Path folder : sources) {
            for (String place : List.of("", "streaming", "expressions", "types", "plotting", "notebook")) {
                Path file = folder.resolve(place).resolve(type + ".java");
                if (Files.isReadable(file)) {
                    try {
                        return above(Files.readString(file), declaration);
                    } catch (IOException unreadable) {
                        return "";
                    }
                }
            }
        }
        return "";
    }

    private static String above(String source, Pattern declaration) {
        Matcher found = declaration.matcher(source);
        while (found.find()) {
            int line = source.lastIndexOf('\n', found.start()) + 1;
            if (source.startsWith("///", line + indent(source, line))) {
                continue;
            }
            List<String> comment = new ArrayList<>();
            String[] lines = source.substring(0, line).split("\n");
            for (int i = lines.length - 1; i >= 0; i--) {
                String text = lines[i].strip();
                if (text.startsWith("///")) {
                    comment.addFirst(text.substring(3).strip());
                } else if (!text.startsWith("@")) {
                    break;
                }
            }
            if (!comment.isEmpty()) {
                return String.join("\n", comment);
            }
        }
        return "";
    }

    private static int indent(String source, int line) {
        int indent = 0;
        while (line + indent < source.length() && source.charAt(line + indent) == ' ') {
            indent++;
        }
        return indent;
    }
}
