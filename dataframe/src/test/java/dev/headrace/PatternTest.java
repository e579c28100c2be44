package dev.headrace;

import static dev.headrace.functions.array_join;
import static dev.headrace.functions.avg;
import static dev.headrace.functions.col;
import static dev.headrace.functions.collect_list;
import static dev.headrace.functions.count;
import static dev.headrace.functions.first;
import static dev.headrace.functions.last;
import static dev.headrace.functions.lit;
import static dev.headrace.functions.max;
import static dev.headrace.functions.min;
import static dev.headrace.functions.sum;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.errors.QueryException;
import dev.headrace.streaming.AfterMatchSkipStrategy;
import dev.headrace.streaming.Pattern;
import dev.headrace.types.StructType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What patterns match, over rows in memory: a row is a letter, perhaps with a number, and comes a second after the one
/// before.
class PatternTest {
    private static final Instant TEN = Instant.parse("2026-01-31T10:00:00Z");
    private final Session session =
            Session.builder().config("spark.sql.session.timeZone", "UTC").create();

    @AfterEach
    void close() {
        session.close();
    }

    private DataFrame rows(String events) {
        List<Row> rows = new ArrayList<>();
        for (String event : events.split(" ")) {
            rows.add(RowFactory.create("k", TEN.plusSeconds(rows.size()), event, event.substring(0, 1), rows.size()));
        }
        return session.createDataFrame(
                rows, StructType.fromDDL("card string, ts timestamp, name string, kind string, amount int"));
    }

    /// Rows as texts, with times in seconds since ten o'clock.
    private static List<String> texts(DataFrame frame) {
        List<String> texts = new ArrayList<>();
        for (Row row : frame.collectAsList()) {
            List<String> cells = new ArrayList<>();
            for (int i = 0; i < row.size(); i++) {
                cells.add(
                        frame.schema().field(i).dataType().simpleString().equals("timestamp")
                                ? Duration.between(TEN, row.getInstant(i)).toSeconds() + "s"
                                : String.valueOf(row.get(i)));
            }
            texts.add(cells.toString());
        }
        return texts;
    }

    private static Column is(String kind) {
        return col("kind").equalTo(kind);
    }

    /// The names of each match's rows.
    private List<String> matches(String events, Pattern pattern) {
        Column all = functions.concat(pattern.stages().stream()
                .filter(stage -> !stage.negated())
                .map(stage -> collect_list(stage.name() + ".name"))
                .toArray(Column[]::new));
        return rows(events)
                .groupBy("card")
                .matchPattern(pattern, col("ts"))
                .select(array_join(all, " "))
                .collectAsList()
                .stream()
                .map(row -> row.getString(3))
                .toList();
    }

    private void assertMatches(Pattern pattern, String events, String... expected) {
        assertEquals(Arrays.asList(expected), matches(events, pattern));
    }

    @Test
    void nextAllowsNothingInBetween() {
        Pattern pattern = Pattern.begin("a").where(is("A")).next("b").where(is("B"));
        assertMatches(pattern, "A1 C B1 A2 B2 B3", "A2 B2");
    }

    @Test
    void followedByTakesTheFirstRowThatMatches() {
        Pattern pattern = Pattern.begin("a").where(is("A")).followedBy("b").where(is("B"));
        assertMatches(pattern, "A C B1 B2", "A B1");
    }

    @Test
    void followedByAnyTakesEachRowThatMatches() {
        Pattern pattern = Pattern.begin("a").where(is("A")).followedByAny("b").where(is("B"));
        assertMatches(pattern, "A C B1 B2", "A B1", "A B2");
    }

    @Test
    void aLoopIsRelaxedByItself() {
        Pattern pattern = Pattern.begin("c")
                .where(is("C"))
                .followedBy("a")
                .where(is("A"))
                .oneOrMore()
                .followedBy("b")
                .where(is("B"));
        assertMatches(pattern, "C D A1 A2 A3 D A4 B", "C A1 B", "C A1 A2 B", "C A1 A2 A3 B", "C A1 A2 A3 A4 B");
    }

    @Test
    void consecutiveRowsHaveNothingInBetween() {
        Pattern pattern = Pattern.begin("c")
                .where(is("C"))
                .followedBy("a")
                .where(is("A"))
                .oneOrMore()
                .consecutive()
                .followedBy("b")
                .where(is("B"));
        assertMatches(pattern, "C D A1 A2 A3 D A4 B", "C A1 B", "C A1 A2 B", "C A1 A2 A3 B");
    }

