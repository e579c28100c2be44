package dev.headrace.s3server;

import com.adobe.testing.s3mock.S3MockApplication;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/// Serves the bucket `tables` on a port of its choice, which it prints, until standard input ends.
public final class S3Main {
    private S3Main() {}

    @SuppressWarnings("removal") // there is no other way yet to learn the port
    public static void main(String[] args) throws IOException {
        PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        System.setOut(System.err);
        // The server's own choice of a log is not on its class path here.
        System.setProperty("org.springframework.boot.logging.LoggingSystem", "none");
        S3MockApplication server = S3MockApplication.start(new HashMap<>(Map.of(
                S3MockApplication.PROP_HTTP_PORT,
                S3MockApplication.RANDOM_PORT,
                S3MockApplication.PROP_HTTPS_PORT,
                S3MockApplication.RANDOM_PORT,
                S3MockApplication.PROP_INITIAL_BUCKETS,
                "tables",
                S3MockApplication.PROP_SILENT,
                true)));
        answers.println("port " + server.getHttpPort());
        while (System.in.read() >= 0) {
            // Nothing is said: only the end counts.
        }
        Runtime.getRuntime().halt(0);
    }
}
