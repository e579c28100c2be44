package dev.headrace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headrace.errors.HeadraceException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/// A session in which a test runs statements.
abstract class SqlSession {
    final Session session = Session.builder()
            .master("local[2]")
            .config("spark.sql.session.timeZone", "UTC")
            .create();

    @AfterEach
    void nothingLeaks() {
        session.close();
    }

    final void run(String... statements) {
        for (String statement : statements) {
            session.sql(statement);
        }
    }

    final List<String> rows(String query) {
        return session.sql(query).collectAsList().stream().map(Row::toString).toList();
    }

    /// The only row.
    final String row(String query) {
        List<String> rows = rows(query);
        assertEquals(1, rows.size());
        return rows.getFirst();
    }

    /// What a statement fails with.
    final String code(String statement) {
        return assertThrows(
                        HeadraceException.class, () -> session.sql(statement).collectAsList())
                .code();
    }
}
