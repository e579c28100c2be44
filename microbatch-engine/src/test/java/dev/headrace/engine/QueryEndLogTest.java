package dev.headrace.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headrace.errors.QueryException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

/// What is logged when a query ends by itself.
class QueryEndLogTest {
    private final List<String> logged = new ArrayList<>();
    private final Logger log = (Logger) Proxy.newProxyInstance(
            Logger.class.getClassLoader(), new Class<?>[] {Logger.class}, (_, method, arguments) -> {
                logged.add(method.getName() + " " + Arrays.toString(arguments));
                return null;
            });

    @Test
    void anErrorIsLoggedWithItsStack() {
        RunningQuery.logEnd(log, "orders", new IllegalStateException("broken"), Optional.empty());
        assertEquals(
                List.of("error [query {} ended by an error, orders, java.lang.IllegalStateException: broken]"), logged);
    }

    @Test
    void aPlannedCrashIsNoError() {
        RunningQuery.logEnd(log, "orders", new FaultPoint.InjectedFault("after COMMIT of batch 3"), Optional.empty());
        assertEquals(
                List.of("info [query {} has ended, as planned: {}, orders,"
                        + " the query was told to fail after COMMIT of batch 3]"),
                logged);
    }

    @Test
    void anErrorThatATestExpectsIsNone() {
        Optional<String> expected = Optional.of("CAST_INVALID_INPUT");
        RunningQuery.logEnd(log, "orders", new QueryException("CAST_INVALID_INPUT", "'x' is no int."), expected);
        RunningQuery.logEnd(log, "orders", new QueryException("DIVIDE_BY_ZERO", "Division by zero."), expected);
        assertEquals(
                List.of(
                        "info [query {} has ended by an error, as expected: {}, orders, [CAST_INVALID_INPUT] 'x' is no int.]",
                        "error [query {} ended by an error, orders, dev.headrace.errors.QueryException: [DIVIDE_BY_ZERO]"
                                + " Division by zero.]"),
                logged);
    }
}
