package dev.headrace.demo;

/// A line that the engine's process prints for the process that started it; all other lines are what its queries print.
sealed interface EngineEvent {
    /// What such a line starts with.
    String MARK = "@";

    /// All queries run.
    record Started() implements EngineEvent {
        static final String LINE = MARK + "started";
    }

    /// A query has ended a batch.
    record Progressed(QueryProgress progress) implements EngineEvent {
        static final String START = MARK + "progress ";
    }

    /// All queries have read everything and were stopped in good order.
    record Finished() implements EngineEvent {
        static final String LINE = MARK + "finished";
    }

    /// A line that a query has printed on the console.
    record Printed(String line) implements EngineEvent {}

    /// What a line of output means.
    static EngineEvent of(String line) {
        if (line.startsWith(Progressed.START)) {
            return new Progressed(QueryProgress.parse(line.substring(Progressed.START.length())));
        }
        return switch (line) {
            case Started.LINE -> new Started();
            case Finished.LINE -> new Finished();
            default -> new Printed(line);
        };
    }
}
