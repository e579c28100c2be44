package dev.headrace.engine;

import dev.headrace.errors.QueryException;
import dev.headrace.errors.Suggestion;
import dev.headrace.state.StateBackend;
import java.util.List;
import java.util.Map;

/// The state backends by name.
final class StateBackends {
    static final String OPTION = "headrace.state.backend";
    private static final List<String> NAMES = List.of("memory");

    private StateBackends() {}

    /// The backend that the configuration asks for, `memory` by default.
    ///
    /// @throws QueryException `UNKNOWN_STATE_BACKEND`
    static StateBackend of(Map<String, String> conf) {
        String name = conf.getOrDefault(OPTION, "memory");
        return switch (name) {
            case "memory" -> new dev.headrace.state.memory.MemoryStateBackend();
            default ->
                throw new QueryException(
                        "UNKNOWN_STATE_BACKEND",
                        "'" + OPTION + "' is '" + name + "'. " + Suggestion.didYouMean(name, NAMES) + " Backends: "
                                + String.join(", ", NAMES) + ".");
        };
    }
}
