package dev.headrace.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/// A process that talks like the demo's engine.
final class FakeEngine {

    private FakeEngine() {}

    /// @param args `fails` to end with status 7, `babbles` to report what is no progress, or nothing
    public static void main(String[] args) throws IOException {
        System.err.println("the engine's log");
        System.out.println(EngineEvent.Started.LINE);
        String behaviour = args.length == 0 ? "" : args[0];
        if (behaviour.equals("fails")) {
            System.exit(7);
        }
        if (behaviour.equals("babbles")) {
            System.out.println(EngineEvent.Progressed.START + "{");
        }
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        if (EngineProcess.FINISH.equals(commands.readLine())) {
            System.out.println("a line of a table");
            System.out.println(EngineEvent.Finished.LINE);
        }
    }
}
