package dev.headrace.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class LiveScreenTest {
    private static final long SECOND = 1_000_000_000L;
    private static final String HIDE = "\u001b[?25l";
    private static final String SHOW = "\u001b[?25h";

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Test
    void onATerminalTheViewIsDrawnOverItself() {
        LiveScreen screen = screen(true);
        screen.show(List.of("one", "two"), 0);
        screen.show(List.of("three", "four"), 0);
        assertEquals(
                HIDE + "one\u001b[K\ntwo\u001b[K\n" + SHOW + HIDE + "\u001b[2Fthree\u001b[K\nfour\u001b[K\n" + SHOW,
                printed());
    }

    @Test
    void aMessagePushesTheViewDown() {
        LiveScreen screen = screen(true);
        screen.show(List.of("one"), 0);
        screen.say("message");
        screen.show(List.of("two"), 0);
        assertEquals(
                HIDE + "one\u001b[K\n" + SHOW + "\u001b[1F\u001b[J" + "message\n" + HIDE + "two\u001b[K\n" + SHOW,
                printed());
    }

    @Test
    void aLineOfTheViewNeverWraps() {
        screen(true).show(List.of("0123456789abc"), 0);
        assertEquals(HIDE + "012345678\u001b[K\n" + SHOW, printed());
    }

    @Test
    void elsewhereTheViewIsPrintedEveryTenSeconds() {
        LiveScreen screen = screen(false);
        for (int second = 0; second <= 21; second++) {
            screen.show(List.of("at " + second), second * SECOND);
        }
        screen.say("message");
        assertEquals("  at 10\n  at 20\nmessage\n", printed());
    }

    private LiveScreen screen(boolean terminal) {
        return new LiveScreen(new PrintStream(bytes, true, StandardCharsets.UTF_8), terminal, 10, 0);
    }

    private String printed() {
        return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }
}