    @Test
    void combinationsTakeAnyChoiceOfRows() {
        Pattern pattern = Pattern.begin("c")
                .where(is("C"))
                .followedBy("a")
                .where(is("A"))
                .oneOrMore()
                .allowCombinations()
                .followedBy("b")
                .where(is("B"));
        assertEquals(
                List.of(
                        "C A1 A2 A3 A4 B",
                        "C A1 A2 A3 B",
                        "C A1 A2 A4 B",
                        "C A1 A2 B",
                        "C A1 A3 A4 B",
                        "C A1 A3 B",
                        "C A1 A4 B",
                        "C A1 B"),
                matches("C D A1 A2 A3 D A4 B", pattern).stream().sorted().toList());
    }

    @Test
    void greedyLoopsTakeAllThatTheyCan() {
        Pattern any = Pattern.begin("a").where(is("A")).oneOrMore().consecutive();
        Column either = is("A").or(is("B"));
        assertMatches(any.next("b").where(either), "A1 A2 B", "A1 A2", "A1 A2 B", "A2 B");
        assertMatches(any.greedy().next("b").where(either), "A1 A2 B", "A1 A2 B", "A2 B");
    }

    @Test
    void timesCountsRows() {
        Pattern two = Pattern.begin("a").where(is("A")).times(2).consecutive();
        assertMatches(two, "A1 A2 A3 B A4", "A1 A2", "A2 A3");
        Pattern twoOrThree = Pattern.begin("a").where(is("A")).times(2, 3).consecutive();
        assertMatches(twoOrThree, "A1 A2 A3", "A1 A2", "A1 A2 A3", "A2 A3");
        Pattern twoOrMore = Pattern.begin("a").where(is("A")).timesOrMore(2).consecutive();
        assertMatches(twoOrMore, "A1 A2 A3 A4", "A1 A2", "A1 A2 A3", "A2 A3", "A1 A2 A3 A4", "A2 A3 A4", "A3 A4");
    }

    @Test
    void optionalVariablesMayTakeNothing() {
        Pattern pattern = Pattern.begin("a")
                .where(is("A"))
                .next("b")
                .where(is("B"))
                .optional()
                .next("c")
                .where(is("C"));
        assertMatches(pattern, "A1 C1 A2 B2 C2 A3 B3 A4", "A1 C1", "A2 B2 C2");
    }

    @Test
    void untilEndsALoop() {
        Pattern pattern =
                Pattern.begin("a").where(is("A")).oneOrMore().until(col("name").equalTo("A3"));
        assertMatches(pattern, "A1 A2 A3 A4", "A1", "A1 A2", "A2", "A4");
    }

    @Test
    void notNextForbidsTheVeryNextRow() {
        Pattern pattern = Pattern.begin("a")
                .where(is("A"))
                .notNext("no")
                .where(is("B"))
                .followedBy("c")
                .where(is("C"));
        assertMatches(pattern, "A1 B C1 A2 C2 A3 D B C3", "A2 C2", "A3 C3");
    }

    @Test
    void notFollowedByForbidsRowsInBetween() {
        Pattern pattern = Pattern.begin("a")
                .where(is("A"))
                .notFollowedBy("no")
                .where(is("B"))
                .followedBy("c")
                .where(is("C"));
        assertMatches(pattern, "A1 D B C1 A2 D C2", "A2 C2");
    }

    @Test
    void whatDoesNotFollowIsKnownWhenTheTimeIsOver() {
        Pattern pattern = Pattern.begin("a")
                .where(is("A"))
                .notFollowedBy("no")
                .where(is("B"))
                .within("3 seconds");
        DataFrame found = rows("A1 C A2 B A3 C C C")
                .groupBy("card")
                .matchPattern(pattern, col("ts"))
                .select(col("a.name").as("name"));
        assertEquals(List.of("[k, 0s, 3s, A1]", "[k, 4s, 7s, A3]"), texts(found));
        assertMatches(pattern, "A1 C C B", "A1");
    }

    @Test
    void aMatchTakesLessThanItsTime() {
        Pattern pattern = Pattern.begin("a").where(is("A")).followedBy("b").where(is("B"));
        assertMatches(pattern.within("2 seconds"), "A1 C B1 A2 B2", "A2 B2");
        assertMatches(pattern.within("3 seconds"), "A1 C B1 A2 B2", "A1 B1", "A2 B2");
    }

    @Test
    void whatIsNotCompleteInTimeCanBeGiven() {
        Pattern pattern =
                Pattern.begin("a").where(is("A")).followedBy("b").where(is("B")).within("2 seconds");
        DataFrame found = rows("A1 C C A2 B A3")
                .groupBy("card")
                .matchPattern(pattern, col("ts"))
                .selectWithTimedOut(
                        col("a.name").as("a"), col("b.name").as("b"), count("b").as("rows"));
        assertEquals(
                List.of(
                        "[k, 0s, 2s, true, A1, null, 0]",
                        "[k, 3s, 4s, false, A2, B, 1]",
                        "[k, 5s, 7s, true, A3, null, 0]"),
                texts(found));
    }

