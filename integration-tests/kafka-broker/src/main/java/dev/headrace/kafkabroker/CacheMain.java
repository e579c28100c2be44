package dev.headrace.kafkabroker;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/// Makes the cache of what a broker loads as it starts, which is most of what it does then: runs one, sends it a
/// record, and lets the JVM keep the classes. The build runs this when it has made the jars; brokers start without it,
/// too.
public final class CacheMain {
    private CacheMain() {}

    /// @param args the directory of the broker's jars, which gets the cache, `headrace-kafka-broker.aot`
    public static void main(String[] args) throws Exception {
        Path jar = Path.of(args[0], "headrace-kafka-broker.jar").toAbsolutePath();
        Path cache = jar.resolveSibling("headrace-kafka-broker.aot");
        if (Files.exists(cache) && Files.getLastModifiedTime(cache).compareTo(Files.getLastModifiedTime(jar)) > 0) {
            return;
        }
        Path directory = Files.createTempDirectory("headrace-kafka-");
        try {
            make(jar, cache, directory);
        } catch (Exception failed) {
            System.err.println(
                    "Brokers will start more slowly than they could: no cache of their classes was made, because "
                            + failed + ".");
        } finally {
            try (Stream<Path> tree = Files.walk(directory)) {
                tree.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
            }
        }
    }

    private static void make(Path jar, Path cache, Path directory) throws Exception {
        int port = freePort();
        int controllerPort = freePort();
        Files.write(
                directory.resolve("server.properties"),
                List.of(
                        "process.roles=broker,controller",
                        "node.id=1",
                        "listeners=PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort,
                        "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
                        "controller.listener.names=CONTROLLER",
                        "controller.quorum.bootstrap.servers=127.0.0.1:" + controllerPort,
                        "log.dirs=" + directory.resolve("data")));
        // With the flags of a broker that has to use it.
        Process broker = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx384m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:AOTCacheOutput=" + cache,
                        "--sun-misc-unsafe-memory-access=allow",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                        "-Dorg.slf4j.simpleLogger.log.kafka.server.KafkaRaftServer=info",
                        "-jar",
                        jar.toString(),
                        directory.toString())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader log = broker.inputReader(StandardCharsets.UTF_8)) {
            String line = log.readLine();
            while (line != null && !line.contains("Kafka Server started")) {
                line = log.readLine();
            }
            if (line == null) {
                throw new IllegalStateException("the broker of " + jar + " does not start");
            }
            use("127.0.0.1:" + port);
            broker.toHandle().destroy();
            // Until the cache has been written.
            while (line != null) {
                line = log.readLine();
            }
            broker.waitFor();
        } finally {
            broker.destroyForcibly();
        }
    }

    private static void use(String bootstrapServers) throws Exception {
        Map<String, Object> settings = Map.of("bootstrap.servers", bootstrapServers);
        try (Admin admin = Admin.create(settings);
                KafkaProducer<String, String> producer =
                        new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            admin.createTopics(List.of(new NewTopic("topic", 1, (short) 1)))
                    .all()
                    .get();
            producer.send(new ProducerRecord<>("topic", "value")).get();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
