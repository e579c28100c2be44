package dev.headrace.plan.rules;

import java.util.List;
import java.util.stream.IntStream;

/// About how many rows tables have when they are joined, for each set of some of them. Sets are bits.
///
/// Columns are taken to be independent of each other, and what they are equal to to be among the values of the one that
/// has the fewest; with two exceptions. Columns that two tables share have not more values together than one table has
/// rows: they are its key of several columns as a rule. And a row has but one partner in a table that is joined by its
/// key, even if its keys are mostly such as no other table has.
final class JoinedRows {
    /// A column with so many values per row nearly tells rows from each other.
    private static final double NEARLY_KEY = 0.5;

    private final List<Table> tables;
    private final List<Shared> columns;
    private final List<Restriction> restrictions;

    /// Which columns a table shares with an earlier one.
    private final int[][][] sharedColumns;

    /// The rows of each set, by columns alone.
    private final double[] products;

    /// The rows of each set.
    private final double[] rows;

    /// @param rows that are left by the conditions for the table alone
    /// @param all of its rows, before conditions
    record Table(double rows, double all) {}

    /// Columns that are equal to each other.
    ///
    /// @param tables that have one of them
    /// @param keyed those of which it is the key
    /// @param values how many different ones there are
    record Shared(int tables, int keyed, double values) {}

    /// Another condition for several tables.
    ///
    /// @param part of the rows that it leaves
    record Restriction(int tables, double part) {}

    private JoinedRows(List<Table> tables, List<Shared> columns, List<Restriction> restrictions) {
        this.tables = tables;
        this.columns = columns;
        this.restrictions = restrictions;
        this.products = new double[1 << tables.size()];
        this.rows = new double[1 << tables.size()];
        this.sharedColumns = new int[tables.size()][tables.size()][];
        for (int a = 0; a < tables.size(); a++) {
            for (int b = 0; b < a; b++) {
                sharedColumns[a][b] = sharedColumns(a, b);
            }
        }
    }

    /// @return for each set of tables its rows, at least 1
    static double[] ofSets(List<Table> tables, List<Shared> columns, List<Restriction> restrictions) {
        JoinedRows joined = new JoinedRows(tables, columns, restrictions);
        joined.products[0] = 1;
        for (int set = 1; set < joined.rows.length; set++) {
            int others = set & ~Integer.highestOneBit(set);
            int table = Integer.numberOfTrailingZeros(set & ~others);
            joined.products[set] =
                    joined.products[others] * tables.get(table).rows() / joined.valuesBetween(table, others);
            joined.rows[set] = Math.max(1, Math.min(joined.restricted(set), joined.mostByKeys(set)));
        }
        return joined.rows;
    }

    private double restricted(int set) {
        double product = products[set];
        for (Restriction restriction : restrictions) {
            if ((restriction.tables() & ~set) == 0) {
                product *= restriction.part();
            }
        }
        return product;
    }

    /// How many rows there are at most, as a row has but one partner in a table that is joined by its key.
    ///
    /// Conditions for that table alone that leave fewer rows than the key has values elsewhere are taken to be about
    /// these, such as a year of which there are sales; others, such as a month of any year, leave the same part of all.
    private double mostByKeys(int set) {
        double most = Double.MAX_VALUE;
        for (Shared column : columns) {
            for (int keyed = column.keyed() & set; keyed != 0; keyed &= keyed - 1) {
                int others = set & ~Integer.lowestOneBit(keyed);
                if ((column.tables() & others) != 0) {
                    Table table = tables.get(Integer.numberOfTrailingZeros(keyed));
                    double part = table.rows() < column.values() ? 1 : table.rows() / table.all();
                    most = Math.min(most, part * rows[others]);
                }
            }
        }
        return most;
    }

    /// How many values the columns may have together that are equal between a table and some others.
    private double valuesBetween(int table, int others) {
        double all = 1;
        boolean[] seen = new boolean[columns.size()];
        for (int partner = partner(table, others, seen); partner >= 0; partner = partner(table, others, seen)) {
            double values = 1;
            double most = 1;
            int shared = 0;
            for (int column : sharedColumns[table][partner]) {
                if (!seen[column]) {
                    seen[column] = true;
                    values *= columns.get(column).values();
                    most = Math.max(most, columns.get(column).values());
                    shared++;
                }
            }
            all *= shared == 1 ? values : Math.min(values, keys(table, partner, most));
        }
        return all;
    }

    /// How many keys of several columns two tables have, of which one has `most` values by itself. If that one nearly
    /// tells the smaller table's rows from each other, the others are there to tell those of the larger one.
    private double keys(int a, int b, double most) {
        double fewer = Math.min(tables.get(a).all(), tables.get(b).all());
        return most < NEARLY_KEY * fewer
                ? fewer
                : Math.max(tables.get(a).all(), tables.get(b).all());
    }

    /// The one of some tables that shares the most columns with a table that are not seen yet; of several, the one with
    /// the fewest rows; -1 if none does.
    private int partner(int table, int others, boolean[] seen) {
        int best = -1;
        int most = 0;
        for (int left = others; left != 0; left &= left - 1) {
            int other = Integer.numberOfTrailingZeros(left);
            int shared = 0;
            for (int column : sharedColumns[table][other]) {
                shared += seen[column] ? 0 : 1;
            }
            boolean isSmaller =
                    best >= 0 && tables.get(other).all() < tables.get(best).all();
            if (shared > most || shared > 0 && shared == most && isSmaller) {
                best = other;
                most = shared;
            }
        }
        return best;
    }

    private int[] sharedColumns(int a, int b) {
        int both = 1 << a | 1 << b;
        return IntStream.range(0, columns.size())
                .filter(c -> (columns.get(c).tables() & both) == both)
                .toArray();
    }
}
