package dev.headrace.engine.source;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.ChunkBuilder;
import dev.headrace.chunk.Slice;
import dev.headrace.connector.ChunkReader;
import dev.headrace.connector.ReadLimit;
import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.ScanRequest.ScanColumn;
import dev.headrace.connector.Split;
import dev.headrace.connector.StreamingSource;
import dev.headrace.errors.DataException;
import dev.headrace.errors.UnavailableException;
import dev.headrace.exec.MemorySplit;
import dev.headrace.types.StructType;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Gives the lines that a server sends, which a thread of its own receives. An offset is the number of lines before it;
/// a line's time is when the trigger loop saw it first.
final class SocketSource implements StreamingSource {
    private static final Logger LOG = LoggerFactory.getLogger(SocketSource.class);

    private record Line(String text, long millis) {}

    private final String host;
    private final int port;
    private final StructType schema;
    private final ScanRequest request;
    private final LinkedBlockingQueue<String> received = new LinkedBlockingQueue<>();
    private final List<Line> lines = new ArrayList<>();
    /// The number of the first of the lines; negative before it is known.
    private long first = -1;

    private @Nullable Socket socket;

    SocketSource(String host, int port, StructType schema, ScanRequest request) {
        this.host = host;
        this.port = port;
        this.schema = schema;
        this.request = request;
    }

    @Override
    public String initialOffset() {
        return "0";
    }

    /// @throws UnavailableException `SOCKET_UNREACHABLE` if no server listens
    @Override
    public String latestOffset(String start, ReadLimit limit, long batchTimestampMillis) {
        if (first < 0) {
            first = NumberedRows.offset(start);
        }
        if (socket == null) {
            socket = connect();
        }
        List<String> arrived = new ArrayList<>();
        received.drainTo(arrived);
        arrived.forEach(text -> lines.add(new Line(text, batchTimestampMillis)));
        long latest = first + lines.size();
        return Long.toString(
                limit instanceof ReadLimit.UpTo(String end, long _)
                        ? Math.min(latest, NumberedRows.offset(end))
                        : latest);
    }

    private Socket connect() {
        try {
            Socket connected = new Socket(host, port);
            Thread.ofVirtual().name("socket " + host + ":" + port).start(() -> receive(connected));
            return connected;
        } catch (IOException refused) {
            throw new UnavailableException(
                    "SOCKET_UNREACHABLE",
                    "Nothing answers at " + host + ":" + port + " (" + refused.getMessage()
                            + "). Start the server first, for instance with: nc -lk " + port,
                    refused);
        }
    }

    private void receive(Socket connected) {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(connected.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                received.add(line);
            }
            LOG.warn("{}:{} has closed the connection: no more lines will come", host, port);
        } catch (IOException closed) {
            LOG.warn("the connection to {}:{} is closed: {}", host, port, closed.getMessage());
        }
    }

    @Override
    public List<Split> plan(String start, String end) {
        long from = NumberedRows.offset(start);
        long to = NumberedRows.offset(end);
        if (first < 0 || from < first || to > first + lines.size()) {
            throw new DataException(
                    "SOCKET_LINES_LOST",
                    "Lines " + from + " to " + (to - 1) + " of " + host + ":" + port
                            + " were received before the query was restarted, and are lost: a socket can't send them "
                            + "again. Start with a new checkpoint, or use a source that keeps its rows, such as Kafka.");
        }
        List<Line> asked = List.copyOf(lines.subList((int) (from - first), (int) (to - first)));
        return List.of(allocator -> read(asked, allocator));
    }

    private ChunkReader read(List<Line> asked, BufferAllocator allocator) {
        int[] ordinals = request.columns().stream()
                .mapToInt(column -> ((ScanColumn.Stored) column).ordinal())
                .toArray();
        List<Chunk> chunks = new ArrayList<>();
        try (ChunkBuilder builder = new ChunkBuilder(schema, allocator)) {
            for (Line line : asked) {
                List<@Nullable Object> row = new ArrayList<>();
                row.add(Slice.of(line.text().getBytes(StandardCharsets.UTF_8)));
                if (schema.size() > 1) {
                    row.add(line.millis() * 1000);
                }
                builder.add(row);
            }
            try (Chunk all = builder.build()) {
                chunks.add(all.select(ordinals));
            }
        }
        return new MemorySplit(chunks).open(allocator);
    }

    @Override
    public void commit(String end) {
        int done = (int) (NumberedRows.offset(end) - first);
        if (first >= 0 && done > 0) {
            lines.subList(0, done).clear();
            first += done;
        }
    }

    @Override
    public long rowCount(String start, String end) {
        return NumberedRows.offset(end) - NumberedRows.offset(start);
    }

    @Override
    public void close() {
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException failed) {
                throw new UnavailableException(
                        "SOCKET_UNREACHABLE", "the connection to " + host + ":" + port + " can't be closed", failed);
            }
        }
    }
}
