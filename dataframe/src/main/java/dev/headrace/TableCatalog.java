package dev.headrace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.headrace.SessionTables.StoredTable;
import dev.headrace.connector.Buckets;
import dev.headrace.errors.CheckpointException;
import dev.headrace.errors.QueryException;
import dev.headrace.errors.UnavailableException;
import dev.headrace.files.DurableFiles;
import dev.headrace.files.InputFiles;
import dev.headrace.files.OutputFailure;
import dev.headrace.sql.Statement;
import dev.headrace.types.DataType;
import dev.headrace.types.StructType;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The tables and views that outlive sessions: a directory with a file of JSON for each, which is replaced as a whole.
/// Nothing is kept in memory, so sessions see each other's. Names are without letter case.
///
/// A table's path is relative to the base if it lies below that, so that a warehouse can be moved.
///
/// @param base the directory above that of the default database's notes
/// @param database of which the tables are, if it is not the default one: then the directory is there as long as the
///     database is
record TableCatalog(Path directory, Path base, Optional<String> database) {
    private static final String SUFFIX = ".json";
    private static final String FUNCTION = ".function";
    private static final int MAX_FILE_NAME = 255;
    private static final ObjectMapper JSON = new ObjectMapper();

    /// Of the default database.
    TableCatalog(Path directory) {
        this(directory, Optional.ofNullable(directory.getParent()).orElse(directory), Optional.empty());
    }

    /// What a name stands for.
    sealed interface Entry {
        record OfTable(StoredTable table) implements Entry {}

        /// @param query its text
        /// @param columns new names for all columns, or none
        /// @param database in which names of its query are looked for that say none
        /// @param properties its comment among them
        /// @param made the columns that the query gave when the view was made; empty if it has those that the query
        ///     gives, as all views of earlier versions have
        record OfView(
                String query,
                List<String> columns,
                Statement.SchemaBinding binding,
                String database,
                Map<String, String> properties,
                Optional<StructType> made)
                implements Entry {
            public OfView {
                columns = List.copyOf(columns);
                properties = new TreeMap<>(properties);
            }

            OfView of(String otherQuery, String otherDatabase) {
                return new OfView(otherQuery, List.of(), binding, otherDatabase, properties, Optional.empty());
            }

            OfView with(Map<String, String> otherProperties) {
                return new OfView(query, columns, binding, database, otherProperties, made);
            }

            OfView madeWith(StructType schema) {
                return new OfView(query, columns, binding, database, properties, Optional.of(schema));
            }
        }
    }

    Optional<StoredTable> table(String name) {
        return find(name) instanceof Entry.OfTable(StoredTable table) ? Optional.of(table) : Optional.empty();
    }

    Optional<Entry.OfView> view(String name) {
        return find(name) instanceof Entry.OfView view ? Optional.of(view) : Optional.empty();
    }

    boolean has(String name) {
        new CatalogRename(this).finish();
        return !isTooLong(file(name)) && Files.exists(file(name));
    }

    Set<String> names() {
        new CatalogRename(this).finish();
        return names(SUFFIX);
    }

