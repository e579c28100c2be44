package dev.headrace.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headrace.errors.UnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaBrokerTest {
    private static final String MODULE_JARS = "integration-tests/kafka-broker/target/lib";

    @TempDir
    Path directory;

    @Test
    void theNamedDirectoryOfJarsIsTakenFirst() throws IOException {
        Path named = jarIn(directory.resolve("named"));
        jarIn(directory.resolve("tree").resolve(MODULE_JARS));
        Path root = directory.resolve("tree");
        assertEquals(named, KafkaBroker.findJar(Optional.of(named.getParent()), Optional.of(root), root));
    }

    @Test
    void jarsAreFoundInTheSourceTreeFromAnyDirectoryInIt() throws IOException {
        Path jar = jarIn(directory.resolve(MODULE_JARS));
        Path inside = directory.resolve("cli").resolve("target");
        assertEquals(jar, KafkaBroker.findJar(Optional.empty(), Optional.empty(), inside));
    }

    @Test
    void missingJarsAreAnErrorThatSaysHowToBuildThem() {
        UnavailableException error = assertThrows(
                UnavailableException.class,
                () -> KafkaBroker.findJar(Optional.of(directory), Optional.empty(), directory));
        assertEquals(
                "[KAFKA_BROKER_JARS_MISSING] The Kafka broker's jars were not found: there is no"
                        + " 'headrace-kafka-broker.jar' in '" + directory
                        + "'. Build them with 'mvn -pl integration-tests/kafka-broker process-classes', or name their"
                        + " directory with -Dheadrace.kafkaBroker=DIRECTORY.",
                error.getMessage());
    }

    private static Path jarIn(Path directory) throws IOException {
        Files.createDirectories(directory);
        return Files.createFile(directory.resolve("headrace-kafka-broker.jar"));
    }
}
