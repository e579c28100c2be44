package dev.headrace.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.cdc.Postgres;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The server of `headrace demo cdc`.
class PostgresServerIT {
    @Test
    void itEndsAlthoughItsTerminalWasClosed() throws Exception {
        Postgres.ensureInstalled();
        List<ProcessHandle> all;
        try (PostgresServer server =
                PostgresServer.start(PostgresServer.installed().orElseThrow())) {
            assertEquals(List.of("1"), server.sql("select 1"));
            ProcessHandle postmaster = ProcessHandle.of(server.pid()).orElseThrow();
            all = Stream.concat(Stream.of(postmaster), postmaster.descendants()).toList();
            assertTrue(all.size() > 3, "the server, its processes, and what waits beside it");

            signal("HUP", all);
            assertEquals(List.of("1"), server.sql("select 1"));
        }
        for (ProcessHandle process : all) {
            process.onExit().get(60, TimeUnit.SECONDS);
        }
    }

    /// As a terminal does it that is closed. Some of them may have ended by themselves.
    private static void signal(String name, List<ProcessHandle> processes) throws Exception {
        List<String> command = new ArrayList<>(List.of("kill", "-" + name));
        processes.forEach(process -> command.add(Long.toString(process.pid())));
        new ProcessBuilder(command).inheritIO().start().waitFor();
    }
}
