package dev.headrace.kafkabroker;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import kafka.Kafka;
import kafka.tools.StorageTool;

/// Runs one Kafka broker (KRaft, combined mode) in this process and ends when the process that started it is gone.
///
/// Formatting the storage and running the broker in one JVM saves the start of a second one. Standard input is a
/// pipe whose other end the starting process holds open and never writes to: the operating system closes it
/// however that process ends, so the end of standard input means that nobody is left who could stop this broker.
public final class BrokerMain {
    private static final String CLUSTER_ID = "aGVhZHJhY2UtYnJva2Vy";

    private BrokerMain() {}

    /// @param args the directory that holds `server.properties` and `data`; it is deleted if the starting process dies
    public static void main(String[] args) throws Exception {
        Path directory = Path.of(args[0]);
        String properties = directory.resolve("server.properties").toString();
        Thread.ofPlatform().daemon().name("parent-watch").start(() -> endWithParent(directory));
        if (Files.notExists(directory.resolve("data").resolve("meta.properties"))) {
            String[] format = {"format", "--standalone", "--cluster-id", CLUSTER_ID, "--config", properties};
            int exitStatus = StorageTool.execute(format, System.out);
            if (exitStatus != 0) {
                System.exit(exitStatus);
            }
        }
        Kafka.main(new String[] {properties});
    }

    private static void endWithParent(Path directory) {
        try {
            while (System.in.read() >= 0) {
                // Nothing is ever sent; only the end of the stream matters.
            }
        } catch (IOException e) {
            System.err.println("standard input failed, ending as if the starting process were gone: " + e);
        }
        // The broker still writes, so files can appear while the tree is being deleted: leftovers are only litter.
        try (Stream<Path> tree = Files.walk(directory)) {
            List<File> files =
                    tree.sorted(Comparator.reverseOrder()).map(Path::toFile).toList();
            files.forEach(File::delete);
        } catch (IOException | RuntimeException e) {
            System.err.println("could not delete " + directory + ": " + e);
        } finally {
            Runtime.getRuntime().halt(1);
        }
    }
}
