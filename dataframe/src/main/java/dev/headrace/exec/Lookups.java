package dev.headrace.exec;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.cancellation.QueryCancelledException;
import dev.headrace.errors.HeadraceException;
import dev.headrace.errors.QueryException;
import dev.headrace.errors.UnavailableException;
import dev.headrace.plan.LookupCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Asks a source for the rows of keys: several keys in a call, several calls at a time, each key once while it is
/// remembered. Lives as long as the query. Thread-safe.
final class Lookups {
    private static final long CHECK_MILLIS = 50;

    private final LookupCall call;
    private final Semaphore running;
    private final LinkedHashMap<List<@Nullable Object>, Entry> known = new LinkedHashMap<>(16, 0.75f, true);

    /// @param asked the clock of the batch that asked
    private record Entry(CompletableFuture<Answer> answer, long asked) {}

    /// What has become of a key.
    private sealed interface Answer {
        /// @param rows as key and values
        record Rows(List<List<@Nullable Object>> rows) implements Answer {}

        record Failed(Throwable cause) implements Answer {}
    }

    Lookups(LookupCall call) {
        this.call = call;
        this.running = new Semaphore(call.care().concurrency());
    }

    /// The rows of the keys, as key and values. A key whose lookup has failed has one row of nulls, unless failing is
    /// what is wanted, or the answer was wrong.
    ///
    /// @throws QueryException `LOOKUP_FAILED`. It ends a stream, which would run its batch again and again for an
    ///     [UnavailableException]: the lookup has its own number of tries.
    /// @throws HeadraceException what is wrong with the answers, such as `INVALID_ROW_VALUE`
    List<List<@Nullable Object>> answers(Set<List<@Nullable Object>> keys, RunContext run) {
        Map<List<@Nullable Object>, CompletableFuture<Answer>> wanted = new LinkedHashMap<>();
        Map<List<@Nullable Object>, CompletableFuture<Answer>> unknown = new LinkedHashMap<>();
        long now = run.evaluation().batchTimestampMicros();
        synchronized (known) {
            for (List<@Nullable Object> key : keys) {
                Entry entry = known.get(key);
                if (entry == null
                        || now - entry.asked()
                                > TimeUnit.MILLISECONDS.toMicros(
                                        call.care().timeToLive().toMillis())) {
                    entry = new Entry(new CompletableFuture<>(), now);
                    known.put(key, entry);
                    unknown.put(key, entry.answer());
                }
                wanted.put(key, entry.answer());
            }
            forgetEldest();
        }
        ask(unknown);
        run.counters().add("lookupKeys", keys.size());
        run.counters().add("lookupKeysAsked", unknown.size());
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (Map.Entry<List<@Nullable Object>, CompletableFuture<Answer>> asked : wanted.entrySet()) {
            Answer answer = await(asked.getValue(), run);
            if (answer instanceof Answer.Failed) {
                // Perhaps because the query is to stop.
                run.checkCancelled();
            }
            addRows(asked.getKey(), answer, rows);
        }
        return rows;
    }

    private void forgetEldest() {
        Iterator<Map.Entry<List<@Nullable Object>, Entry>> eldest =
                known.entrySet().iterator();
        while (known.size() > call.care().cachedKeys()) {
            eldest.next();
            eldest.remove();
        }
    }

    private void addRows(List<@Nullable Object> key, Answer answer, List<List<@Nullable Object>> rows) {
        switch (answer) {
            case Answer.Rows(List<List<@Nullable Object>> found) -> rows.addAll(found);
            case Answer.Failed(Throwable cause)
                    when call.care().failure() == LookupCall.Failure.FAIL || isMistake(cause) -> throw failed(key, cause);
            case Answer.Failed _ -> {
                List<@Nullable Object> row = new ArrayList<>(key);
                call.values().forEach(_ -> row.add(null));
                rows.add(row);
            }
        }
    }

    private RuntimeException failed(List<@Nullable Object> key, Throwable cause) {
        if (isMistake(cause)) {
            return (HeadraceException) cause;
        }
        String reason = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        return new QueryException(
                "LOOKUP_FAILED",
                "The lookup '" + call.name() + "' has failed for the key '" + key + "'"
                        + (call.care().retries() == 0 ? "" : ", also when tried again") + ": " + reason
                        + ". A stream that is started again asks again; onFailure(NULLS) gives such rows nulls.",
                cause);
    }

    /// Whether asking again would fail in the same way.
    private static boolean isMistake(@Nullable Throwable failed) {
        return failed instanceof HeadraceException && !(failed instanceof UnavailableException);
    }

