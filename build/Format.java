import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.FormatterException;
import com.palantir.javaformat.java.ImportOrderer;
import com.palantir.javaformat.java.JavaFormatterOptions;
import com.palantir.javaformat.java.JavaFormatterOptions.Style;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Formats every Java source of the project, or checks that it is formatted: palantir-java-format, 120 columns.
///
/// The build runs it as a program of its own on JDK 25 (`java build/Format.java check`), because a formatter is bound
/// to the compiler of the JDK that it runs on, and Maven may run on an older one. What differs from the bare formatter:
///
/// - The formatter does not see `///` comments. Lines over 120 columns of their prose are folded here.
/// - An import that only a comment names stays.
/// - `case … when` and `@Nullable Type` stay on one line where they fit.
/// - Files that have not changed since the last run without a finding are not looked at.
final class Format {
    private static final int COLUMNS = 120;
    private static final Path STAMP = Path.of("target", "formatted");
    private static final Pattern DOC_LINE = Pattern.compile("(?m)^(\\h*)///(.*)$");
    private static final Pattern PLACEHOLDER = Pattern.compile("/// #(\\d+)#");
    private static final Pattern IMPORT = Pattern.compile("(?m)^import (?:static )?[\\w.]*?(\\w+);\\R");
    private static final Pattern SPLIT_CASE = Pattern.compile("(?m)^(\\h*)(case .*)\\R\\1(when .*)$");
    private static final Pattern SPLIT_TYPE =
            Pattern.compile("(?m)^(\\h*)(@Nullable)\\R\\1((?!@|public|protected|private|static|final|abstract)\\S.*)$");
    private static final Pattern DOC_PROSE =
            Pattern.compile("(\\h*/// )((?:[-*] |@param |@return |@throws )?)(?=[^ |].*)");

    private final Formatter formatter = Formatter.createFormatter(
            JavaFormatterOptions.builder().style(Style.PALANTIR).build());

    public static void main(String[] args) throws IOException {
        boolean apply = args.length == 1 && args[0].equals("apply");
        if (!apply && !(args.length == 1 && args[0].equals("check"))) {
            throw new IllegalArgumentException("expected 'check' or 'apply', found: " + String.join(" ", args));
        }
        Format format = new Format();
        FileTime started = FileTime.from(Instant.now());
        List<String> findings = changedFiles().parallelStream()
                .flatMap(file -> format.visit(file, apply).stream())
                .toList();
        if (!findings.isEmpty()) {
            findings.forEach(System.err::println);
            System.err.println("To format all sources: mvn -q -N verify -Dheadrace.format=apply");
            System.exit(1);
        }
        Files.createDirectories(STAMP.getParent());
        Files.writeString(STAMP, "");
        Files.setLastModifiedTime(STAMP, started);
    }

    private static List<Path> changedFiles() throws IOException {
        FileTime last = Files.exists(STAMP) ? Files.getLastModifiedTime(STAMP) : FileTime.fromMillis(0);
        boolean newRules =
                changedSince(last, Path.of("build", "Format.java")) || changedSince(last, Path.of("pom.xml"));
        return sources().stream()
                .filter(file -> newRules || changedSince(last, file))
                .sorted()
                .toList();
    }

