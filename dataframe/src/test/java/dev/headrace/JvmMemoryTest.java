package dev.headrace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headrace.api.java.UDF1;
import dev.headrace.api.java.function.ForeachFunction;
import dev.headrace.errors.ResourceException;
import dev.headrace.exec.JvmMemory;
import dev.headrace.types.DataTypes;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A full Java heap is told as an error that says what to do, and nothing of the query is left.
class JvmMemoryTest {
    private static final String TEXT = "[OUT_OF_JVM_MEMORY] The JVM has no memory for another object ('Java heap"
            + " space'); its heap may have '" + Runtime.getRuntime().maxMemory()
            + "' bytes. There lie the rows that the program"
            + " collects, what its functions make, and collected lists, sets and maps; 'headrace.memory.limit' does not"
            + " count them. Start the JVM with more, such as -Xmx4g (the command headrace with"
            + " HEADRACE_JAVA_OPTS=-Xmx4g), collect fewer rows, or run fewer queries at once.";

    @TempDir
    Path directory;

    private final Session session = Session.builder().master("local[2]").create();

    @BeforeEach
    void rows() {
        session.sql("CREATE TEMP VIEW r AS SELECT id, concat('row ', id) AS name FROM range(0, 20000, 1, 4)");
        session.udf()
                .register(
                        "exhaust",
                        (UDF1<Long, Long>) id -> {
                            if (id == 17_000) {
                                throw new OutOfMemoryError("Java heap space");
                            }
                            return id;
                        },
                        DataTypes.LongType);
    }

    @AfterEach
    void close() {
        assertEquals(0, session.runtime().allocator().getAllocatedMemory());
        assertEquals(0, session.runtime().spill().openFiles());
        assertEquals(3, session.range(3).count());
        session.close();
    }

    private static void assertExhausted(Executable action) {
        ResourceException failed = assertThrows(ResourceException.class, action);
        assertEquals(TEXT, failed.getMessage());
        assertInstanceOf(OutOfMemoryError.class, failed.getCause());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT exhaust(id), name FROM r",
                "SELECT name, id FROM r WHERE exhaust(id) > 3",
                "SELECT id % 10, sum(exhaust(id)), collect_list(name) FROM r GROUP BY id % 10",
                "SELECT exhaust(m), n FROM (SELECT max(id) AS m, max(name) AS n FROM r GROUP BY id % 18000)",
                "SELECT DISTINCT exhaust(id), name FROM r",
                "SELECT exhaust(a.id), b.name FROM r a JOIN r b ON a.id = b.id",
                "SELECT a.name, b.name FROM r a JOIN (SELECT exhaust(id) AS id, name FROM r) b ON a.id = b.id",
                "SELECT a.name, b.name FROM r a LEFT JOIN r b ON a.id = b.id AND exhaust(a.id) + b.id > 0",
                "SELECT id, name FROM r ORDER BY exhaust(id) DESC, name",
                "SELECT exhaust(id), name FROM (SELECT id, name FROM r ORDER BY name LIMIT 19999)",
                "SELECT name, row_number() OVER (PARTITION BY exhaust(id) ORDER BY name) FROM r",
                "SELECT name, max(exhaust(id)) FILTER (WHERE id > 5) OVER (PARTITION BY id % 3) FROM r",
                "SELECT name, exhaust(id + e) FROM r LATERAL VIEW explode(array(0, 1)) t AS e",
                "SELECT id, name FROM r UNION ALL SELECT exhaust(id), name FROM r"
            })
    void ofAnyOperator(String sql) {
        assertExhausted(() -> session.sql(sql).collectAsList());
    }

    @Test
    void whenRowsAreWrittenOrKept() {
        DataFrame rows = session.sql("SELECT exhaust(id) AS id, name FROM r");
        assertExhausted(() -> rows.write().parquet(directory.resolve("rows").toString()));
        assertExhausted(() -> rows.cache().count());
        rows.unpersist();
    }

    @Test
    void ofFunctionsOfTheProgram() {
        assertExhausted(() -> session.range(5).foreach((ForeachFunction<Row>) _ -> {
            throw new OutOfMemoryError("Java heap space");
        }));
    }

    @Test
    void whatMoreHeapDoesNotHelp() {
        assertEquals(
                "[OUT_OF_JVM_MEMORY] An array or a text is larger than the JVM can have one, whatever its heap"
                        + " ('Requested array size exceeds VM limit'). Make smaller values, or collect fewer into one.",
                JvmMemory.exhausted(new OutOfMemoryError("Requested array size exceeds VM limit"))
                        .getMessage());
        assertEquals(
                "[OUT_OF_JVM_MEMORY] The system gives the JVM no more threads ('unable to create native thread'). Let"
                        + " the process have more (such as by 'ulimit -u'), or run fewer queries at once.",
                JvmMemory.exhausted(new OutOfMemoryError("unable to create native thread"))
                        .getMessage());
    }
}