    private Set<String> names(String suffix) {
        Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        if (!Files.isDirectory(directory)) {
            return names;
        }
        try (Stream<Path> files = Files.list(directory)) {
            files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(suffix) && !file.startsWith("."))
                    .forEach(file -> names.add(URLDecoder.decode(
                            file.substring(0, file.length() - suffix.length()), StandardCharsets.UTF_8)));
            return names;
        } catch (IOException failed) {
            throw unreadable(directory, failed);
        }
    }

    private Path file(String name) {
        return file(name, SUFFIX);
    }

    private Path file(String name, String suffix) {
        return directory.resolve(URLEncoder.encode(name.toLowerCase(Locale.ROOT), StandardCharsets.UTF_8) + suffix);
    }

    // ---- Functions

    Set<String> functions() {
        return names(FUNCTION);
    }

    /// What is noted of a function, as [#putFunction] was given it.
    Optional<String> function(String name) {
        Path file = file(name, FUNCTION);
        try {
            return isTooLong(file) ? Optional.empty() : Optional.of(Files.readString(file));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IOException failed) {
            throw unreadable(file, failed);
        }
    }

    boolean hasFunction(String name) {
        Path file = file(name, FUNCTION);
        return !isTooLong(file) && Files.exists(file);
    }

    void putFunction(String name, String note) {
        write(name, file(name, FUNCTION), note);
    }

    /// @return whether there was one
    boolean removeFunction(String name) {
        return remove(file(name, FUNCTION));
    }

    // ---- Tables and views

    private @Nullable Entry find(String name) {
        new CatalogRename(this).finish();
        return noted(name).orElse(null);
    }

    /// What is noted under a name, even if it is just being renamed.
    Optional<Entry> noted(String name) {
        Path file = file(name);
        if (isTooLong(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(entry(JSON.readTree(Files.readString(file))));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (JsonProcessingException | IllegalArgumentException damaged) {
            throw new CheckpointException(
                    "CATALOG_DAMAGED",
                    "'" + file + "' does not say what the table '" + name + "' is (" + damaged.getMessage()
                            + "). Restore the file, or remove it and create the table again, with its LOCATION.",
                    damaged);
        } catch (IOException failed) {
            throw unreadable(file, failed);
        }
    }

    /// Whether there can't be a file of this name: paths are looked up here, too.
    private static boolean isTooLong(Path file) {
        return file.getFileName().toString().length() > MAX_FILE_NAME
                || Objects.requireNonNull(file.getParent())
                                .getFileName()
                                .toString()
                                .length()
                        > MAX_FILE_NAME;
    }

    private static UnavailableException unreadable(Path file, IOException cause) {
        return new UnavailableException(
                "FILE_NOT_READABLE", "'" + file + "' of the catalog can't be read: " + cause + ".", cause);
    }

    /// Notes what a name stands for from now on.
    void put(String name, Entry entry) {
        Path file = file(name);
        try {
            write(name, file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json(name, entry)));
        } catch (IOException failed) {
            throw OutputFailure.of(file, failed);
        }
    }

    private void write(String name, Path file, String text) {
        Path draft = directory.resolve("." + UUID.randomUUID());
        try {
            if (database.isEmpty()) {
                Files.createDirectories(directory);
            }
            Files.writeString(draft, text);
            DurableFiles.force(draft);
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            DurableFiles.force(directory);
        } catch (NoSuchFileException gone) {
            throw database.isPresent() && !Files.isDirectory(directory)
                    ? new QueryException(
                            "SCHEMA_NOT_FOUND",
                            "There is no database '" + database.get() + "', for '" + name
                                    + "' to be in. Make it with CREATE DATABASE.")
                    : OutputFailure.of(file, gone);
        } catch (IOException failed) {
            throw OutputFailure.of(file, failed);
        }
    }

    /// @return whether it stood for something
    boolean remove(String name) {
        return remove(file(name));
    }

    private static boolean remove(Path file) {
        try {
            return !isTooLong(file) && Files.deleteIfExists(file);
        } catch (IOException failed) {
            throw OutputFailure.of(file, failed);
        }
    }

    /// Gives what is noted under a name another one, which is not in use: as a whole, also if the program ends
    /// meanwhile.
    ///
    /// @param directory where the table is to lie if it moves
    void rename(String from, String to, Optional<Path> directory) {
        new CatalogRename(this).run(from, to, directory);
    }

    // ---- JSON

    private ObjectNode json(String name, Entry entry) {
        ObjectNode json = JSON.createObjectNode().put("name", name.toLowerCase(Locale.ROOT));
        switch (entry) {
            case Entry.OfView(var query, var columns, var binding, var within, var properties, var made) -> {
                json.put("query", query).put("binding", binding.name()).put("database", within);
                add(json, "columns", columns);
                if (!properties.isEmpty()) {
                    properties.forEach(json.putObject("properties")::put);
                }
                made.ifPresent(schema -> json.put("schema", schema.json()));
            }
            case Entry.OfTable(StoredTable table) -> {
                json.put("format", table.format()).put("managed", table.managed());
                table.path().ifPresent(path -> json.put("path", relative(path)));
                table.schema().ifPresent(schema -> json.put("schema", schema.json()));
                ObjectNode options = json.putObject("options");
                table.options().forEach(options::put);
                add(json, "partitionColumns", table.partitionColumns());
                table.buckets().ifPresent(buckets -> {
                    ObjectNode dealt = json.putObject("buckets").put("count", buckets.count());
                    add(dealt, "columns", buckets.columns());
                    add(dealt, "sortColumns", buckets.sortColumns());
                });
            }
        }
        return json;
    }

    private static void add(ObjectNode json, String key, List<String> texts) {
        ArrayNode array = json.putArray(key);
        texts.forEach(array::add);
    }

    private Entry entry(JsonNode json) {
        if (json.has("query")) {
            return new Entry.OfView(
                    json.required("query").asText(),
                    strings(json.path("columns")),
                    text(json, "binding")
                            .map(Statement.SchemaBinding::valueOf)
                            .orElse(Statement.SchemaBinding.EVOLUTION),
                    text(json, "database").orElse(Databases.DEFAULT),
                    texts(json.path("properties")),
                    schema(json));
        }
        Map<String, String> options = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        options.putAll(texts(json.path("options")));
        return new Entry.OfTable(new StoredTable(
                json.required("format").asText(),
                options,
                text(json, "path").map(this::absolute),
                schema(json),
                strings(json.path("partitionColumns")),
                Optional.of(json.path("buckets")).filter(JsonNode::isObject).map(TableCatalog::buckets),
                json.required("managed").asBoolean()));
    }

    private static Map<String, String> texts(JsonNode json) {
        Map<String, String> texts = new TreeMap<>();
        json.fields()
                .forEachRemaining(
                        each -> texts.put(each.getKey(), each.getValue().asText()));
        return texts;
    }

    private static Optional<StructType> schema(JsonNode json) {
        return text(json, "schema").map(schema -> (StructType) DataType.fromJson(schema));
    }

    private static Buckets buckets(JsonNode json) {
        return new Buckets(
                json.required("count").asInt(), strings(json.path("columns")), strings(json.path("sortColumns")));
    }

    private static Optional<String> text(JsonNode json, String key) {
        return Optional.ofNullable(json.get(key)).map(JsonNode::asText);
    }

    private static List<String> strings(JsonNode array) {
        List<String> strings = new ArrayList<>();
        array.forEach(element -> strings.add(element.asText()));
        return strings;
    }

    private String absolute(String path) {
        return InputFiles.isLocal(path) ? base.resolve(path).toString() : path;
    }

    private String relative(String path) {
        return relative(base, path);
    }

    static String relative(Path base, String path) {
        if (!InputFiles.isLocal(path)) {
            return path;
        }
        Path absolute = InputFiles.localPath(path).toAbsolutePath().normalize();
        return (absolute.startsWith(base) ? base.relativize(absolute) : absolute).toString();
    }
}
