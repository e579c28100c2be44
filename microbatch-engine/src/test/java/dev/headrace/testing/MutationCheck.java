package dev.headrace.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Plants faults in the engine, and checks that [StreamFuzz] finds each: a check that finds nothing would prove
/// nothing.
///
/// It takes some minutes, so the build leaves it out; `docs/guide/testing.md` says how to run it. Each fault is a
/// change of one line of a class, which is compiled in memory and loaded, with all of ours, by a class loader of its
/// own.
class MutationCheck {
    private static final long MOST_MILLIS = 45_000;
    private static final Path ENGINE = Path.of("src/main/java/dev/headrace/engine");
    private static final Path DATAFRAME = Path.of("../dataframe/src/main/java/dev/headrace");

    /// @param query which of [MutationQueries] finds it
    private record Fault(String name, Path file, String line, String planted, String query) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Fault stateful(String name, String file, String line, String planted, String query) {
        return new Fault(name, ENGINE.resolve("stateful/" + file + ".java"), line, planted, query);
    }

    static Stream<Fault> faults() {
        return Stream.of(
                stateful(
                        "rows that go are added to sums",
                        "SignedAggregates",
                        "Optional.of(negative), value.type());",
                        "Optional.of(value), value.type());",
                        "sums of groups"),
                stateful(
                        "values that go stay in the trees of groups",
                        "AggregateTreeBatch",
                        "rows[slot] += signs.get(row);",
                        "rows[slot] += Math.max(0, signs.get(row));",
                        "equal values"),
                stateful(
                        "nodes are not merged again",
                        "AggregateTreeBatch",
                        "            merged.merge(partials);\n            store(merged, true);",
                        "",
                        "extremes of groups"),
                stateful(
                        "values get lost when a leaf is split",
                        "AggregateTreeBatch",
                        "move(all, nodes, Arrays.copyOf(moves, moveCount));",
                        "",
                        "extremes of groups"),
                stateful(
                        "children of one side are left out of their parent",
                        "AggregateTreeBatch",
                        "i < TreeNode.CHILDREN",
                        "i < TreeNode.CHILDREN / 2",
                        "extremes of groups"),
                stateful(
                        "a value of several rows counts once",
                        "AggregateTreeBatch",
                        "                    doubled.merge(partials);\n                    doubled.merge(partials);",
                        "                    doubled.merge(partials);",
                        "equal values"),
                stateful(
                        "the first value is taken for the last",
                        "TreeEdges",
                        "first ? \"min_by\" : \"max_by\"",
                        "first ? \"max_by\" : \"min_by\"",
                        "first values of groups"),
                stateful(
                        "changes that are held back are forgotten",
                        "HeldChanges",
                        "before.rows().slice(0, before.rows().rowCount()),",
                        "before.rows().slice(0, 0),",
                        "changes held back"),
                stateful(
                        "changes that are held back don't wait for the watermark",
                        "HeldChanges",
                        "times.add(waiting, ends(waiting), run.allocator());",
                        "",
                        "changes held back"),
                stateful(
                        "running functions begin anew",
                        "ResumedAggregate",
                        "groups.merge(partials, into, count);",
                        "",
                        "running windows"),
                stateful(
                        "blocks behind a change keep what was ahead of them",
                        "OrderedWindowBatch",
                        "block.stateAhead = tree.entryCount() + i - 1;",
                        "",
                        "running windows"),
                stateful(
                        "ranks go on from a row too few",
                        "OrderedWindowBatch",
                        "block.rowsAhead = numbers.get(i - 1);",
                        "block.rowsAhead = numbers.get(i - 1) - 1;",
                        "running windows"),
                stateful(
                        "neighbours in other blocks are not read",
                        "OrderTree",
                        "return rows < window.reach()",
                        "return rows < 0",
                        "windows of neighbours"),
                stateful(
                        "ranges end where a block does",
                        "RangeReach",
                        "side * sign * CellOrder.compareCells(slack(limit, side), value) >= 0",
                        "side * sign * CellOrder.compareCells(slack(limit, side), value) > 1",
                        "windows of ranges"),
                stateful(
                        "nodes that are split off get lost", "OrderTree", "fresh.addAll(pieces);", "", "large windows"),
                new Fault(
                        "versions of the very time are left out",
                        DATAFRAME.resolve("exec/AsOfProbe.java"),
                        "times[row], !search.exactMatches()) - 1;",
                        "times[row], search.exactMatches()) - 1;",
                        "as of table"),
                new Fault(
                        "rows without a version are lost",
                        DATAFRAME.resolve("exec/AsOfProbe.java"),
                        "if (at != NONE || outer) {",
                        "if (at != NONE) {",
                        "as of table"),
                stateful(
                        "parts keep one top row less",
                        "TopParts",
                        "CompareOp.LESS_OR_EQUAL,",
                        "CompareOp.LESS,",
                        "top of groups"),
                stateful("early results begin anew", "PaneAggregate", "            merged.merge(old);", "", "panes"),
                stateful(
                        "what was shown is not kept",
                        "PaneAggregate",
                        "                StoredPartials.put(last, now, keys(), shownColumns(keys().length, now.columnCount(),"
                                + " gives), expiry());\n                last.countEntered(StoredPartials.present(nowFound, false).length);",
                        "",
                        "panes"),
                stateful(
                        "parts come again in the next ones",
                        "PaneAggregate",
                        "            groups.writer().delete(keys);",
                        "",
                        "parts"),
                stateful(
                        "windows are forgotten before the lateness has passed",
                        "PaneAggregate",
                        "end.map(e -> e.later(firing.latenessMicros()));",
                        "end;",
                        "late panes"),
                stateful(
                        "rows that go have another time than they came with",
                        "StreamingPlanner",
                        "return ofBatch || !expr.deterministic()",
                        "return !expr.deterministic()",
                        "clocks"),
                stateful(
                        "versions that go are joined as if they stayed",
                        "AsOfEdges",
                        "boolean onlyAdds = !left.retracts() && !right.retracts();",
                        "boolean onlyAdds = !left.retracts();",
                        "as of groups"),
                new Fault(
                        "a restart forgets how far each input was",
                        ENGINE.resolve("Watermarks.java"),
                        "List<Map<String, LatestEvent>> known = latest.size() == times.size()",
                        "List<Map<String, LatestEvent>> known = times.isEmpty()",
                        "restarts"),
                new Fault(
                        "a restart begins without a watermark",
                        ENGINE.resolve("TriggerLoop.java"),
                        "logged(nextWatermarkMillis, latest),",
                        "logged(0, latest),",
                        "restarts"),
                new Fault(
                        "windows that a crashed batch has ended wait for the next one",
                        ENGINE.resolve("TriggerLoop.java"),
                        "                        last.watermarkMillis(),\n                        fresh.over(last.settings()));",
                        "                        nextWatermarkMillis,\n                        fresh.over(last.settings()));",
                        "restarts"),
                new Fault(
                        "silence is noticed behind rows only",
                        ENGINE.resolve("TriggerLoop.java"),
                        "noticeIdleParts(next, timestamp);",
                        "",
                        "silence"),
                new Fault(
                        "silent inputs are not waited for",
                        ENGINE.resolve("Watermarks.java"),
                        "< policy.idleMillis()) {",
                        "< 0) {",
                        "silence"),
                new Fault(
                        "an answer of a lookup is lost",
                        DATAFRAME.resolve("exec/LookupJoin.java"),
                        "answers.forEach(builder::add);",
                        "answers.stream().skip(1).forEach(builder::add);",
                        "looked up"),
                stateful(
                        "what a row was given stays when the row goes",
                        "KeptResults",
                        "left[slots[i]] < 0 && gone.add(numbers[i])",
                        "left[slots[i]] < -1 && gone.add(numbers[i])",
                        "looked up groups"),
                stateful(
                        "a batch that runs again asks again",
                        "LookupLog",
                        "state.replaced().stream()",
                        "state.replaced().stream().limit(0)",
                        "looked up twice"),
                stateful(
                        "of each partition comes one row too few",
                        "TopRanks",
                        "new TopRanks(window, column, number - 1));",
                        "new TopRanks(window, column, number - 2));",
                        "top of partitions"),
                stateful(
                        "other rows than the first ones are kept",
                        "FirstRows",
                        "isLeft(foundFresh[i], left))",
                        "!isLeft(foundFresh[i], left))",
                        "top of partitions"),
                stateful(
                        "an instant is final at its own time",
                        "Expiry",
                        "extraMicros : extraMicros + 1;",
                        "extraMicros : extraMicros;",
                        "ties"),
                stateful(
                        "new right rows miss old left ones",
                        "LoggedJoin",
                        "join(before, newRight.rows(), joined, run, out);",
                        "",
                        "join"),
                stateful(
                        "new left rows miss new right ones",
                        "LoggedJoin",
                        "List.of(whole(before), whole(newRight.rows()))",
                        "List.of(whole(before))",
                        "join"),
                stateful(
                        "right rows without a partner are lost",
                        "LoggedJoin",
                        "addUnmatched(right, rightLeaf, left, leftLeaf, unmatchedRight.get(), run, out);",
                        "",
                        "final full join"),
                stateful(
                        "rows look for partners among those before the batch",
                        "LoggedJoin",
                        "                left.append(newLeft);\n",
                        "",
                        "final full join"),
                stateful(
                        "old rows without a partner stay when one comes",
                        "KeyedRecompute",
                        "batch.anyKnown() ? computeBefore(batch, computation, run) : List.of();",
                        "List.of();",
                        "full join"),
                stateful(
                        "the oldest version is kept instead of the newest",
                        "TemporalJoin",
                        "newest[keyOf[i]] = Math.max(newest[keyOf[i]], dueTimes[i]);",
                        "newest[keyOf[i]] = newest[keyOf[i]] == Long.MIN_VALUE ? dueTimes[i] : newest[keyOf[i]];",
                        "as of"),
                stateful(
                        "versions of earlier batches are left out",
                        "TemporalJoin",
                        "List.of(known.slice(0, known.rowCount()), versions.slice(0, versions.rowCount())),",
                        "List.of(versions.slice(0, versions.rowCount())),",
                        "as of"),
                stateful(
                        "as-of joins do not wait for the watermark",
                        "AsOfEdges",
                        "new KeyedRows.Lifetime.OfRow(leftEnds.withoutTimeAtOnce()),",
                        "new KeyedRows.Lifetime.OfRow(leftEnds.later(-8_000_000).withoutTimeAtOnce()),",
                        "as of"),
                stateful(
                        "a window is final before its end",
                        "Expiry",
                        "Form.WINDOW ? extraMicros :",
                        "Form.WINDOW ? extraMicros - 5_000_000 :",
                        "final windows"),
                stateful(
                        "new right rows miss old left ones that change",
                        "IncrementalJoin",
                        "added.addAll(join(leftBefore, rightChange.added(), computation, run));",
                        "",
                        "join of groups"),
                stateful(
                        "new left rows miss new right ones that change",
                        "IncrementalJoin",
                        "added.addAll(join(leftChange.added(), rightNow,",
                        "added.addAll(join(leftChange.added(), batch.before(RIGHT).rows(),",
                        "join of groups"),
                stateful(
                        "removed right rows stay in a join",
                        "IncrementalJoin",
                        "removed.addAll(join(leftBefore, rightChange.removed(), computation, run));",
                        "",
                        "join of groups"),
                stateful(
                        "removed left rows stay in a join",
                        "IncrementalJoin",
                        "removed.addAll(join(leftChange.removed(), rightNow, computation, run));",
                        "",
                        "join of groups"),
                stateful(
                        "old results are not taken back",
                        "Difference",
                        "difference.take(before, beforeSlots, ChangeColumn.REMOVED, changes);",
                        "",
                        "windows"),
                stateful(
                        "values seen before come again",
                        "StatefulDeduplicate",
                        "if (present.get(i) == 0) {",
                        "if (present.get(i) >= 0) {",
                        "deduplicated"),
                stateful("the state of groups is not read", "StatefulAggregate", "merged.merge(old);", "", "windows"),
                stateful(
                        "the state of groups is not written",
                        "StatefulAggregate",
                        "stored.store(partials);",
                        "",
                        "windows"),
                stateful(
                        "every value is a first one",
                        "FirstValues",
                        "boolean first = (seen[slot] & bit) == 0;",
                        "boolean first = true;",
                        "distinct"),
                stateful(
                        "first values are forgotten",
                        "FirstValues",
                        "if (seen[slot] != before[slot]) {",
                        "if (before[slot] != 0) {",
                        "distinct"),
                stateful(
                        "intervals that touch are two sessions",
                        "MergedSessions",
                        "starts[at] <= sessionEnds[count - 1]",
                        "starts[at] < sessionEnds[count - 1]",
                        "sessions"),
                stateful(
                        "a merged session ends with its last row",
                        "MergedSessions",
                        "Math.max(sessionEnds[count - 1], ends[at])",
                        "ends[at]",
                        "sessions"),
                stateful(
                        "old sessions are left out of merged ones",
                        "StatefulSessions",
                        "groups.merge(before);",
                        "",
                        "sessions"),
                stateful(
                        "a session is final at its end",
                        "EventTimeColumn",
                        "SESSION_SLACK = 1;",
                        "SESSION_SLACK = 0;",
                        "sessions with ties"),
                stateful(
                        "kept rows are never removed",
                        "KeyedRows",
                        "gone[i] = true;",
                        "gone[i] = false;",
                        "join of groups"),
                stateful(
                        "kept rows are overwritten",
                        "KeyedRows",
                        "next[k] = renumbered[k] ? 0 : next[k];",
                        "next[k] = 0;",
                        "numbered"),
                stateful(
                        "recomputed results stay",
                        "KeyedRecompute",
                        "batch.anyKnown() ? computeBefore(batch, computation, run) : List.of();",
                        "List.of();",
                        "shares"),
                stateful(
                        "rows stay at the top",
                        "FirstRows",
                        "List.of(before.slice(0, before.rowCount())),",
                        "List.of(),",
                        "top"),
                stateful(
                        "changed state of a function is not saved",
                        "StoredGroups",
                        "if (!group.isChanged()) {",
                        "if (group.isChanged()) {",
                        "patterns"),
                stateful(
                        "a shared scan keeps what all places need instead of what any does",
                        "SharedScans",
                        "reduce(BoundExpr.Or::new)",
                        "reduce(BoundExpr.And::new)",
                        "join"),
                stateful(
                        "late rows vanish without being counted",
                        "Expiry",
                        "leaveOut(input, times, watermark, times.length - count);",
                        "",
                        "row balance"),
                stateful(
                        "an operator loses the rows of a chunk",
                        "KeyedInput",
                        "List<Chunk> chunks = ChunkCollector.collect(inTime, run);",
                        "List<Chunk> chunks = new java.util.ArrayList<>(ChunkCollector.collect(inTime, run));"
                                + " if (!chunks.isEmpty()) chunks.removeFirst().close();",
                        "row balance"),
                stateful(
                        "expired entries come back",
                        "StatefulDeduplicate",
                        "state.countRemoved(expired.rowCount());",
                        "try (Chunk k = expired.select(batch.keys()); Chunk n = new Chunk(new dev.headrace.types.StructType(),"
                                + " List.of(), k.rowCount())) { state.writer().upsert(k, n); }",
                        "row balance"),
                stateful(
                        "rows that are removed stay in the state",
                        "KeyedRows",
                        "state.writer().delete(entries);",
                        "",
                        "row balance"),
                stateful(
                        "a known group is taken for a new one",
                        "StatefulAggregate",
                        "state.countEntered(keys.rowCount() - old.rowCount());",
                        "state.countEntered(keys.rowCount());",
                        "row balance"),
                new Fault(
                        "the watermark runs ahead",
                        ENGINE.resolve("Watermarks.java"),
                        "moves ? Math.max(before, combined) : before;",
                        "moves ? Math.max(before, combined + 5_000) : before;",
                        "windows"),
                new Fault(
                        "a pattern takes rows of the watermark's time",
                        DATAFRAME.resolve("pattern/MatchCall.java"),
                        "(time(row) < watermark ? ready : waiting)",
                        "(time(row) <= watermark ? ready : waiting)",
                        "patterns"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void theFaultIsFound(Fault fault) throws Exception {
        String source = Files.readString(fault.file());
        assertEquals(2, source.split(java.util.regex.Pattern.quote(fault.line()), -1).length, "the line is there once");
        Map<String, byte[]> classes = compile(fault.file(), source.replace(fault.line(), fault.planted()));
        assertTrue(fails(fault.query(), classes), "not found by '" + fault.query() + "'");
    }

    @ParameterizedTest
    @MethodSource("queries")
    void withoutAFaultNothingIsFound(String query) throws Exception {
        assertTrue(!fails(query, Map.of()));
    }

    static Stream<String> queries() {
        return faults().map(Fault::query).distinct();
    }

    /// Whether the query gives something else than the batch, fails, or does not end.
    private static boolean fails(String query, Map<String, byte[]> planted) throws Exception {
        AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
        try (Ours ours = new Ours(planted)) {
            Method check =
                    ours.loadClass("dev.headrace.testing.MutationQueries").getMethod("check", String.class);
            Thread running = new Thread(() -> {
                try {
                    check.invoke(null, query);
                } catch (InvocationTargetException | IllegalAccessException found) {
                    thrown.set(found);
                }
            });
            running.setDaemon(true);
            running.setContextClassLoader(ours);
            running.start();
            running.join(MOST_MILLIS);
            boolean ended = !running.isAlive();
            running.interrupt();
            return !ended || thrown.get() != null;
        }
    }

    /// Loads our classes itself, some of them changed, and leaves the others to the application.
    private static final class Ours extends URLClassLoader {
        private final Map<String, byte[]> planted;

        Ours(Map<String, byte[]> planted) throws IOException {
            super(urls(), MutationCheck.class.getClassLoader());
            this.planted = planted;
        }

        private static URL[] urls() throws IOException {
            List<URL> urls = new ArrayList<>();
            for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
                urls.add(Path.of(entry).toUri().toURL());
            }
            return urls.toArray(URL[]::new);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith("dev.headrace.")) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                if (loaded != null) {
                    return loaded;
                }
                byte[] bytes = planted.get(name);
                return bytes == null ? findClass(name) : defineClass(name, bytes, 0, bytes.length);
            }
        }
    }

