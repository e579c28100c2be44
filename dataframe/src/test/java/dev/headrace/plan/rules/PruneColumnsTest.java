package dev.headrace.plan.rules;

import static dev.headrace.plan.rules.Query.as;
import static dev.headrace.plan.rules.Query.call;
import static dev.headrace.plan.rules.Query.col;
import static dev.headrace.plan.rules.Query.equal;
import static dev.headrace.plan.rules.Query.greater;
import static dev.headrace.plan.rules.Query.lit;
import static dev.headrace.plan.rules.Query.scan;
import static dev.headrace.plan.rules.RuleAssert.assertThat;

import dev.headrace.connector.ScanRequest;
import dev.headrace.json.JsonPayloads;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.JoinType;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.NamedExpr;
import dev.headrace.plan.OutputColumn;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class PruneColumnsTest {
    private static final FakeTable T = new FakeTable(
            "t", "a bigint, b string, s struct<x: int, y: struct<p: int, q: string>, z: int>, tags array<string>");
    private static final FakeTable U = new FakeTable("u", "k bigint, v string, w string");

    private final Rule rule = new PruneColumns();

    @Test
    void aScanGivesOnlyWhatIsUsed() {
        assertThat(rule).on(scan(T).filter(greater("a", 1L)).select("b")).gives("""
                        Project [b#1]
                        +- Filter (a#0 > 1)
                           +- Relation t [a, b]
                        """);
    }

    @Test
    void fieldsOfStructsThatNothingUsesAreLeftOut() {
        assertThat(rule).on(scan(T).filter(greater("s.z", 1)).select("s.y.q")).gives("""
                        Project [s#0.y.q AS q]
                        +- Filter (s#0.z > 1)
                           +- Relation t [s[y, z]]
                        """);
    }

    @Test
    void aStructThatIsUsedWholeStaysWhole() {
        assertThat(rule).on(scan(T).filter(greater("s.z", 1)).select("s")).gives("""
                        Project [s#0]
                        +- Filter (s#0.z > 1)
                           +- Relation t [s[x, y, z]]
                        """);
    }

    @Test
    void fieldsArePrunedThroughProjections() {
        assertThat(rule)
                .on(scan(T).select(as("s.y", "inner"), "a")
                        .filter(greater("a", 1L))
                        .select("inner.p"))
                .gives("""
                        Project [inner#0.p AS p]
                        +- Filter (a#1 > 1)
                           +- Project [s#1.y AS inner, a#0]
                              +- Relation t [a, s[y]]
                        """);
    }

    @Test
    void countingRowsNeedsNoColumn() {
        assertThat(rule)
                .on(scan(T).groupBy(List.of(), as(call("count", lit(1)), "n")))
                .gives("""
                        Aggregate [], [count(*) AS n]
                        +- Relation t []
                        """);
    }

    @Test
    void aggregatesThatNothingUsesAreNotComputed() {
        List<NamedExpr> keys = List.of(col("b"));
        assertThat(rule)
                .on(scan(T).groupBy(keys, "b", as(call("sum", col("a")), "s"), as(call("max", col("a")), "m"))
                        .select("m"))
                .gives("""
                        Project [m#1]
                        +- Aggregate [b#1], [max(a#0) AS m]
                           +- Relation t [a, b]
                        """);
    }

    @Test
    void joinsCarryOnlyWhatIsUsedAbove() {
        assertThat(rule)
                .on(scan(T).filter(equal("b", "x"))
                        .join(scan(U), JoinType.LEFT_OUTER, equal("a", col("k")))
                        .select("v", "s.x"))
                .gives("""
                        Project [v#3, s#1.x AS x]
                        +- Join LEFT_OUTER, (a#0 = k#2)
                           :- Project [a#0, s#2]
                           :  +- Filter (b#1 = x)
                           :     +- Relation t [a, b, s[x]]
                           +- Relation u [k, v]
                        """);
    }

    @Test
    void semiJoinsNeedOnlyTheKeysOfTheRightSide() {
        assertThat(rule)
                .on(scan(T).join(scan(U), JoinType.LEFT_SEMI, equal("a", col("k")))
                        .select("b"))
                .gives("""
                        Project [b#1]
                        +- Join LEFT_SEMI, (a#0 = k#2)
                           :- Relation t [a, b]
                           +- Relation u [k]
                        """);
    }

    @Test
    void allInputsOfAUnionKeepTheSameColumns() {
        assertThat(rule)
                .on(scan(U).filter(equal("w", "x")).union(scan(U)).select("v"))
                .gives("""
                        Project [v#0]
                        +- Union
                           :- Project [v#0]
                           :  +- Filter (w#1 = x)
                           :     +- Relation u [v, w]
                           +- Relation u [v]
                        """);
    }

    @Test
    void sortAndDeduplicationKeepTheirKeys() {
        assertThat(rule)
                .on(scan(T).dropDuplicates("b").orderBy("a").select("s.x"))
                .gives("""
                        Project [s#1.x AS x]
                        +- Sort [a#0 ASC NULLS FIRST]
                           +- Project [a#0, s#2]
                              +- Deduplicate [b#1]
                                 +- Relation t [a, b, s[x]]
                        """);
    }

    @Test
    void explodeKeepsItsCollection() {
        assertThat(rule)
                .on(scan(T).select("a", "b", as(call("explode", col("tags")), "tag"))
                        .select("tag", "a"))
                .gives("""
                        Project [tag#1, a#0]
                        +- Project [a#0, tag#2]
                           +- Generate explode(tags#1), [tag]
                              +- Relation t [a, tags]
                        """);
    }

    @Test
    void aDecodedPayloadHasOnlyTheFieldsThatAreUsed() {
        assertThat(rule).on(decoding(Map.of())).gives("""
                        Project [json#0.y AS y]
                        +- Relation t [json json[y]]
                        """);
    }

    @Test
    void aPayloadThatMustBeWholeStaysWhole() {
        assertThat(rule).on(decoding(Map.of("mode", "failfast"))).gives("""
                        Project [json#0.y AS y]
                        +- Relation t [json json[x, y, corrupt]]
                        """);
        assertThat(rule).on(decoding(Map.of("rescuedDataColumn", "corrupt"))).gives("""
                        Project [json#0.y AS y]
                        +- Relation t [json json[x, y, corrupt]]
                        """);
        assertThat(rule).on(decoding(Map.of("columnNameOfCorruptRecord", "y"))).gives("""
                        Project [json#0.y AS y]
                        +- Relation t [json json[x, y, corrupt]]
                        """);
    }

    private static LogicalPlan decoding(Map<String, String> options) {
        StructType payload = StructType.fromDDL("x int, y int, corrupt string");
        ScanRequest request = new ScanRequest(
                List.of(
                        new ScanRequest.ScanColumn.Stored(1, T.schema().field(1)),
                        new ScanRequest.ScanColumn.Decoded(
                                1, new JsonPayloads(payload, options), new StructField("json", payload, true))),
                List.of(),
                OptionalLong.empty());
        BoundExpr field = new BoundExpr.GetField(new BoundExpr.Column(1, "json", payload, true), 1);
        return new LogicalPlan.Project(new LogicalPlan.Scan(T, request), List.of(new OutputColumn("y", field)));
    }
}
