package dev.headrace.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A Markdown page of the project.
///
/// @param name the path from the project's root
/// @param lines the text
record Page(String name, List<String> lines) {
    static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    private static final Pattern FENCE = Pattern.compile("\\h*```(\\w*)\\h*(.*)");
    private static final Pattern LINK = Pattern.compile("]\\(([^)#\\s]+)[^)]*\\)");

    Page {
        lines = List.copyOf(lines);
    }

    /// The pages at the root of the tree and everything under `docs`.
    static List<Page> all() {
        try (Stream<Path> top = Files.list(ROOT);
                Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            return Stream.concat(top, docs)
                    .filter(file -> file.toString().endsWith(".md"))
                    .filter(file -> !file.toString().contains("/target/"))
                    .sorted()
                    .map(Page::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Page read(Path file) {
        try {
            return new Page(ROOT.relativize(file).toString(), Files.readAllLines(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The code blocks with the language `java`, each with the `text` block that follows it within two lines, if any.
    List<CodeBlock> javaBlocks() {
        List<Fenced> blocks = blocks();
        List<CodeBlock> java = new ArrayList<>();
        for (int i = 0; i < blocks.size(); i++) {
            Fenced block = blocks.get(i);
            if (block.language.equals("java")) {
                Optional<Fenced> next = i + 1 < blocks.size() ? Optional.of(blocks.get(i + 1)) : Optional.empty();
                java.add(new CodeBlock(
                        name,
                        block.firstLine,
                        block.mark,
                        block.lines,
                        next.filter(block::isFollowedByText).map(Fenced::lines)));
            }
        }
        return java;
    }

    private List<Fenced> blocks() {
        List<Fenced> blocks = new ArrayList<>();
        int at = 0;
        while (at < lines.size()) {
            Matcher start = FENCE.matcher(lines.get(at));
            at++;
            if (!start.matches()) {
                continue;
            }
            int first = at;
            while (at < lines.size() && !lines.get(at).strip().equals("```")) {
                at++;
            }
            blocks.add(new Fenced(
                    start.group(1), start.group(2).strip(), first + 1, List.copyOf(lines.subList(first, at))));
            at++;
        }
        return blocks;
    }

    /// The targets of links that are files of the project, as written.
    List<String> localLinks() {
        return LINK.matcher(String.join("\n", lines))
                .results()
                .map(link -> link.group(1))
                .filter(target -> !target.contains("://") && !target.startsWith("mailto:"))
                .toList();
    }

    /// @param firstLine the number of the first line within the fence, from 1
    private record Fenced(String language, String mark, int firstLine, List<String> lines) {
        boolean isFollowedByText(Fenced next) {
            int end = firstLine + lines.size();
            return next.language.equals("text") && next.firstLine - end <= 3;
        }
    }
}
