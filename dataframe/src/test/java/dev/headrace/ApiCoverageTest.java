package dev.headrace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// `docs/reference/api-coverage.md` says of each public method of Spark's Java API whether it is here: `spark/api.txt`
/// has Spark's, reflection ours, `spark/api-notes.txt` the reasons. `-Dheadrace.refresh=true` writes the page anew.
class ApiCoverageTest {
    private static final Path PAGE = Path.of("..", "docs", "reference", "api-coverage.md");
    private static final String INTRODUCTION = """
            # What there is of Spark's API

            Each public method of the Java API of Spark 4.1.3, but those that only Scala can call. *Same* means: the same name, parameters and
            meaning, with `Session` for `SparkSession`, `DataFrame` for `Dataset<Row>`, and an interface of Java's where Spark takes a function of
            Scala's (`Function1`, `Function2`): both are written as a lambda. A `Dataset<T>` of other objects has the methods that keep its
            objects; for the others there is its `toDF()`. This page is made by a test from Spark's signatures and ours.
            """;
    private static final Map<String, List<Class<?>>> OURS = Map.ofEntries(
            Map.entry("Dataset", List.of(DataFrame.class, Dataset.class)),
            Map.entry("Column", List.of(Column.class)),
            Map.entry("DataFrameReader", List.of(DataFrameReader.class)),
            Map.entry("DataFrameWriter", List.of(DataFrameWriter.class)),
            Map.entry("RelationalGroupedDataset", List.of(RelationalGroupedDataset.class)),
            Map.entry("expressions.WindowSpec", List.of(dev.headrace.expressions.WindowSpec.class)),
            Map.entry("expressions.Window", List.of(dev.headrace.expressions.Window.class)),
            Map.entry("DataFrameNaFunctions", List.of(DataFrameNaFunctions.class)),
            Map.entry("DataFrameStatFunctions", List.of(DataFrameStatFunctions.class)),
            Map.entry("catalog.Catalog", List.of(Catalog.class)),
            Map.entry("SparkSession", List.of(Session.class)),
            Map.entry("functions", List.of(functions.class)),
            Map.entry("UDFRegistration", List.of(UDFRegistration.class)),
            Map.entry("DataFrameWriterV2", List.of(DataFrameWriterV2.class)),
            Map.entry("Row", List.of(Row.class, RowFactory.class)),
            Map.entry("RuntimeConfig", List.of(RuntimeConfig.class)),
            Map.entry("ForeachWriter", List.of(ForeachWriter.class)),
            Map.entry("KeyValueGroupedDataset", List.of(KeyValueGroupedDataset.class)),
            Map.entry("Encoders", List.of(Encoders.class)),
            Map.entry("SparkSession.Builder", List.of(Session.Builder.class)),
            Map.entry("Observation", List.of(Observation.class)),
            Map.entry("TableValuedFunction", List.of(TableValuedFunction.class)),
            Map.entry("MergeIntoWriter", List.of(MergeIntoWriter.class)),
            Map.entry("expressions.UserDefinedFunction", List.of(dev.headrace.expressions.UserDefinedFunction.class)),
            Map.entry("expressions.Aggregator", List.of(dev.headrace.expressions.Aggregator.class)));
    /// What of ours takes the lambda that Spark takes as a function of Scala's.
    private static final Map<String, Set<String>> LAMBDAS = Map.of(
            "Function1", Set.of("Function", "FilterFunction", "MapFunction"),
            "Function2", Set.of("BiFunction", "ReduceFunction"));

