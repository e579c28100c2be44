package dev.headrace.function;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// `docs/reference/functions.md` is the [FunctionTable] as a page. `-Dheadrace.refresh=true` writes it anew.
class FunctionPageTest {
    private static final Path PAGE = Path.of("..", "docs", "reference", "functions.md");
    private static final String INTRODUCTION = """
            # Functions and operators

            These are known in SQL, in `expr("…")` and to `call_function`; most have a method of the same name in `functions`. They mean what
            they mean in Spark 4 with ANSI mode on: an overflow, a division by zero or a value that can't be read is an error, and `try_cast` and the other
            `try_` functions give null instead. A null argument makes the result null unless the description says otherwise.

            In signatures `T`, `K` and `V` stand for any type, `O` for one whose values can be compared (all but maps), `N` for a number and
            `I` for an integer; `…` means any number of arguments, also none. `any` is any type. Arguments are cast where that is safe, and a
            string where a number, date or boolean is wanted is read as one.

            This page is made from the table that the functions are bound by.
            """;

    @Test
    void thePageListsExactlyTheFunctionsThatThereAre() throws IOException {
        String page = page();
        if (Boolean.getBoolean("headrace.refresh")) {
            Files.createDirectories(PAGE.getParent());
            Files.writeString(PAGE, page);
        }

        assertEquals(page, Files.readString(PAGE), "run the test again with -Dheadrace.refresh=true");
    }

    @Test
    void everyNameOfTheRegistryIsOnThePage() {
        Set<String> named = new TreeSet<>();
        FunctionTable.lines().forEach(line -> named.addAll(Signature.names(line)));

        assertEquals(named, FunctionRegistry.names());
    }

    @Test
    void everyFunctionHasADescription() {
        Map<String, List<Signature>> undescribed = byName();
        undescribed
                .values()
                .removeIf(signatures -> !signatures.getFirst().description().isBlank());

        assertEquals(Map.of(), undescribed);
    }

    private static Map<String, List<Signature>> byName() {
        Map<String, List<Signature>> functions = new LinkedHashMap<>();
        FunctionTable.lines()
                .map(Signature::parse)
                .forEach(signature -> functions
                        .computeIfAbsent(String.join(" ", signature.names()), _ -> new ArrayList<>())
                        .add(signature));
        return functions;
    }

    private static String page() {
        StringBuilder page = new StringBuilder(INTRODUCTION);
        Map<String, List<Signature>> functions = byName();
        FunctionTable.sections().forEach(line -> {
            if (line.startsWith("# ")) {
                page.append("\n#").append(line).append("\n\n| name | call | meaning |\n| --- | --- | --- |\n");
                return;
            }
            List<Signature> signatures = functions.remove(String.join(" ", Signature.names(line)));
            if (signatures != null) {
                page.append(row(signatures));
            }
        });
        return page.append(missing()).toString();
    }

    /// Spark's functions with a tab and a reason after the name are those that are not here.
    private static List<String> sparksFunctions() {
        try (java.io.InputStream in = FunctionPageTest.class.getResourceAsStream("/spark/functions.txt")) {
            String text = new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            return text.lines().filter(line -> !line.startsWith("#")).toList();
        } catch (IOException unreadable) {
            throw new java.io.UncheckedIOException(unreadable);
        }
    }

    @Test
    void ofEachFunctionOfSparkItIsSaidWhetherItIsHere() {
        List<String> wrong = new ArrayList<>();
        for (String line : sparksFunctions()) {
            String name = line.contains("\t") ? line.substring(0, line.indexOf('\t')) : line;
            if (FunctionRegistry.names().contains(name) == line.contains("\t")) {
                wrong.add(name);
            }
        }
        assertEquals(List.of(), wrong);
    }

    private static String missing() {
        List<String> all = sparksFunctions();
        Map<String, String> byReason = new LinkedHashMap<>();
        all.stream().filter(line -> line.contains("\t")).forEach(line -> {
            String[] parts = line.split("\t");
            byReason.merge(parts[1], "`" + parts[0] + "`", (a, b) -> a + ", " + b);
        });
        long here = all.stream().filter(line -> !line.contains("\t")).count();
        StringBuilder text = new StringBuilder("\n## Of Spark's functions\n\nOf the " + all.size()
                + " built-in functions of Spark 4.1.3, " + here + " are here. These are not:\n\n"
                + "| names | why |\n| --- | --- |\n");
        byReason.forEach((reason, names) ->
                text.append("| ").append(names).append(" | ").append(reason).append(" |\n"));
        return text.toString();
    }

    private static String row(List<Signature> signatures) {
        Signature first = signatures.getFirst();
        String names = first.names().stream().map(FunctionPageTest::code).collect(Collectors.joining(", "));
        String calls = signatures.stream()
                .map(FunctionPageTest::call)
                .map(FunctionPageTest::code)
                .collect(Collectors.joining("<br>"));
        return "| " + names + " | " + calls + " | " + cell(first.description()) + " |\n";
    }

    private static String call(Signature signature) {
        List<Signature.Parameter> parameters = signature.parameters();
        String name = signature.names().getFirst();
        boolean operator = !Character.isLetter(name.charAt(0))
                || Set.of("and", "or", "div").contains(name);
        String text = operator && parameters.size() == 2
                ? parameters.get(0).name() + " " + name + " "
                        + parameters.get(1).name()
                : signature.text().replace("...", "…");
        return text + " → " + signature.result();
    }

    private static String code(String text) {
        return "`" + cell(text) + "`";
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }
}
