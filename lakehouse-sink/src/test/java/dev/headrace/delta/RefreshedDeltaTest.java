package dev.headrace.delta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.DataFrame;
import dev.headrace.RowFactory;
import dev.headrace.Session;
import dev.headrace.engine.Step;
import dev.headrace.testing.StreamTest;
import dev.headrace.testing.TestInput;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Delta tables beside a stream that are read anew: batches that run again read the versions that they read before.
class RefreshedDeltaTest {
    @TempDir
    Path directory;

    private void name(Session session, String name) {
        session.sql("SELECT 1 AS id, '" + name + "' AS name")
                .write()
                .format("delta")
                .mode("overwrite")
                .save(directory.toString());
    }

    private DataFrame names(Session session, String refresh) {
        return session.read().format("delta").option("refresh", refresh).load(directory.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"eachBatch", "onChange", "1 hour"})
    void aBatchThatIsRunAgainReadsTheSameVersion(String refresh) {
        try (StreamTest test = StreamTest.create()) {
            name(test.session(), "first");
            TestInput ids = test.input("id int");
            test.query(ids.toDF().join(names(test.session(), refresh), "id"), "append");
            ids.add(1);
            test.crashBefore(Step.COMMIT);
            name(test.session(), "second");
            test.process().expect(RowFactory.create(1, "first"));
            assertTrue(
                    test.running().verify().matches(),
                    () -> test.running().verify().toString());
            ids.add(1);
            test.process().expect(RowFactory.create(1, "second"));
            name(test.session(), "third");
            assertEquals(List.of("[1, first]"), test.running().replay(0).output());
            assertEquals(List.of("[1, second]"), test.running().replay(1).output());
        }
    }

    @Test
    void aTableThatIsNeverReadAnewStaysTheSameWhenTheQueryStartsAgain() {
        try (StreamTest test = StreamTest.create()) {
            name(test.session(), "first");
            TestInput ids = test.input("id int");
            test.query(ids.toDF().join(names(test.session(), "never"), "id"), "append");
            ids.add(1);
            test.process().expect(RowFactory.create(1, "first"));
            name(test.session(), "second");
            test.query(ids.toDF().join(names(test.session(), "never"), "id"), "append");
            ids.add(1);
            test.process().expect(RowFactory.create(1, "first"));
        }
    }
}
