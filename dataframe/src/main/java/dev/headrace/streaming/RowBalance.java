package dev.headrace.streaming;

/// What became of the rows of one batch, in one operator or in the whole query. Where no row is lost or doubled,
/// `in + made = out + late + filtered + rejected + shed + held`; the engine checks that for each batch.
///
/// @param in rows that came from the operators below, or from the sources
/// @param made rows that came of what is held: results of groups, pairs of joins, elements of arrays
/// @param out rows that went on to the operator above, or to the sink
/// @param late rows that were left out because the watermark had passed them
/// @param filtered rows that a condition was not true for, or that were there already
/// @param rejected rows that an expression failed for, given to `deadLetters`
/// @param shed rows that were left out because too many waited ([dev.headrace.DataFrame#withLoadShedding])
/// @param held rows that were taken into a state, or into the table of a join or an aggregation
public record RowBalance(long in, long made, long out, long late, long filtered, long rejected, long shed, long held) {
    /// Nothing came, nothing went.
    public static final RowBalance EMPTY = new RowBalance(0, 0, 0, 0, 0, 0, 0, 0);

    /// Whether each row is accounted for.
    public boolean isEven() {
        return in + made == out + late + filtered + rejected + shed + held;
    }

    /// This and that, added up.
    public RowBalance plus(RowBalance other) {
        return new RowBalance(
                in + other.in,
                made + other.made,
                out + other.out,
                late + other.late,
                filtered + other.filtered,
                rejected + other.rejected,
                shed + other.shed,
                held + other.held);
    }

    /// Such as `in 100 + made 3 = out 3 + late 2 + held 98`.
    @Override
    public String toString() {
        return "in " + in + part("made", made) + (isEven() ? " = " : " \u2260 ") + "out " + out + part("late", late)
                + part("filtered", filtered) + part("rejected", rejected) + part("shed", shed) + part("held", held);
    }

    private static String part(String name, long rows) {
        return rows == 0 ? "" : " + " + name + " " + rows;
    }
}
