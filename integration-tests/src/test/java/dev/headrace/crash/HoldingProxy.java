package dev.headrace.crash;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// Stands between a process and the broker, and holds one message of Kafka's protocol: what the process has sent is not
/// there yet, or what it waits for has not come, until somebody lets it go on.
///
/// Addresses of the broker in its answers become the proxy's, so that every connection comes through here.
public final class HoldingProxy implements AutoCloseable {
    /// A kind of message, by its number in the protocol.
    public enum Kind {
        PRODUCE(0),
        END_TXN(26),
        TXN_OFFSET_COMMIT(28);

        private final int key;

        Kind(int key) {
            this.key = key;
        }
    }

    /// The message to hold: the first of its kind after some transactions have ended.
    ///
    /// @param answer whether it is the broker's answer, and not the request
    public record Place(Kind kind, boolean answer, int ended) {}

    private static final byte[] HOST = "127.0.0.1".getBytes(StandardCharsets.US_ASCII);

    private final Place place;
    private final int brokerPort;
    private final ServerSocket server;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final AtomicInteger ended = new AtomicInteger();
    private final CompletableFuture<Void> held = new CompletableFuture<>();
    private final CompletableFuture<Void> released = new CompletableFuture<>();

    public HoldingProxy(String bootstrapServers, Place place) throws IOException {
        this.place = place;
        this.brokerPort = Integer.parseInt(bootstrapServers.substring(bootstrapServers.indexOf(':') + 1));
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    public String bootstrapServers() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    /// Is done when the message is held.
    public CompletableFuture<Void> held() {
        return held;
    }

    /// Lets the message go on.
    public void release() {
        released.complete(null);
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                Socket broker = new Socket(InetAddress.getLoopbackAddress(), brokerPort);
                client.setTcpNoDelay(true);
                broker.setTcpNoDelay(true);
                sockets.addAll(List.of(client, broker));
                // What has been asked, by the number that its answer will have.
                Map<Integer, Integer> asked = new ConcurrentHashMap<>();
                pump(client, broker, message -> request(message, asked));
                pump(broker, client, message -> answer(message, asked));
            }
        } catch (IOException closed) {
            held.cancel(false);
        }
    }

    private interface Passing {
        void pass(ByteBuffer message);
    }

    private void pump(Socket from, Socket to, Passing passing) {
        Thread.ofVirtual().start(() -> {
            try (from;
                    to) {
                DataInputStream in = new DataInputStream(from.getInputStream());
                DataOutputStream out = new DataOutputStream(to.getOutputStream());
                while (true) {
                    byte[] message = new byte[in.readInt()];
                    in.readFully(message);
                    passing.pass(ByteBuffer.wrap(message));
                    // One packet, as it came.
                    byte[] whole = ByteBuffer.allocate(4 + message.length)
                            .putInt(message.length)
                            .put(message)
                            .array();
                    out.write(whole);
                }
            } catch (IOException | CancellationException closed) {
                // The other side's end is closed with it.
                sockets.remove(from);
            }
        });
    }

    /// A request begins with its kind, its version and the number of its answer.
    private void request(ByteBuffer message, Map<Integer, Integer> asked) {
        int kind = message.getShort(0);
        asked.put(message.getInt(4), kind);
        if (!place.answer()) {
            hold(kind);
        }
    }

    private void answer(ByteBuffer message, Map<Integer, Integer> asked) {
        Integer kind = asked.remove(message.getInt(0));
        if (kind == null) {
            throw new UncheckedIOException(new IOException("an answer to nothing"));
        }
        if (place.answer()) {
            hold(kind);
        }
        if (kind == Kind.END_TXN.key) {
            ended.incrementAndGet();
        }
        readdress(message);
    }

    private void hold(int kind) {
        if (kind == place.kind().key && ended.get() >= place.ended() && held.complete(null)) {
            released.join();
        }
    }

    /// A broker's address is its host's name followed by the port.
    private void readdress(ByteBuffer message) {
        byte[] bytes = message.array();
        for (int at = 0; at + HOST.length + 4 <= bytes.length; at++) {
            if (bytes[at] == HOST[0]
                    && ByteBuffer.wrap(bytes, at, HOST.length).equals(ByteBuffer.wrap(HOST))
                    && message.getInt(at + HOST.length) == brokerPort) {
                message.putInt(at + HOST.length, server.getLocalPort());
            }
        }
    }

    /// Drops the message, if it is still held, and all connections.
    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
        released.cancel(false);
    }
}
