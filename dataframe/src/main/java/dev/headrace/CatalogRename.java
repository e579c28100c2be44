package dev.headrace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.headrace.files.DurableFiles;
import dev.headrace.files.InputFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// What a catalog notes under a name gets another name, and the directory of a managed table with it.
///
/// That is several steps, so a file says what is being renamed until all are done. Who finds it waits for the lock, and
/// if it is still there then, the program that made it has ended: the steps that are left are done first.
final class CatalogRename {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TableCatalog catalog;
    private final Path begun;
    private final CatalogLock lock;

    CatalogRename(TableCatalog catalog) {
        this.catalog = catalog;
        this.begun = catalog.directory().resolve(".rename");
        this.lock = new CatalogLock(catalog.directory().resolve(".rename.lock"));
    }

    /// Brings to its end what a program that has ended had begun.
    void finish() {
        if (Files.exists(begun)) {
            lock.within(this::goOn);
        }
    }

    /// @param directory where the table is to lie if it moves
    void run(String from, String to, Optional<Path> directory) {
        lock.within(() -> {
            goOn();
            // Somebody may have been faster.
            if (catalog.noted(to).isPresent()) {
                throw SqlTables.exists(List.of(to));
            }
            ObjectNode steps = JSON.createObjectNode().put("from", from).put("to", to);
            directory.ifPresent(path -> steps.put("directory", path.toString()));
            DurableFiles.write(begun, steps.toString());
            goOn();
        });
    }

    private void goOn() throws IOException {
        if (!Files.exists(begun)) {
            return;
        }
        JsonNode steps = JSON.readTree(Files.readString(begun));
        String from = steps.required("from").asText();
        Optional<TableCatalog.Entry> entry = catalog.noted(from);
        if (entry.isPresent()) {
            Optional<Path> directory =
                    Optional.ofNullable(steps.get("directory")).map(path -> Path.of(path.asText()));
            rename(entry.get(), steps.required("to").asText(), directory);
            catalog.remove(from);
        }
        Files.delete(begun);
    }

    private void rename(TableCatalog.Entry entry, String to, Optional<Path> directory) throws IOException {
        if (directory.isEmpty() || !(entry instanceof TableCatalog.Entry.OfTable(SessionTables.StoredTable table))) {
            try {
                catalog.put(to, entry);
            } catch (RuntimeException notNoted) {
                // Else it would be tried again whenever the catalog is read.
                Files.delete(begun);
                throw notNoted;
            }
            return;
        }
        Path after = directory.get();
        Path before = InputFiles.localPath(table.path().orElseThrow());
        try {
            move(before, after);
        } catch (IOException failed) {
            // If it has moved, the next one goes on.
            if (Files.exists(before)) {
                Files.delete(begun);
            }
            throw failed;
        }
        try {
            catalog.put(to, new TableCatalog.Entry.OfTable(table.at(after.toString())));
        } catch (RuntimeException notNoted) {
            move(after, before);
            Files.delete(begun);
            throw notNoted;
        }
    }

    private static void move(Path from, Path to) throws IOException {
        if (Files.exists(from)) {
            // An empty directory may be left of a table that was there.
            Files.deleteIfExists(to);
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
            DurableFiles.force(Objects.requireNonNull(to.toAbsolutePath().getParent()));
        }
    }
}
