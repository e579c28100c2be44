package dev.headrace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.headrace.errors.CheckpointException;
import dev.headrace.errors.QueryException;
import dev.headrace.errors.Suggestion;
import dev.headrace.errors.UnavailableException;
import dev.headrace.files.DurableFiles;
import dev.headrace.files.InputFiles;
import dev.headrace.files.OutputDirectory;
import dev.headrace.files.OutputFailure;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The databases that outlive sessions. The notes of a database's tables are a directory `name.db` among those of the
/// default database, with a file `.database` for what is said of the database itself. The directory comes and goes by
/// one rename, so a database is there as a whole or not at all, and a table can be noted in it only while it is there.
/// Its tables lie in the warehouse, below `name.db` too, as Spark's do. Nothing is kept in memory. Names are without
/// letter case.
///
/// @param notes the directory of the default database's notes
/// @param warehouse where the default database's tables lie, and the others' directories
record Databases(Path notes, Path warehouse) {
    static final String DEFAULT = "default";
    static final String CATALOG = "spark_catalog";

    private static final String SUFFIX = ".db";
    private static final String ABOUT = ".database";
    private static final Set<String> RESERVED = Set.of(TemporaryViews.DATABASE, TemporaryViews.OF_SESSION, CATALOG);
    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}_]+");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Logger LOG = LoggerFactory.getLogger(Databases.class);

    /// What is noted of a database.
    ///
    /// @param location where its managed tables lie
    record Database(
            String name, Optional<String> comment, String location, String owner, Map<String, String> properties) {
        Database {
            properties = new TreeMap<>(properties);
        }

        Database withProperties(Map<String, String> others) {
            return new Database(name, comment, location, owner, others);
        }

        Database withComment(Optional<String> other) {
            return new Database(name, other, location, owner, properties);
        }

        Database at(String other) {
            return new Database(name, comment, other, owner, properties);
        }
    }

    /// A name without the catalog in front of it, of which there is one.
    static List<String> withoutCatalog(List<String> name) {
        return name.size() > 1 && name.getFirst().equalsIgnoreCase(CATALOG) ? name.subList(1, name.size()) : name;
    }

    // ---- What there is

    boolean exists(String name) {
        return name.equalsIgnoreCase(DEFAULT) || NAME.matcher(name).matches() && Files.isDirectory(directory(name));
    }

    /// All, the default one among them.
    Set<String> names() {
        Set<String> names = new TreeSet<>(Set.of(DEFAULT));
        if (!Files.isDirectory(notes)) {
            return names;
        }
        try (Stream<Path> files = Files.list(notes)) {
            files.filter(Files::isDirectory)
                    .map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(SUFFIX) && !file.startsWith("."))
                    .forEach(file -> names.add(URLDecoder.decode(
                            file.substring(0, file.length() - SUFFIX.length()), StandardCharsets.UTF_8)));
            return names;
        } catch (IOException failed) {
            throw unreadable(notes, failed);
        }
    }

    /// @throws QueryException `SCHEMA_NOT_FOUND`
    Database get(String name) {
        if (!exists(name)) {
            throw notFound(name);
        }
        Path file = directory(name).resolve(ABOUT);
        try {
            return database(name, JSON.readTree(Files.readString(file)));
        } catch (NoSuchFileException none) {
            if (name.equalsIgnoreCase(DEFAULT)) {
                return new Database(DEFAULT, Optional.of("default database"), warehouse.toString(), user(), Map.of());
            }
            throw notFound(name);
        } catch (JsonProcessingException | IllegalArgumentException damaged) {
            throw new CheckpointException(
                    "CATALOG_DAMAGED",
                    "'" + file + "' does not say what the database '" + name + "' is (" + damaged.getMessage()
                            + "). Restore the file, or write {} to it, and the database is as if made without anything.",
                    damaged);
        } catch (IOException failed) {
            throw unreadable(file, failed);
        }
    }

    QueryException notFound(String name) {
        return new QueryException(
                "SCHEMA_NOT_FOUND",
                ("There is no database '" + name + "'. Make it with CREATE DATABASE. "
                                + Suggestion.didYouMean(name, names()))
                        .strip());
    }

    /// The tables and views that are noted in a database.
    TableCatalog tables(String database) {
        return database.equalsIgnoreCase(DEFAULT)
                ? new TableCatalog(notes)
                : new TableCatalog(directory(database), base(), Optional.of(database));
    }

    private Path directory(String name) {
        return name.equalsIgnoreCase(DEFAULT)
                ? notes
                : notes.resolve(URLEncoder.encode(name.toLowerCase(Locale.ROOT), StandardCharsets.UTF_8) + SUFFIX);
    }

    private Path base() {
        return Optional.ofNullable(notes.getParent()).orElse(notes);
    }

    private static String user() {
        return System.getProperty("user.name", "");
    }

    private static UnavailableException unreadable(Path file, IOException cause) {
        return new UnavailableException(
                "FILE_NOT_READABLE", "'" + file + "' of the catalog can't be read: " + cause + ".", cause);
    }

    // ---- Changes

    private void oneAtATime(CatalogLock.Steps steps) {
        try {
            Files.createDirectories(notes);
        } catch (IOException failed) {
            throw OutputFailure.of(notes, failed);
        }
        new CatalogLock(notes.resolve(".databases.lock")).within(steps);
    }

    /// @param location absent: in the warehouse
    /// @throws QueryException `SCHEMA_ALREADY_EXISTS`, `INVALID_SCHEMA_OR_RELATION_NAME`, and as [#place]
    void create(
            String name,
            boolean ifNotExists,
            Optional<String> comment,
            Optional<String> location,
            Map<String, String> properties) {
        if (RESERVED.contains(name.toLowerCase(Locale.ROOT))
                || !NAME.matcher(name).matches()) {
            throw new QueryException(
                    "INVALID_SCHEMA_OR_RELATION_NAME",
                    "'" + name + "' can't be the name of a database. Use letters, digits and _, and none of "
                            + String.join(", ", new TreeSet<>(RESERVED)) + ".");
        }
        oneAtATime(() -> {
            if (exists(name)) {
                if (ifNotExists) {
                    return;
                }
                throw new QueryException(
                        "SCHEMA_ALREADY_EXISTS",
                        "There is a database '" + name
                                + "' already. Choose another name, or write IF NOT EXISTS if it may be there.");
            }
            String place = place(location.orElseGet(() ->
                    warehouse.resolve(name.toLowerCase(Locale.ROOT) + SUFFIX).toString()));
            Files.createDirectories(Path.of(place));
            Path draft = Files.createDirectory(notes.resolve("." + UUID.randomUUID()));
            write(draft, new Database(name, comment, place, user(), properties));
            DurableFiles.force(draft);
            Files.move(draft, directory(name), StandardCopyOption.ATOMIC_MOVE);
            DurableFiles.force(notes);
        });
    }

    /// Where a database lies, as a user says it.
    ///
    /// @throws QueryException `UNSUPPORTED_FILE_SYSTEM`, `PATH_NOT_A_DIRECTORY`, `UNSUPPORTED_OPERATION` for a place
    ///     among the notes of a database, which go before its tables do
    String place(String location) {
        Path place = InputFiles.localPath(location).toAbsolutePath().normalize();
        if (Files.exists(place, LinkOption.NOFOLLOW_LINKS) && !Files.isDirectory(place)) {
            throw new QueryException(
                    "PATH_NOT_A_DIRECTORY",
                    "A database lies in a directory, but '" + place
                            + "' is a file, or a link to nothing. Say another LOCATION.");
        }
        boolean amongNotes = place.startsWith(notes)
                && place.getNameCount() > notes.getNameCount()
                && place.getName(notes.getNameCount()).toString().endsWith(SUFFIX);
        if (amongNotes) {
            throw new QueryException(
                    "UNSUPPORTED_OPERATION",
                    "A database can't lie in '" + place + "', where the catalog '" + notes
                            + "' notes what databases there are. Say another LOCATION, or another "
                            + SessionTables.CATALOG_PATH + ", such as '.catalog' in the warehouse, which is where it is"
                            + " unless that is set.");
        }
        return place.toString();
    }

    /// @throws QueryException `SCHEMA_NOT_FOUND`
    void change(String name, UnaryOperator<Database> change) {
        oneAtATime(() -> write(directory(name), change.apply(get(name))));
    }

    /// Forgets a database, with its tables if `cascade` says so. Of its directory what the tables leave stays.
    ///
    /// @throws QueryException `SCHEMA_NOT_FOUND`, `SCHEMA_NOT_EMPTY`
    void drop(String name, boolean cascade) {
        oneAtATime(() -> {
            Database dropped = get(name);
            if (cascade) {
                // What can't be read is to be known while all is still there.
                managed(tables(name));
            } else {
                checkEmpty(name, tables(name));
            }
            // From here on nobody can note a table in it.
            Path gone = notes.resolve("." + UUID.randomUUID());
            Files.move(directory(name), gone, StandardCopyOption.ATOMIC_MOVE);
            DurableFiles.force(notes);
            TableCatalog left = new TableCatalog(gone, base(), Optional.of(name));
            if (!cascade) {
                try {
                    checkEmpty(name, left);
                } catch (RuntimeException notEmpty) {
                    Files.move(gone, directory(name), StandardCopyOption.ATOMIC_MOVE);
                    throw notEmpty;
                }
            }
            managed(left).forEach(OutputDirectory::delete);
            deleteNotes(gone);
            deleteIfEmpty(InputFiles.localPath(dropped.location()));
        });
    }

    /// Deletes the directory of a database that is gone, whatever becomes of it. What is no directory, such as a link,
    /// is not the database's.
    private static void deleteIfEmpty(Path place) {
        if (!Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try {
            Files.deleteIfExists(place);
        } catch (DirectoryNotEmptyException _) {
            // Others' files are not this database's to delete.
        } catch (IOException failed) {
            LOG.warn("The directory {} of a database that was dropped can't be deleted", place, failed);
        }
    }

    /// Where the managed tables lie.
    private static List<String> managed(TableCatalog tables) {
        return tables.names().stream()
                .flatMap(name -> tables.table(name).stream())
                .filter(SessionTables.StoredTable::managed)
                .flatMap(table -> table.path().stream())
                .toList();
    }

    private static void checkEmpty(String name, TableCatalog tables) {
        Set<String> names = new TreeSet<>(tables.names());
        names.addAll(tables.functions());
        if (!names.isEmpty()) {
            throw notEmpty(name, names);
        }
    }

    static QueryException notEmpty(String name, Set<String> tables) {
        return new QueryException(
                "SCHEMA_NOT_EMPTY",
                "DROP DATABASE " + name + ": there are tables, views or functions in it, such as '"
                        + tables.iterator().next()
                        + "'. Drop them first, or write CASCADE to delete all of them with their rows.");
    }

    private static void deleteNotes(Path directory) throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.list(directory)) {
            all.forEach(files::add);
        }
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
        Files.deleteIfExists(directory);
    }

    // ---- JSON

    private void write(Path directory, Database database) throws IOException {
        ObjectNode json = JSON.createObjectNode().put("name", database.name().toLowerCase(Locale.ROOT));
        database.comment().ifPresent(comment -> json.put("comment", comment));
        json.put("location", TableCatalog.relative(base(), database.location()));
        json.put("owner", database.owner());
        ObjectNode properties = json.putObject("properties");
        database.properties().forEach(properties::put);
        DurableFiles.write(
                directory.resolve(ABOUT), JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json));
    }

    private Database database(String name, JsonNode json) {
        Map<String, String> properties = new TreeMap<>();
        json.path("properties")
                .fields()
                .forEachRemaining(
                        each -> properties.put(each.getKey(), each.getValue().asText()));
        String place = name.equalsIgnoreCase(DEFAULT)
                ? warehouse.toString()
                : base().resolve(json.path("location").asText(name.toLowerCase(Locale.ROOT) + SUFFIX))
                        .toString();
        return new Database(
                name.toLowerCase(Locale.ROOT),
                Optional.ofNullable(json.get("comment")).map(JsonNode::asText),
                place,
                json.path("owner").asText(),
                properties);
    }
}
