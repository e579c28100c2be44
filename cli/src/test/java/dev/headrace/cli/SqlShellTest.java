package dev.headrace.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.Session;
import dev.headrace.errors.QueryException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.DumbTerminal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqlShellTest {
    @TempDir
    private Path folder;

    private final List<String> statements = new ArrayList<>();
    private final StringWriter err = new StringWriter();

    private void type(String keys) throws IOException {
        try (Session session = Session.builder().getOrCreate();
                Terminal terminal = new DumbTerminal(
                        new ByteArrayInputStream(keys.getBytes(StandardCharsets.UTF_8)), new ByteArrayOutputStream())) {
            new SqlShell(
                            session,
                            statement -> {
                                statements.add(statement.strip());
                                if (statement.strip().equals("SELECT cancelled")) {
                                    throw new QueryException("QUERY_CANCELLED", "by a key");
                                }
                                session.sql(statement);
                            },
                            new PrintWriter(err, true))
                    .run(terminal, folder.resolve("history"));
        }
    }

    @Test
    void aStatementGoesOnOverLinesUntilItsSemicolon() throws IOException {
        type("SELECT 1\n, 2;\nSELECT 'it''s'; SELECT 3;\nexit\nSELECT 4;\n");

        assertEquals(List.of("SELECT 1\n, 2", "SELECT 'it''s'", "SELECT 3"), statements);
    }

    @Test
    void aSemicolonInATextOrACommentEndsNoStatement() throws IOException {
        type("SELECT 1 -- one;\n, 'a;\nb', /* c;\n */ 2; -- two\n-- three\nSELECT 3;\n");

        assertEquals(List.of("SELECT 1 -- one;\n, 'a;\nb', /* c;\n */ 2", "SELECT 3"), statements);
    }

    @Test
    void aMistakeDoesNotEndIt() throws IOException {
        type("SELECT nothing;\nSELECT 2;\n");

        assertEquals(List.of("SELECT nothing", "SELECT 2"), statements);
        assertTrue(err.toString().startsWith("[UNRESOLVED_COLUMN] 'nothing' is not a column of ()."), err.toString());
    }

    @Test
    void theRestOfALineIsLeftOutWhenAStatementIsCancelled() throws IOException {
        type("SELECT 1; SELECT cancelled; SELECT 2;\nSELECT 3;\n");

        assertEquals(List.of("SELECT 1", "SELECT cancelled", "SELECT 3"), statements);
    }

    @Test
    void anInterruptOfAStatementThatHasNoQueryYetIsNotForgotten() throws InterruptedException {
        try (Session session = Session.builder().getOrCreate();
                Interrupts interrupts = Interrupts.cancelStatementOf(session)) {
            Thread key = Thread.ofPlatform().start(interrupts::cancel);

            QueryException failed = assertThrows(
                    QueryException.class,
                    () -> session.range(Long.MAX_VALUE / 4).filter("id < 0").count());

            assertEquals("QUERY_CANCELLED", failed.code());
            key.join();
        }
    }

    @Test
    void whatWasTypedIsKept() throws IOException {
        type("SELECT 1;\n");

        assertTrue(Files.readString(folder.resolve("history")).contains("SELECT 1;"));
    }
}
