package dev.headrace.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.errors.UnavailableException;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaBrokerIT {

    @Test
    void dataAndAddressOutliveAKillAndAStop() throws Exception {
        try (KafkaBroker broker = KafkaBroker.start()) {
            String address = broker.bootstrapServers();
            broker.createTopics(Map.of("events", 1));
            send(broker, "first");

            broker.kill();
            broker.restart();
            send(broker, "second");
            broker.stop();
            broker.restart();

            assertEquals(address, broker.bootstrapServers());
            assertEquals(List.of("first", "second"), read(broker, 2));
        }
    }

    @Test
    void aFrozenBrokerAnswersOnlyWhenItIsResumed() throws Exception {
        try (KafkaBroker broker = KafkaBroker.start()) {
            Map<String, Object> impatient = Map.of(
                    "bootstrap.servers", broker.bootstrapServers(),
                    "request.timeout.ms", 1_000,
                    "default.api.timeout.ms", 2_000);
            broker.pause();
            try (Admin admin = Admin.create(impatient)) {
                ExecutionException error = assertThrows(
                        ExecutionException.class,
                        () -> admin.listTopics().names().get());
                assertInstanceOf(TimeoutException.class, error.getCause());
            }
            broker.resume();
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
                assertEquals(1, admin.describeCluster().nodes().get().size());
            }
        }
    }

    @Test
    void closingLeavesNeitherProcessNorFiles() {
        KafkaBroker broker = KafkaBroker.start();
        ProcessHandle process = ProcessHandle.of(broker.pid()).orElseThrow();
        Path directory = broker.log().getParent();

        broker.close();
        broker.close();

        assertFalse(process.isAlive());
        assertFalse(Files.exists(directory));
        assertThrows(IllegalStateException.class, broker::restart);
    }

    @Test
    void aBrokerThatCannotStartShowsTheEndOfItsLog() {
        UnavailableException error = assertThrows(
                UnavailableException.class,
                () -> KafkaBroker.start(KafkaBroker.Size.SMALL, Map.of("num.io.threads", "none")));
        assertEquals("KAFKA_BROKER_NOT_STARTED", error.code());
        assertTrue(error.text().contains("did not start: it ended with exit status"), error.getMessage());
        assertTrue(error.text().contains("Invalid value none for configuration num.io.threads"), error.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"running", "paused"})
    void aBrokerEndsAndCleansUpWhenItsParentIsKilled(String state) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                BrokerOwner.class.getName()));
        if (state.equals("paused")) {
            command.add(state);
        }
        Process owner = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader output = owner.inputReader()) {
            ProcessHandle broker =
                    ProcessHandle.of(Long.parseLong(output.readLine())).orElseThrow();
            Path directory = Path.of(output.readLine());
            assertTrue(Files.isDirectory(directory));

            owner.destroyForcibly();

            broker.onExit().get(300, TimeUnit.SECONDS);
            assertFalse(Files.exists(directory.resolve("server.properties")));
        } finally {
            owner.destroyForcibly();
        }
    }

    private static void send(KafkaBroker broker, String value) throws Exception {
        Map<String, Object> settings = Map.of("bootstrap.servers", broker.bootstrapServers());
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>("events", value)).get();
        }
    }

    private static List<String> read(KafkaBroker broker, int count) {
        Map<String, Object> settings = Map.of("bootstrap.servers", broker.bootstrapServers());
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            TopicPartition partition = new TopicPartition("events", 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            while (values.size() < count) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofSeconds(1))) {
                    values.add(record.value());
                }
            }
        }
        return values;
    }
}