    private static List<String> lines(String file) {
        try (InputStream in = ApiCoverageTest.class.getResourceAsStream("/spark/" + file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("# "))
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /// The forms of each method, by class and name.
    private static Map<String, Map<String, List<String>>> sparks() {
        Map<String, Map<String, List<String>>> classes = new LinkedHashMap<>();
        String current = "";
        for (String line : lines("api.txt")) {
            if (line.startsWith("## ")) {
                current = line.substring(3);
                classes.put(current, new java.util.TreeMap<>());
            } else {
                String name = line.substring(0, line.indexOf('('));
                classes.get(current)
                        .computeIfAbsent(name, _ -> new ArrayList<>())
                        .add(line);
            }
        }
        return classes;
    }

    private static List<Class<?>> classes(String type) {
        if (!type.startsWith("streaming.")) {
            return OURS.get(type);
        }
        try {
            return List.of(Class.forName("dev.headrace." + type.replace("Listener.", "Listener$")));
        } catch (ClassNotFoundException gone) {
            throw new IllegalStateException(gone);
        }
    }

    private static Set<String> ours(String type) {
        return classes(type).stream()
                .flatMap(ours -> Arrays.stream(ours.getMethods()))
                .filter(method -> Modifier.isPublic(method.getModifiers()))
                .map(ApiCoverageTest::form)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String form(Method method) {
        String parameters =
                Stream.of(method.getParameterTypes()).map(Class::getSimpleName).collect(Collectors.joining(", "));
        String spread = method.isVarArgs() ? parameters.replaceAll("\\[]$", "...") : parameters;
        return method.getName() + "(" + spread + ")";
    }

    private static boolean has(Set<String> ours, String form) {
        return ours.stream()
                .anyMatch(own -> takes(own, form) || takes(own.replace("...", "[]"), form.replace("...", "[]")));
    }

    /// Whether our form takes what Spark's does: an `Object` takes anything, `String...` any number of texts.
    private static boolean takes(String ours, String sparks) {
        List<String> own = new ArrayList<>(parameters(ours));
        List<String> wanted = parameters(sparks);
        if (!own.isEmpty() && own.getLast().endsWith("...")) {
            String repeated = own.removeLast();
            while (own.size() < wanted.size()) {
                boolean rest = wanted.get(own.size()).endsWith("...");
                own.add(rest ? repeated : repeated.substring(0, repeated.length() - 3));
            }
        }
        boolean same = ours.substring(0, ours.indexOf('(')).equals(sparks.substring(0, sparks.indexOf('(')))
                && own.size() == wanted.size();
        for (int i = 0; same && i < own.size(); i++) {
            same = own.get(i).equals(wanted.get(i))
                    || own.get(i).equals("Object")
                    || LAMBDAS.getOrDefault(wanted.get(i), Set.of()).contains(own.get(i))
                    || own.get(i).equals("Object[]") && wanted.get(i).endsWith("[]")
                    || own.get(i).equals("DataType") && wanted.get(i).equals("StructType")
                    || own.get(i).equals("DataFrame") && wanted.get(i).equals("Dataset")
                    || own.get(i).equals("Session") && wanted.get(i).equals("SparkSession");
        }
        return same;
    }

    private static List<String> parameters(String form) {
        String inner = form.substring(form.indexOf('(') + 1, form.length() - 1);
        return inner.isEmpty() ? List.of() : List.of(inner.split(", "));
    }

    /// The notes by class and method.
    private static Map<String, String> notes() {
        Map<String, String> notes = new LinkedHashMap<>();
        for (String line : lines("api-notes.txt")) {
            int colon = line.indexOf(": ");
            for (String name : line.substring(line.indexOf(' ') + 1, colon).split(" ")) {
                notes.put(line.substring(0, line.indexOf(' ')) + "." + name, line.substring(colon + 2));
            }
        }
        return notes;
    }

    /// [#notes] and, for functions without one, what the page of SQL functions says of them.
    private static Map<String, String> reasons() {
        Map<String, String> notes = notes();
        lines("functions.txt").stream()
                .filter(line -> line.contains("\t"))
                .forEach(line -> notes.putIfAbsent(
                        "functions." + line.substring(0, line.indexOf('\t')), line.substring(line.indexOf('\t') + 1)));
        return notes;
    }

    @Test
    void eachNoteIsOfAMethodOfSparks() {
        Set<String> named = new TreeSet<>(notes().keySet());
        sparks().forEach((type, methods) -> methods.keySet().forEach(method -> named.remove(type + "." + method)));

        assertEquals(
                Set.of(), named, "a note of spark/api-notes.txt is of no method in spark/api.txt and so on no page");
    }

    @Test
    void thePageSaysOfEachMethodWhetherItIsHere() throws IOException {
        Map<String, String> notes = reasons();
        List<String> unexplained = new ArrayList<>();
        StringBuilder page = new StringBuilder(INTRODUCTION);
        sparks().forEach((type, methods) -> {
            Set<String> ours = ours(type);
            StringBuilder rows = new StringBuilder();
            int same = 0;
            for (Map.Entry<String, List<String>> method : methods.entrySet()) {
                List<String> missing = method.getValue().stream()
                        .filter(form -> !has(ours, form))
                        .toList();
                String note = notes.get(type + "." + method.getKey());
                same += missing.isEmpty() ? 1 : 0;
                if (missing.size() == method.getValue().size() && note == null) {
                    unexplained.add(type + "." + method.getKey());
                }
                rows.append("| `")
                        .append(method.getKey())
                        .append("` | ")
                        .append(text(missing, method.getValue().size(), note))
                        .append(" |\n");
            }
            page.append("\n## ")
                    .append(type)
                    .append("\n\n")
                    .append(same)
                    .append(" of ")
                    .append(methods.size())
                    .append(" methods are the same.\n\n| method | here |\n| --- | --- |\n")
                    .append(rows);
        });
        if (Boolean.getBoolean("headrace.refresh")) {
            Files.writeString(PAGE, page.toString());
        }
        assertEquals(List.of(), unexplained, "a method that is not here needs a line in spark/api-notes.txt");
        assertEquals(page.toString(), Files.readString(PAGE), "run the test again with -Dheadrace.refresh=true");
    }

    private static String text(List<String> missing, int forms, String note) {
        String reason = note == null ? "" : ": " + note;
        if (missing.isEmpty()) {
            return "same" + reason;
        }
        if (missing.size() == forms) {
            return "no" + reason;
        }
        return "same, but for "
                + missing.stream().map(form -> "`" + form + "`").collect(Collectors.joining(", "))
                + reason;
    }
}
