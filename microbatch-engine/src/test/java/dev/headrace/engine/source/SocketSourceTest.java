package dev.headrace.engine.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.Session;
import dev.headrace.connector.ReadLimit;
import dev.headrace.connector.ScanRequest;
import dev.headrace.errors.DataException;
import dev.headrace.errors.QueryException;
import dev.headrace.errors.UnavailableException;
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.types.StructType;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SocketSourceTest {
    @Test
    void linesOfAServerAreRows() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        CountDownLatch lines = new CountDownLatch(2);
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Session session = Session.builder().master("local[2]").getOrCreate()) {
            StreamingQuery query = session.readStream()
                    .format("socket")
                    .option("host", server.getInetAddress().getHostAddress())
                    .option("port", server.getLocalPort())
                    .option("includeTimestamp", true)
                    .load()
                    .selectExpr("value", "timestamp IS NOT NULL AS timed")
                    .writeStream()
                    .foreachBatch((batch, _) -> batch.collectAsList().forEach(row -> {
                        seen.add(row.getString(0) + " " + row.getBoolean(1));
                        lines.countDown();
                    }))
                    .start();
            try (Socket client = server.accept()) {
                client.getOutputStream().write("grün\nblau\n".getBytes(StandardCharsets.UTF_8));
                client.getOutputStream().flush();
                assertTrue(lines.await(300, TimeUnit.SECONDS));
            }
            query.stop();
        }
        assertEquals(List.of("grün true", "blau true"), seen);
    }

    @Test
    void linesThatAreLostAreNotPassedOver() {
        StructType schema = new StructType().add("value", "string");
        try (SocketSource source = new SocketSource("localhost", 1, schema, ScanRequest.all(schema))) {
            assertTrue(assertThrows(DataException.class, () -> source.plan("3", "5"))
                    .getMessage()
                    .startsWith("[SOCKET_LINES_LOST] Lines 3 to 4 of localhost:1 were received before"));
            assertTrue(assertThrows(
                            UnavailableException.class, () -> source.latestOffset("0", new ReadLimit.Configured(), 0))
                    .getMessage()
                    .startsWith("[SOCKET_UNREACHABLE] Nothing answers at localhost:1 ("));
        }
    }

    @Test
    void wrongOptionsAreRefused() {
        try (Session session = Session.builder().master("local[2]").getOrCreate()) {
            assertEquals(
                    "[MISSING_OPTION] format(\"socket\") needs the option 'port': a number of the server.",
                    assertThrows(
                                    QueryException.class,
                                    () -> session.readStream()
                                            .format("socket")
                                            .option("host", "localhost")
                                            .load())
                            .getMessage());
            assertEquals(
                    "[INVALID_OPTION] format(\"socket\") option 'port' is '99999': expected a number from 1 to 65535.",
                    assertThrows(
                                    QueryException.class,
                                    () -> session.readStream()
                                            .format("socket")
                                            .option("host", "localhost")
                                            .option("port", 99_999)
                                            .load())
                            .getMessage());
        }
    }
}
