package dev.headrace.leakcheck;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// The platform threads that Headrace and the clients it uses have started.
final class OurThreads {
    private static final List<String> PREFIXES = List.of("headrace-", "kafka-admin-client", "kafka-producer-network");

    private OurThreads() {}

    static Set<Thread> running() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .filter(thread -> PREFIXES.stream().anyMatch(thread.getName()::startsWith))
                .collect(Collectors.toSet());
    }
}