    private static Map<String, byte[]> compile(Path file, String source) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        Map<String, ByteArrayOutputStream> written = new HashMap<>();
        JavaFileObject text = new SimpleJavaFileObject(file.toUri(), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return source;
            }
        };
        StringWriter messages = new StringWriter();
        try (StandardJavaFileManager standard = compiler.getStandardFileManager(null, null, null);
                JavaFileManager memory = new InMemory(standard, written)) {
            boolean compiled = compiler.getTask(
                            messages,
                            memory,
                            null,
                            List.of("-proc:none", "-nowarn", "-classpath", System.getProperty("java.class.path")),
                            null,
                            List.of(text))
                    .call();
            assertTrue(compiled, messages.toString());
        }
        Map<String, byte[]> classes = new HashMap<>();
        written.forEach((name, bytes) -> classes.put(name, bytes.toByteArray()));
        return classes;
    }

    private static final class InMemory extends ForwardingJavaFileManager<JavaFileManager> {
        private final Map<String, ByteArrayOutputStream> written;

        InMemory(JavaFileManager standard, Map<String, ByteArrayOutputStream> written) {
            super(standard);
            this.written = written;
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String className, JavaFileObject.Kind kind, @Nullable FileObject sibling) {
            return new SimpleJavaFileObject(URI.create("memory:///" + className), kind) {
                @Override
                public OutputStream openOutputStream() {
                    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                    written.put(className, bytes);
                    return bytes;
                }
            };
        }
    }
}
