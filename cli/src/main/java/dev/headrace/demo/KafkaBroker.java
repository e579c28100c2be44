package dev.headrace.demo;

import dev.headrace.errors.UnavailableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;

/// A real Kafka broker (KRaft, broker and controller in one) in a process of its own, for the demo and for tests.
///
/// It listens on free ports of 127.0.0.1, keeps its data in a temporary directory, and can be killed, restarted with
/// the same ports and data, and frozen. [#close] kills it and deletes the directory. It does not outlive this JVM: a
/// shutdown hook closes it, and if this JVM is killed the broker notices and ends, deleting its directory.
///
/// The broker's jars are no part of Headrace's class path. The build of `integration-tests/kafka-broker` copies them to
/// that module's `target/lib`, which is found through, in this order: the system property `headrace.kafkaBroker` (the
/// directory of the jars), the system property `headrace.home` (the root of the source tree), the working directory and
/// its parents.
///
/// ```java
/// try (KafkaBroker broker = KafkaBroker.start()) {
///     session.readStream().format("kafka").option("kafka.bootstrap.servers", broker.bootstrapServers());
/// }
/// ```
///
/// Safe for use by several threads; each call that changes the broker's state returns when the change is done.
public final class KafkaBroker implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(90);
    private static final Duration LEADER_LIMIT = Duration.ofSeconds(30);
    private static final int PORT_ATTEMPTS = 3;
    private static final String JAR = "headrace-kafka-broker.jar";
    private static final Path MODULE_JARS = Path.of("integration-tests", "kafka-broker", "target", "lib");

    private final ScratchDirectory directory = ScratchDirectory.create("headrace-kafka-");
    private final Path log = directory.path().resolve("broker.log");
    private final Thread exitHook = new Thread(this::closeAtExit, "kafka-broker-exit");
    private final Path jar;
    private final Size size;
    private final int port;
    private Optional<BrokerProcess> process = Optional.empty();
    private boolean closed;

    /// What the broker's JVM is made for.
    public enum Size {
        /// A demo and tests: it starts soon and takes little memory.
        SMALL("-Xms64m", "-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
        /// Measuring: the heap and the garbage collector that Kafka's own start script gives a broker.
        SERVER("-Xms1g", "-Xmx1g", "-XX:+UseG1GC", "-XX:MaxGCPauseMillis=20", "-XX:InitiatingHeapOccupancyPercent=35");

        private final List<String> flags;

        Size(String... flags) {
            this.flags = List.of(flags);
        }

        List<String> flags() {
            return flags;
        }
    }

    private KafkaBroker(Path jar, Size size, Map<String, String> settings) {
        this.jar = jar;
        this.size = size;
        this.port = freePort();
        writeProperties(settings);
        Runtime.getRuntime().addShutdownHook(exitHook);
    }

    /// Starts a broker and waits until it serves clients, which takes about three seconds.
    ///
    /// @throws UnavailableException if its jars are not there, or it does not start; the text ends with its log's last
    ///     lines
    public static KafkaBroker start() {
        return start(Size.SMALL, Map.of());
    }

    /// Starts a broker with settings of one's own, and waits until it serves clients.
    ///
    /// @param size what its JVM is made for
    /// @param settings broker properties, such as `log.retention.check.interval.ms`; they win over the defaults, which
    ///     are replication 1, no automatic creation of topics, no delay of a group's first rebalance and small thread pools
    /// @throws UnavailableException if its jars are not there, or it does not start; the text ends with its log's last
    ///     lines
    public static KafkaBroker start(Size size, Map<String, String> settings) {
        Path jar = findJar(pathProperty("headrace.kafkaBroker"), pathProperty("headrace.home"), Path.of(""));
        for (int attempt = 1; ; attempt++) {
            KafkaBroker broker = new KafkaBroker(jar, size, settings);
            try {
                broker.restart();
                return broker;
            } catch (UnavailableException e) {
                broker.close();
                // Another process can take a port between the moment it was found free and the moment Kafka binds it.
                if (attempt == PORT_ATTEMPTS || !e.text().contains("Address already in use")) {
                    throw e;
                }
            }
        }
    }

    /// Where clients connect: `127.0.0.1:port`. It stays the same over restarts.
    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    /// The file that collects what the broker prints, over all its runs. Gone after [#close].
    public Path log() {
        return log;
    }

    /// The running broker's process id.
    ///
    /// @throws IllegalStateException if it is down
    public synchronized long pid() {
        return running().pid();
    }

    /// Creates topics, without replicas, and waits until all of their partitions can be written and read.
    ///
    /// The waiting matters: a producer that meets a partition without a leader has its first batches refused, sends
    /// them again in another order, and may be stuck until its delivery time-out.
    ///
    /// @param partitions how many partitions each topic has, by its name
    /// @throws UnavailableException `TOPICS_NOT_CREATED` if the broker refuses, for example because one exists
    public void createTopics(Map<String, Integer> partitions) {
        List<NewTopic> topics = new ArrayList<>();
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        partitions.forEach((topic, count) -> {
            topics.add(new NewTopic(topic, count, (short) 1));
            for (int partition = 0; partition < count; partition++) {
                ends.put(new TopicPartition(topic, partition), OffsetSpec.latest());
            }
        });
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers()))) {
            admin.createTopics(topics).all().get();
            awaitLeaders(admin, ends);
        } catch (ExecutionException e) {
            throw new UnavailableException(
                    "TOPICS_NOT_CREATED",
                    "The broker at " + bootstrapServers() + " did not create the topics " + partitions.keySet() + ": "
                            + e.getCause() + ". Look at its log " + log + ".",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while the topics were created.", e);
        }
    }

    /// Only a partition's leader answers what is asked here.
    private static void awaitLeaders(Admin admin, Map<TopicPartition, OffsetSpec> ends)
            throws ExecutionException, InterruptedException {
        long deadline = System.nanoTime() + LEADER_LIMIT.toNanos();
        while (true) {
            try {
                admin.listOffsets(ends).all().get();
                return;
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof RetriableException) || System.nanoTime() > deadline) {
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }
    }

    /// Kills the broker with SIGKILL. Its data stay for [#restart]. A broker that is down stays down.
    public synchronized void kill() {
        process.ifPresent(BrokerProcess::kill);
        process = Optional.empty();
    }

    /// Shuts the broker down in good order. Its data stay for [#restart]. A broker that is down stays down.
    public synchronized void stop() {
        process.ifPresent(BrokerProcess::terminate);
        process = Optional.empty();
    }

    /// Starts the broker again after [#kill] or [#stop], with the same ports and data, and waits until it serves
    /// clients.
    ///
    /// @throws IllegalStateException if it is running or closed
    /// @throws UnavailableException if it does not start; the text ends with its log's last lines
    public synchronized void restart() {
        if (closed || process.isPresent()) {
            throw new IllegalStateException("The broker is " + (closed ? "closed" : "running") + ".");
        }
        BrokerProcess launched = BrokerProcess.launch(size.flags(), jar, directory.path(), log);
        process = Optional.of(launched);
        Optional<String> failure = launched.awaitReady(START_LIMIT);
        if (failure.isPresent()) {
            kill();
            throw new UnavailableException(
                    "KAFKA_BROKER_NOT_STARTED",
                    "The Kafka broker at " + bootstrapServers() + " did not start: " + failure.get()
                            + ". The last lines of its log say why:\n" + LogTail.of(log));
        }
    }

    /// Freezes the broker (SIGSTOP): connections stay open and nothing is answered, as when a machine hangs.
    ///
    /// @throws IllegalStateException if it is down or frozen already
    public synchronized void pause() {
        BrokerProcess running = running();
        if (running.isPaused()) {
            throw new IllegalStateException("The broker is frozen already.");
        }
        running.pause();
    }

    /// Lets a frozen broker go on (SIGCONT). One that is not frozen just runs on.
    ///
    /// @throws IllegalStateException if it is down
    public synchronized void resume() {
        running().resume();
    }

    /// Kills the broker and deletes its directory. Closing twice is fine.
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        shutDown();
        try {
            Runtime.getRuntime().removeShutdownHook(exitHook);
        } catch (IllegalStateException e) {
            // The JVM is going down already; the hook finds the broker closed.
            assert closed;
        }
    }

    private synchronized void closeAtExit() {
        if (!closed) {
            shutDown();
        }
    }

    private void shutDown() {
        closed = true;
        kill();
        directory.close();
    }

    private BrokerProcess running() {
        return process.orElseThrow(() -> new IllegalStateException("The broker is down."));
    }

    private void writeProperties(Map<String, String> settings) {
        int controllerPort = freePort();
        while (controllerPort == port) {
            controllerPort = freePort();
        }
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("process.roles", "broker,controller");
        properties.put("node.id", "1");
        properties.put("listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort);
        properties.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port);
        properties.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        properties.put("controller.listener.names", "CONTROLLER");
        properties.put("controller.quorum.bootstrap.servers", "127.0.0.1:" + controllerPort);
        properties.put("log.dirs", directory.path().resolve("data").toString());
        // A broker that was killed may register again only when its last session has run out.
        properties.put("broker.heartbeat.interval.ms", "500");
        properties.put("broker.session.timeout.ms", "2500");
        properties.put("auto.create.topics.enable", "false");
        properties.put("group.initial.rebalance.delay.ms", "0");
        properties.put("offsets.topic.num.partitions", "1");
        properties.put("offsets.topic.replication.factor", "1");
        properties.put("transaction.state.log.num.partitions", "1");
        properties.put("transaction.state.log.replication.factor", "1");
        properties.put("transaction.state.log.min.isr", "1");
        properties.put("num.network.threads", "2");
        properties.put("num.io.threads", "2");
        properties.put("background.threads", "2");
        properties.put("log.cleaner.dedupe.buffer.size", "8388608");
        properties.putAll(settings);
        List<String> lines = properties.entrySet().stream()
                .map(property -> property.getKey() + "=" + property.getValue().replace("\\", "\\\\"))
                .toList();
        try {
            Files.write(directory.path().resolve("server.properties"), lines);
        } catch (IOException e) {
            throw new UncheckedIOException("could not write the broker's properties", e);
        }
    }

    /// A free port below the range that operating systems hand out to clients. Of that range a client that tries to
    /// connect while the broker is away could be given the broker's port as its own, be connected with itself, and keep
    /// the broker from coming back.
    private static int freePort() {
        int lowest = 15_000;
        int highest = 32_000;
        IOException last = new IOException("none tried");
        for (int attempt = 0; attempt < 1_000; attempt++) {
            int candidate = ThreadLocalRandom.current().nextInt(lowest, highest);
            try (ServerSocket socket = new ServerSocket()) {
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), candidate));
                return candidate;
            } catch (IOException e) {
                last = e;
            }
        }
        throw new UncheckedIOException("no free port between " + lowest + " and " + highest, last);
    }

    /// Finds the broker's main jar.
    ///
    /// @param jars the directory that the user named, if any
    /// @param home the root of the source tree, if it is known
    /// @param workingDirectory it and its parents are tried as the root of the source tree
    static Path findJar(Optional<Path> jars, Optional<Path> home, Path workingDirectory) {
        List<Path> candidates = new ArrayList<>();
        jars.ifPresent(candidates::add);
        home.map(root -> root.resolve(MODULE_JARS)).ifPresent(candidates::add);
        for (Path parent = workingDirectory.toAbsolutePath().normalize(); parent != null; parent = parent.getParent()) {
            candidates.add(parent.resolve(MODULE_JARS));
        }
        return candidates.stream()
                .map(candidate -> candidate.resolve(JAR).toAbsolutePath())
                .filter(Files::isRegularFile)
                .findFirst()
                .orElseThrow(() -> new UnavailableException(
                        "KAFKA_BROKER_JARS_MISSING",
                        "The Kafka broker's jars were not found: there is no '" + JAR + "' in '"
                                + candidates.getFirst().toAbsolutePath()
                                + "'. Build them with 'mvn -pl integration-tests/kafka-broker process-classes', or name"
                                + " their directory with -Dheadrace.kafkaBroker=DIRECTORY."));
    }

    private static Optional<Path> pathProperty(String name) {
        return Optional.ofNullable(System.getProperty(name)).map(Path::of);
    }
}
