package dev.headrace.notebook;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.rapaio.jupyter.kernel.core.ConnectionProperties;
import org.rapaio.jupyter.kernel.core.Transform;
import org.rapaio.jupyter.kernel.message.HMACDigest;
import org.rapaio.org.zeromq.SocketType;
import org.rapaio.org.zeromq.ZContext;
import org.rapaio.org.zeromq.ZMQ;

/// A kernel that gets a few cells from itself and ends, so that the JVM can keep the classes and profiles of its start
/// in a cache. The installation runs it once; see decision 150.
public final class KernelTraining {
    private static final int PATIENCE_MILLIS = 120_000;
    private static final List<String> CELLS = List.of(
            "session.range(3)",
            "int one = 1; System.out.println(one);",
            "DataFrame few = session.range(10).groupBy(col(\"id\").mod(3).as(\"rest\")).count().orderBy(\"rest\");\nfew",
            "%%sql\nSELECT 'a' AS letter, sum(id) AS total FROM range(9) WHERE id > 1",
            "plot(few).bar(\"rest\", \"count\")",
            "few.select(\"nothing\")");

    private final ZMQ.Socket shell;
    private final ZMQ.Socket control;
    private final HMACDigest signatures;

    private KernelTraining(ZContext context, ConnectionProperties properties) throws GeneralSecurityException {
        shell = socket(context, properties.formatAddress(properties.shellPort()));
        control = socket(context, properties.formatAddress(properties.controlPort()));
        signatures = properties.createHMACDigest();
    }

    /// Ends the process with code 0 if all went well, else with 1.
    public static void main(String[] args) throws IOException, GeneralSecurityException, InterruptedException {
        ConnectionProperties properties = properties();
        Path file = Files.createTempFile("headrace-kernel", ".json");
        Files.writeString(file, Transform.toJson(properties));
        file.toFile().deleteOnExit();
        Thread.ofPlatform().daemon().name("training").start(() -> {
            try (ZContext context = new ZContext()) {
                new KernelTraining(context, properties).run();
            } catch (GeneralSecurityException | RuntimeException failed) {
                failed.printStackTrace();
                Runtime.getRuntime().halt(1);
            }
        });
        KernelMain.main(new String[] {file.toString()});
    }

    private void run() {
        ask(shell, "kernel_info_request", Map.of());
        for (String cell : CELLS) {
            ask(
                    shell,
                    "execute_request",
                    Map.of("code", cell, "silent", false, "store_history", true, "allow_stdin", false));
        }
        ask(shell, "complete_request", Map.of("code", "session.ra", "cursor_pos", 10));
        ask(control, "shutdown_request", Map.of("restart", false));
    }

    /// Waits for the answer.
    private void ask(ZMQ.Socket socket, String type, Map<String, Object> content) {
        Map<String, Object> header = Map.of(
                "msg_id", UUID.randomUUID().toString(),
                "username", "training",
                "session", "training",
                "date", "2026-01-01T00:00:00.000000Z",
                "msg_type", type,
                "version", "5.3");
        List<byte[]> parts = new ArrayList<>();
        for (Map<String, Object> part : List.of(header, Map.<String, Object>of(), Map.<String, Object>of(), content)) {
            parts.add(Transform.toJson(part).getBytes(StandardCharsets.UTF_8));
        }
        socket.sendMore("<IDS|MSG>");
        socket.sendMore(signatures.computeSignature(parts.toArray(byte[][]::new)));
        for (int i = 0; i < parts.size() - 1; i++) {
            socket.sendMore(parts.get(i));
        }
        socket.send(parts.getLast());
        do {
            if (socket.recv() == null) {
                throw new IllegalStateException("no answer to a " + type + " within "
                        + TimeUnit.MILLISECONDS.toSeconds(PATIENCE_MILLIS) + " s");
            }
        } while (socket.hasReceiveMore());
    }

    private static ZMQ.Socket socket(ZContext context, String address) {
        ZMQ.Socket socket = context.createSocket(SocketType.DEALER);
        socket.setReceiveTimeOut(PATIENCE_MILLIS);
        socket.connect(address);
        return socket;
    }

    private static ConnectionProperties properties() throws IOException {
        int[] ports = new int[5];
        List<ServerSocket> taken = new ArrayList<>();
        try {
            for (int i = 0; i < ports.length; i++) {
                ServerSocket one = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                taken.add(one);
                ports[i] = one.getLocalPort();
            }
        } finally {
            for (ServerSocket one : taken) {
                one.close();
            }
        }
        return new ConnectionProperties(
                ports[0],
                ports[1],
                "tcp",
                "hmac-sha256",
                ports[2],
                ports[3],
                "127.0.0.1",
                ports[4],
                UUID.randomUUID().toString());
    }
}
