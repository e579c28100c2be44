package dev.headrace.plan.rules;

import static dev.headrace.plan.rules.Query.and;
import static dev.headrace.plan.rules.Query.as;
import static dev.headrace.plan.rules.Query.call;
import static dev.headrace.plan.rules.Query.col;
import static dev.headrace.plan.rules.Query.greater;
import static dev.headrace.plan.rules.Query.lit;
import static dev.headrace.plan.rules.Query.scan;
import static dev.headrace.plan.rules.RuleAssert.assertThat;

import dev.headrace.json.JsonPayloads;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CastFailure;
import dev.headrace.plan.NamedExpr;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// With `struct(…)` in the part of `from_json(…)`, so that no parser is needed: what counts is the first argument.
class DecodePayloadsTest {
    private static final StructType PAYLOAD = StructType.fromDDL("x int, y int");
    private static final FakeTable T =
            new FakeTable("t", StructType.fromDDL("key binary, value binary, ts timestamp"), _ -> false, true);
    private static final FakeTable PLAIN = new FakeTable("plain", "key binary, value binary, ts timestamp");
    private static final NamedExpr TEXT = new NamedExpr.Cast(col("value"), DataTypes.StringType, CastFailure.ERROR);
    private static final NamedExpr DECODED = call("struct", TEXT);

    private final Rule rule = rule(Map.of());

    private static Rule rule(Map<String, String> options) {
        return new DecodePayloads(expr -> expr instanceof BoundExpr.MakeStruct
                ? Optional.of(new JsonPayloads(PAYLOAD, options))
                : Optional.empty());
    }

    @Test
    void theScanDecodesForAProjection() {
        assertThat(rule).on(scan(T).select(as(DECODED, "v"), "ts")).gives("""
                        Project [from_json(value)#3 AS v, ts#2]
                        +- Relation t [key, value, ts, json from_json(value)[x, y]]
                        """);
    }

    @Test
    void theSamePayloadIsDecodedOnce() {
        assertThat(rule).on(scan(T).select(as(DECODED, "v"), as(DECODED, "w"))).gives("""
                        Project [from_json(value)#3 AS v, from_json(value)#3 AS w]
                        +- Relation t [key, value, ts, json from_json(value)[x, y]]
                        """);
    }

    @Test
    void watermarksAndFiltersMayLieBetween() {
        assertThat(rule)
                .on(scan(T).filter(call("isnotnull", col("key")))
                        .withWatermark("ts", "1 minute")
                        .select(as(DECODED, "v")))
                .gives("""
                        Project [from_json(value)#3 AS v]
                        +- EventTimeWatermark ts#2, delay 1 minute
                           +- Filter NOT isnull(key#0)
                              +- Relation t [key, value, ts, json from_json(value)[x, y]]
                        """);
    }

    @Test
    void aFilterGivesTheColumnsThatItGaveBefore() {
        assertThat(rule).on(scan(T).filter(call("isnotnull", DECODED))).gives("""
                        Project [key#0, value#1, ts#2]
                        +- Filter NOT isnull(from_json(value)#3)
                           +- Relation t [key, value, ts, json from_json(value)[x, y]]
                        """);
    }

    @Test
    void aggregationsUseTheDecodedPayload() {
        assertThat(rule)
                .on(scan(T).groupBy(List.of(as(DECODED, "k")), as(call("count", col("ts")), "n")))
                .gives("""
                        Project [n#1]
                        +- Aggregate [from_json(value)#3 AS k], [count(ts#2) AS n]
                           +- Relation t [key, value, ts, json from_json(value)[x, y]]
                        """);
    }

    @Test
    void rowsThatAFilterLeavesOutMustNotFail() {
        assertThat(rule(Map.of("MODE", "FAILFAST")))
                .on(scan(T).filter(call("isnotnull", col("key"))).select(as(DECODED, "v")))
                .givesTheSame();
    }

    @Test
    void rowsThatAConditionLeavesOutMustNotFail() {
        NamedExpr ofSome = call("if", call("isnotnull", col("key")), call("isnull", DECODED), lit(false));
        NamedExpr afterAnother = and(call("isnotnull", col("key")), call("isnotnull", DECODED));

        assertThat(rule(Map.of("mode", "FAILFAST")))
                .on(scan(T).select(as(ofSome, "v"), as(afterAnother, "w")))
                .givesTheSame();
    }

    @Test
    void aTableThatDoesNotDecodeIsLeftAlone() {
        assertThat(rule).on(scan(PLAIN).select(as(DECODED, "v"))).givesTheSame();
    }

    @Test
    void onlyStoredBytesAreAPayload() {
        NamedExpr trimmed = call("struct", call("trim", TEXT));
        assertThat(rule).on(scan(T).select(as(trimmed, "v"))).givesTheSame();
        assertThat(rule).on(scan(T).select(as(call("struct", col("ts")), "v"))).givesTheSame();
        assertThat(rule).on(scan(T).filter(greater("ts", col("ts")))).givesTheSame();
    }
}
