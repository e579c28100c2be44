package dev.headrace.engine.log;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// The process and run that drives a query. It signs what it writes, so that whoever loses a race can name the winner.
///
/// @param run the run
/// @param host the name of the machine
/// @param pid the process on that machine
/// @param since when the run began
public record Driver(RunId run, String host, long pid, Instant since) {

    private static final Path LINUX_HOST_NAME = Path.of("/proc/sys/kernel/hostname");

    /// The driver that this process is.
    public static Driver ofThisProcess(RunId run, Instant since) {
        return new Driver(run, hostName(), ProcessHandle.current().pid(), since);
    }

    /// For people: `host 'vm1', pid 4711, run 1f0c…, since 2026-11-20T10:00:00Z`.
    @Override
    public String toString() {
        return "host '" + host + "', pid " + pid + ", run " + run + ", since " + since;
    }

    void writeTo(ObjectNode json) {
        json.put("runId", run.toString());
        json.put("host", host);
        json.put("pid", pid);
        json.put("since", since.toString());
    }

    /// Empty when `json` does not name a driver, for instance because Spark has written it.
    static Optional<Driver> readFrom(JsonNode json) {
        if (!json.path("pid").canConvertToLong()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Driver(
                    new RunId(UUID.fromString(json.path("runId").asText())),
                    json.path("host").asText(),
                    json.path("pid").asLong(),
                    Instant.parse(json.path("since").asText())));
        } catch (IllegalArgumentException | DateTimeException notADriver) {
            return Optional.empty();
        }
    }

    byte[] toBytes() {
        ObjectNode json = Json.object();
        writeTo(json);
        return Json.text(json).getBytes(StandardCharsets.UTF_8);
    }

    static Optional<Driver> fromBytes(byte[] bytes) {
        return Json.parseObject(new String(bytes, StandardCharsets.UTF_8)).flatMap(Driver::readFrom);
    }

    /// Asks the kernel first: a look-up through the resolver can take seconds when the network's names are broken.
    private static String hostName() {
        try {
            if (Files.isReadable(LINUX_HOST_NAME)) {
                return Files.readString(LINUX_HOST_NAME).strip();
            }
            return InetAddress.getLocalHost().getHostName();
        } catch (IOException unknown) {
            return "unknown";
        }
    }
}