    private static Answer await(CompletableFuture<Answer> answer, RunContext run) {
        while (true) {
            try {
                return answer.get(CHECK_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException notYet) {
                run.checkCancelled();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new QueryCancelledException();
            } catch (ExecutionException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }

    private void ask(Map<List<@Nullable Object>, CompletableFuture<Answer>> unknown) {
        Cancellation query = Cancellation.ofThread();
        List<List<@Nullable Object>> keys = List.copyOf(unknown.keySet());
        for (int from = 0; from < keys.size(); from += call.care().batchKeys()) {
            List<List<@Nullable Object>> part =
                    keys.subList(from, Math.min(keys.size(), from + call.care().batchKeys()));
            Thread.ofVirtual()
                    .name("headrace-lookup")
                    .start(() -> query.<@Nullable Void>within(() -> {
                        answer(part, unknown);
                        return null;
                    }));
        }
    }

    /// Completes the answers of some keys, whatever happens.
    private void answer(
            List<List<@Nullable Object>> keys, Map<List<@Nullable Object>, CompletableFuture<Answer>> answers) {
        try {
            Map<List<@Nullable Object>, List<List<@Nullable Object>>> found = new HashMap<>();
            for (List<@Nullable Object> row : asked(keys)) {
                List<@Nullable Object> key = new ArrayList<>();
                select(row, call.keys()).forEach(cell -> key.add(keyCell(cell)));
                found.computeIfAbsent(key, _ -> new ArrayList<>()).add(select(row, call.values()));
            }
            for (List<@Nullable Object> key : keys) {
                List<List<@Nullable Object>> rows = new ArrayList<>();
                for (List<@Nullable Object> values : found.getOrDefault(key, List.of())) {
                    List<@Nullable Object> ordered = new ArrayList<>(key);
                    ordered.addAll(values);
                    rows.add(ordered);
                }
                complete(answers, key, new Answer.Rows(rows));
            }
        } catch (Throwable failed) {
            synchronized (known) {
                keys.forEach(known::remove);
            }
            for (List<@Nullable Object> key : keys) {
                complete(answers, key, new Answer.Failed(failed));
            }
        }
    }

    /// A value of a key, such that those are equal that join: zeros are, whatever their sign.
    static @Nullable Object keyCell(@Nullable Object cell) {
        return switch (cell) {
            case Double number -> number + 0.0;
            case Float number -> number + 0.0f;
            case null -> null;
            default -> cell;
        };
    }

    private static void complete(
            Map<List<@Nullable Object>, CompletableFuture<Answer>> answers, List<@Nullable Object> key, Answer answer) {
        CompletableFuture<Answer> waiting = answers.get(key);
        if (waiting != null) {
            waiting.complete(answer);
        }
    }

    private static List<@Nullable Object> select(List<@Nullable Object> row, List<Integer> ordinals) {
        List<@Nullable Object> selected = new ArrayList<>(ordinals.size());
        ordinals.forEach(ordinal -> selected.add(row.get(ordinal)));
        return selected;
    }

    private List<List<@Nullable Object>> asked(List<List<@Nullable Object>> keys) throws Throwable {
        int left = call.care().retries();
        while (true) {
            try {
                return askedOnce(keys);
            } catch (ExecutionException | TimeoutException failed) {
                if (left-- == 0 || isMistake(failed.getCause())) {
                    throw failed instanceof ExecutionException && failed.getCause() != null
                            ? failed.getCause()
                            : failed;
                }
                pause(call.care().pause());
            }
        }
    }

    private List<List<@Nullable Object>> askedOnce(List<List<@Nullable Object>> keys) throws Exception {
        running.acquire();
        try {
            Cancellation attempt = new Cancellation();
            FutureTask<List<List<@Nullable Object>>> task =
                    new FutureTask<>(() -> call.source().rows(keys));
            Runnable stop = () -> {
                attempt.cancel();
                task.cancel(true);
            };
            try {
                return Cancellation.call(
                        () -> {
                            // Only here: of a query that is to stop, nothing is asked any more.
                            // On a virtual thread, whose reads of a socket end when it is interrupted.
                            Thread.ofVirtual()
                                    .name("headrace-lookup-call")
                                    .start(() -> attempt.<@Nullable Void>within(() -> {
                                        task.run();
                                        return null;
                                    }));
                            return task.get(call.care().timeout().toMillis(), TimeUnit.MILLISECONDS);
                        },
                        stop);
            } catch (TimeoutException late) {
                throw new TimeoutException(
                        "no answer within " + call.care().timeout().toMillis() + " ms");
            } finally {
                stop.run();
            }
        } finally {
            running.release();
        }
    }

    /// Needs no other thread, as one of the common pool, on whose only one the program may wait for this query.
    private static void pause(Duration time) throws InterruptedException {
        Thread.sleep(time);
    }
}
