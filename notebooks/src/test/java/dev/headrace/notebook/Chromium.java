package dev.headrace.notebook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.headrace.machine.DebianPackages;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/// A page in a real Chromium without a window, told what to do by the DevTools protocol.
final class Chromium implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path PROGRAM = Path.of("/usr/bin/chromium");
    private static final Pattern LISTENING = Pattern.compile("DevTools listening on (\\S+)");
    private static final long PATIENCE_SECONDS = 330;
    private static final int TRIES = 20;

    private final Process process;
    private final HttpClient http;
    private final WebSocket page;
    private final Map<Integer, CompletableFuture<JsonNode>> answers;
    private final AtomicInteger ids = new AtomicInteger();

    private Chromium(
            Process process, HttpClient http, WebSocket page, Map<Integer, CompletableFuture<JsonNode>> answers) {
        this.process = process;
        this.http = http;
        this.page = page;
        this.answers = answers;
    }

    /// Opens a page, in a profile below the directory.
    static Chromium open(String address, Path directory) throws Exception {
        DebianPackages.require(PROGRAM, "chromium");
        Path profile = Files.createDirectories(directory.resolve("chromium"));
        ProcessBuilder builder = new ProcessBuilder(
                PROGRAM.toString(),
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--window-size=1200,2000",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank");
        builder.environment().put("HOME", directory.toString());
        builder.environment().put("TMPDIR", directory.toString());
        Process process = builder.redirectErrorStream(true).start();
        try {
            URI debugger = URI.create(PrintedLine.await(process, LISTENING).group(1));
            HttpClient http = HttpClient.newHttpClient();
            String target = "http://" + debugger.getAuthority() + "/json/new?" + address;
            HttpRequest request = HttpRequest.newBuilder(URI.create(target))
                    .PUT(HttpRequest.BodyPublishers.noBody())
                    .build();
            JsonNode opened = JSON.readTree(
                    http.send(request, HttpResponse.BodyHandlers.ofString()).body());
            Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
            WebSocket page = http.newWebSocketBuilder()
                    .buildAsync(URI.create(opened.path("webSocketDebuggerUrl").asText()), listener(answers))
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            return new Chromium(process, http, page, answers);
        } catch (Exception failed) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            throw failed;
        }
    }

    private static WebSocket.Listener listener(Map<Integer, CompletableFuture<JsonNode>> answers) {
        StringBuilder text = new StringBuilder();
        return new WebSocket.Listener() {
            @Override
            public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
                text.append(part);
                if (last) {
                    try {
                        JsonNode message = JSON.readTree(text.toString());
                        CompletableFuture<JsonNode> waiting =
                                answers.remove(message.path("id").asInt(-1));
                        if (waiting != null) {
                            waiting.complete(message);
                        }
                    } catch (IOException e) {
                        answers.values().forEach(answer -> answer.completeExceptionally(e));
                    }
                    text.setLength(0);
                }
                socket.request(1);
                return CompletableFuture.completedStage(null);
            }
        };
    }

    /// Waits until an expression of JavaScript is true in the page, and gives its value. The page itself tries it
    /// again, ten times a second.
    String await(String expression) throws InterruptedException, ExecutionException, TimeoutException {
        String promise = """
                new Promise((resolve, reject) => {
                    const begin = Date.now();
                    const look = () => {
                        let value = null;
                        try { value = (%s); } catch (absent) { value = null; }
                        if (value) { resolve(String(value)); }
                        else if (Date.now() - begin > 300000) {
                            reject(new Error("not within 300 s: " + document.body.innerText));
                        }
                        else { setTimeout(look, 100); }
                    };
                    look();
                })""".formatted(expression);
        ObjectNode parameters = JSON.createObjectNode()
                .put("expression", promise)
                .put("awaitPromise", true)
                .put("returnByValue", true);
        JsonNode answer = send("Runtime.evaluate", parameters);
        for (int tries = 1; tries < TRIES && isLost(answer); tries++) {
            answer = send("Runtime.evaluate", parameters);
        }
        JsonNode failed = answer.path("result").path("exceptionDetails");
        if (answer.has("error") || !failed.isMissingNode()) {
            throw new AssertionError(expression + ": " + answer);
        }
        return answer.path("result").path("result").path("value").asText();
    }

    /// A page that goes to another address, or is loaded, loses its promises.
    private static boolean isLost(JsonNode answer) {
        return answer.has("error")
                || answer.path("result").has("exceptionDetails")
                        && !answer.toString().contains("not within");
    }

    private JsonNode send(String method, ObjectNode parameters)
            throws InterruptedException, ExecutionException, TimeoutException {
        int id = ids.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        answers.put(id, answer);
        ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
        message.set("params", parameters);
        page.sendText(message.toString(), true).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        page.abort();
        http.shutdownNow();
        List<ProcessHandle> all = process.descendants().toList();
        process.destroyForcibly();
        all.forEach(ProcessHandle::destroyForcibly);
        process.onExit().join();
    }
}