    /// Those outside `target`, where another module's build may be making and deleting files meanwhile.
    private static List<Path> sources() throws IOException {
        List<Path> sources = new ArrayList<>();
        Files.walkFileTree(Path.of("."), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                return directory.endsWith("target") ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (file.toString().endsWith(".java")) {
                    sources.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return sources;
    }

    private static boolean changedSince(FileTime time, Path file) {
        try {
            return Files.getLastModifiedTime(file).compareTo(time) >= 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Formats a file, or checks it. Safe for use by several threads, each with another file.
    ///
    /// @return what is to be said of it
    private List<String> visit(Path file, boolean apply) {
        try {
            String before = Files.readString(file);
            String after = format(before);
            if (before.equals(after)) {
                return List.of();
            }
            if (apply) {
                Files.writeString(file, after);
                return List.of();
            }
            return List.of(file + " is not formatted");
        } catch (FormatterException e) {
            return e.diagnostics().stream().map(problem -> file + ":" + problem).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String format(String source) throws FormatterException {
        List<String> comments = new ArrayList<>();
        String shielded = DOC_LINE.matcher(withoutUnusedImports(source)).replaceAll(line -> {
            comments.add(line.group(2).stripTrailing());
            return Matcher.quoteReplacement(line.group(1) + "/// #" + (comments.size() - 1) + "#");
        });
        String formatted = formatter.formatSource(ImportOrderer.reorderImports(shielded, Style.PALANTIR));
        String joined = join(SPLIT_TYPE, "", join(SPLIT_CASE, " ".repeat(8), formatted));
        if (PLACEHOLDER.matcher(joined).results().count() != comments.size()) {
            throw new IllegalStateException("the formatter lost a comment of: " + source);
        }
        return folded(PLACEHOLDER
                .matcher(joined)
                .replaceAll(mark -> Matcher.quoteReplacement("///" + comments.get(Integer.parseInt(mark.group(1))))));
    }

    private static String withoutUnusedImports(String source) {
        String body = IMPORT.matcher(source).replaceAll("");
        return IMPORT.matcher(source).replaceAll(line -> {
            boolean used =
                    Pattern.compile("\\b" + line.group(1) + "\\b").matcher(body).find();
            return used ? Matcher.quoteReplacement(line.group()) : "";
        });
    }

    /// Puts the two lines that `split` matches outside of text blocks on one, or indents the second if they don't fit.
    private static String join(Pattern split, String indentation, String source) {
        return split.matcher(source).replaceAll(lines -> {
            String first = lines.group(1) + lines.group(2);
            boolean fits = first.length() + 1 + lines.group(3).length() <= COLUMNS;
            String joined = first + (fits ? " " : "\n" + lines.group(1) + indentation) + lines.group(3);
            return Matcher.quoteReplacement(inTextBlock(source, lines) ? lines.group() : joined);
        });
    }

    private static boolean inTextBlock(String source, MatchResult place) {
        return source.substring(0, place.start()).split("\"\"\"", -1).length % 2 == 0;
    }

    /// Moves what is over the width in the prose of `///` comments to the next line. Code, tables and headings stay.
    private static String folded(String source) {
        List<String> lines = new ArrayList<>(source.lines().toList());
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            Matcher prose = DOC_PROSE.matcher(line);
            int blank = lastBlank(line);
            if (line.length() <= COLUMNS || !prose.lookingAt() || blank <= prose.end()) {
                continue;
            }
            lines.set(i, line.substring(0, blank));
            String margin = prose.group(1)
                    + " "
                            .repeat(
                                    prose.group(2).startsWith("@")
                                            ? 4
                                            : prose.group(2).length());
            String rest = line.substring(blank + 1);
            if (i + 1 < lines.size() && continues(margin, lines.get(i + 1))) {
                lines.set(i + 1, margin + rest + " " + lines.get(i + 1).substring(margin.length()));
            } else {
                lines.add(i + 1, margin + rest);
            }
        }
        return String.join("\n", lines) + "\n";
    }

    /// The last place to break the line: a blank that is not within `code`, or -1.
    private static int lastBlank(String line) {
        int blank = line.lastIndexOf(' ', COLUMNS);
        while (blank >= 0
                && line.substring(0, blank).chars().filter(c -> c == '`').count() % 2 == 1) {
            blank = line.lastIndexOf(' ', blank - 1);
        }
        return blank;
    }

    private static boolean continues(String margin, String next) {
        return next.matches("(?s)" + Pattern.quote(margin) + "(?![-*#] |\\d+\\. |@|\\||```|\\h).+");
    }
}