    @Test
    void strategiesSkipOtherMatches() {
        assertSkips(AfterMatchSkipStrategy.noSkip(), "B1 B2 B3 C", "B2 B3 C", "B3 C");
        assertSkips(AfterMatchSkipStrategy.skipToNext(), "B1 B2 B3 C", "B2 B3 C", "B3 C");
        assertSkips(AfterMatchSkipStrategy.skipPastLastEvent(), "B1 B2 B3 C");
        assertSkips(AfterMatchSkipStrategy.skipToFirst("c"), "B1 B2 B3 C");
        assertSkips(AfterMatchSkipStrategy.skipToFirst("b"), "B1 B2 B3 C", "B2 B3 C", "B3 C");
        assertSkips(AfterMatchSkipStrategy.skipToLast("b"), "B1 B2 B3 C", "B3 C");
    }

    private void assertSkips(AfterMatchSkipStrategy skip, String... expected) {
        Pattern pattern = Pattern.begin("b", skip)
                .where(is("B"))
                .oneOrMore()
                .greedy()
                .consecutive()
                .next("c")
                .where(is("C"));
        assertMatches(pattern, "B1 B2 B3 C", expected);
    }

    @Test
    void skippingToTheNextRowGivesOneMatchForEachBeginning() {
        Pattern every = Pattern.begin("a").where(is("A")).followedByAny("b").where(is("B"));
        assertMatches(every, "A1 B1 A2 B2", "A1 B1", "A1 B2", "A2 B2");
        Pattern one = Pattern.begin("a", AfterMatchSkipStrategy.skipToNext())
                .where(is("A"))
                .followedByAny("b")
                .where(is("B"));
        assertMatches(one, "A1 B1 A2 B2", "A1 B1", "A2 B2");
    }

    @Test
    void conditionsSeeWhatTheMatchHasTaken() {
        Pattern rising = Pattern.begin("low")
                .next("up")
                .where(col("amount").gt(col("prev.amount")))
                .oneOrMore()
                .consecutive()
                .next("down")
                .where(col("amount").lt(first("low.amount")));
        DataFrame prices = prices(5, 6, 8, 3, 4, 4, 2);
        assertEquals(
                List.of("[5, 8, 3, 2]"),
                texts(prices.groupBy("card")
                        .matchPattern(rising, col("ts"))
                        .select(col("low.amount"), col("up.amount"), col("down.amount"), count("up"))
                        .where("`count(up)` = 2")
                        .drop("card", "match_start", "match_end")));
        Pattern cheap = Pattern.begin("all")
                .where(avg("all.amount").isNull().or(avg("all.amount").lt(4)))
                .times(2)
                .consecutive();
        assertEquals(
                List.of("3 4", "2 9"),
                prices(5, 3, 4, 2, 9)
                        .groupBy("card")
                        .matchPattern(cheap, col("ts"))
                        .select(array_join(collect_list(col("all.amount").cast("string")), " ")
                                .as("all"))
                        .where("all not like '5%' and all not like '4%'")
                        .collectAsList()
                        .stream()
                        .map(row -> row.getString(3))
                        .toList());
    }

    private DataFrame prices(int... amounts) {
        List<Row> rows = new ArrayList<>();
        for (int amount : amounts) {
            rows.add(RowFactory.create("k", TEN.plusSeconds(rows.size()), amount));
        }
        return session.createDataFrame(rows, StructType.fromDDL("card string, ts timestamp, amount int"));
    }

    @Test
    void measuresAreExpressionsOverTheVariables() {
        Pattern pattern = Pattern.begin("all").times(3).consecutive();
        DataFrame found = prices(5, 7, 3)
                .groupBy("card")
                .matchPattern(pattern, col("ts"))
                .select(
                        first("all.amount").as("first"),
                        last("all.amount").as("last"),
                        min("all.amount").as("min"),
                        max("all.amount").plus(lit(1)).as("max"),
                        sum("all.amount").as("sum"),
                        sum(col("all.amount").cast("decimal(5,2)")).as("exact"),
                        avg("all.amount").as("avg"),
                        count("all.amount").as("count"),
                        functions.size(col("all")).as("size"));
        assertEquals(
                List.of("[5, 3, 3, 8, 15, 15.00, 5.0, 3, 3]"), texts(found.drop("card", "match_start", "match_end")));
        assertEquals(
                "decimal(15,2)",
                found.select("exact").schema().field(0).dataType().simpleString());
    }

