package dev.headrace.plan.rules;

import static dev.headrace.plan.rules.Query.and;
import static dev.headrace.plan.rules.Query.call;
import static dev.headrace.plan.rules.Query.col;
import static dev.headrace.plan.rules.Query.greater;
import static dev.headrace.plan.rules.Query.scan;
import static dev.headrace.plan.rules.RuleAssert.assertThat;

import dev.headrace.connector.ScanRequest;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.Scalar;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class PushFiltersIntoScansTest {
    private static final FakeTable T = new FakeTable(
            "t",
            StructType.fromDDL("a bigint, s struct<x: int, y: bigint>, b bigint"),
            predicate -> predicate instanceof BoundExpr.Compare,
            false);

    private final Rule rule = new PushFiltersIntoScans();

    @Test
    void aScanIsToldWhatItsTableCanUseAndTheFilterStays() {
        assertThat(rule)
                .on(scan(T).filter(and(greater("a", 1L), call("isnotnull", col("b")))))
                .gives("""
                        Filter ((a#0 > 1) AND NOT isnull(b#2))
                        +- Relation t [a, s[x, y], b], filters [(a#0 > 1)]
                        """);
    }

    @Test
    void predicatesAreOverTheWholeTableWhateverTheScanGives() {
        StructType struct = new StructType().add("y", "bigint");
        ScanRequest request = new ScanRequest(
                List.of(
                        new ScanRequest.ScanColumn.Stored(2, T.schema().field(2)),
                        new ScanRequest.ScanColumn.Stored(1, new StructField("s", struct, true))),
                List.of(),
                OptionalLong.empty());
        BoundExpr field = new BoundExpr.GetField(new BoundExpr.Column(1, "s", struct, true), 0);
        BoundExpr predicate =
                new BoundExpr.Compare(dev.headrace.plan.CompareOp.LESS, field, new BoundExpr.Literal(Scalar.of(9L)));
        assertThat(rule)
                .on(new LogicalPlan.Filter(new LogicalPlan.Scan(T, request), predicate))
                .gives("""
                        Filter (s#1.y < 9)
                        +- Relation t [b, s[y]], filters [(s#1.y < 9)]
                        """);
    }

    @Test
    void aFilterByChanceIsNotTold() {
        assertThat(rule).on(scan(T).filter(call(">", call("rand", 1L), 0.5))).givesTheSame();
    }
}