    @Test
    void rowsOfOneTimeAreOrderedByFurtherColumns() {
        DataFrame rows = session.createDataFrame(
                List.of(RowFactory.create("k", TEN, 1), RowFactory.create("k", TEN, 3), RowFactory.create("k", TEN, 2)),
                StructType.fromDDL("card string, ts timestamp, amount int"));
        Pattern pattern = Pattern.begin("all").times(3).consecutive();
        Column amounts =
                array_join(collect_list(col("all.amount").cast("string")), "").as("amounts");
        assertEquals(
                "123",
                rows.groupBy("card")
                        .matchPattern(pattern, col("ts"))
                        .select(amounts)
                        .head()
                        .getString(3));
        assertEquals(
                "321",
                rows.groupBy("card")
                        .matchPattern(pattern, col("ts"), col("amount").desc())
                        .select(amounts)
                        .head()
                        .getString(3));
    }

    @Test
    void eachKeyHasItsOwnMatches() {
        DataFrame rows = session.createDataFrame(
                List.of(
                        RowFactory.create("x", TEN, 1),
                        RowFactory.create("y", TEN, 2),
                        RowFactory.create("x", TEN.plusSeconds(1), 3)),
                StructType.fromDDL("card string, ts timestamp, amount int"));
        DataFrame found = rows.groupBy(functions.upper(col("card")).as("owner"))
                .matchPattern(Pattern.begin("a").next("b"), col("ts"))
                .select(sum("a.amount").plus(sum("b.amount")).as("sum"));
        assertEquals(List.of("[X, 0s, 1s, 4]"), texts(found));
    }

    private static void assertInvalid(String message, org.junit.jupiter.api.function.Executable pattern) {
        QueryException refused = assertThrows(QueryException.class, pattern);
        assertTrue(
                refused.getMessage().startsWith("[INVALID_PATTERN] The pattern can't be matched: "),
                refused.getMessage());
        assertTrue(refused.getMessage().contains(message), refused.getMessage());
    }

    @Test
    void whatCanNotBeMatchedIsRefused() {
        Pattern a = Pattern.begin("a");
        assertInvalid("'A' can't be the name of a variable", () -> a.next("A"));
        assertInvalid("'prev' can't be the name of a variable", () -> Pattern.begin("prev"));
        assertInvalid("times(0) of 'a': a variable takes at least one row", () -> a.times(0));
        assertInvalid("greedy() of 'a': it takes one row only", a::greedy);
        assertInvalid(
                "oneOrMore() can't follow notNext or notFollowedBy('b')",
                () -> a.notNext("b").oneOrMore());
        assertInvalid("or(…) of 'a' comes before where(…)", () -> a.or(lit(true)));
        assertInvalid(
                "a pattern can't end with notNext(\"b\")", () -> a.notNext("b").stages());
        assertInvalid(
                "a pattern that ends with notFollowedBy(\"b\") needs within(…)",
                () -> a.notFollowedBy("b").stages());
        assertInvalid("the time must be positive", () -> a.within("0 seconds"));
        assertInvalid(
                "it skips to 'x', which is none of its variables [a]",
                () -> Pattern.begin("a", AfterMatchSkipStrategy.skipToLast("x")).stages());
        RelationalGroupedDataset keyed = prices(1).groupBy("card");
        assertInvalid("say what orders the rows", () -> keyed.matchPattern(a).select());
        assertInvalid(
                "the rows are ordered by 'amount', which is int.",
                () -> keyed.matchPattern(a, col("amount")).select());
        assertInvalid(
                "selectWithTimedOut(…) needs within(…)",
                () -> keyed.matchPattern(a, col("ts")).selectWithTimedOut());
        assertInvalid(
                "the variable 'amount' has the name of a column",
                () -> keyed.matchPattern(Pattern.begin("amount"), col("ts")).select(col("amount.amount")));
        assertInvalid(
                "'sum(amount)' is over none of the variables [a]",
                () -> keyed.matchPattern(a, col("ts")).select(sum("amount")));
        assertInvalid(
                "over a variable's rows go count, sum",
                () -> keyed.matchPattern(a, col("ts")).select(functions.stddev("a.amount")));
        assertEquals(
                "UNRESOLVED_COLUMN",
                assertThrows(
                                QueryException.class,
                                () -> keyed.matchPattern(a.where(col("amout").gt(1)), col("ts"))
                                        .select())
                        .code());
        assertInvalid(
                "matchPattern(…) can only follow groupBy(…)",
                () -> prices(1).rollup("card").matchPattern(a, col("ts")));
    }
}
