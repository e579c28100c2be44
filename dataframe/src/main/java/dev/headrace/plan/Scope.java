package dev.headrace.plan;

import dev.headrace.errors.QueryException;
import dev.headrace.errors.Suggestion;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The columns that names may refer to: those of a plan, in order, with what they are called.
///
/// @param outer for a subquery: the columns of the query around it
record Scope(List<Entry> entries, StructType schema, Optional<Scope> outer) {
    private static final int NAMES_IN_MESSAGE = 30;
    /// A catalog, a database and a table.
    private static final int MOST_QUALIFIERS = 3;

    /// One column.
    ///
    /// @param qualifiers the aliases of relations under which it can be found, and the names of tables with their
    ///     databases; those of both sides after an inner `using` join
    /// @param planIds the DataFrames that it passed through unchanged, the last one at the end
    /// @param hidden whether no star stands for it
    record Entry(String name, List<String> qualifiers, List<Long> planIds, boolean hidden) {
        Entry {
            qualifiers = List.copyOf(qualifiers);
            planIds = List.copyOf(planIds);
        }

        Entry(String name, List<String> qualifiers, List<Long> planIds) {
            this(name, qualifiers, planIds, false);
        }

        static Entry of(String name) {
            return new Entry(name, List.of(), List.of());
        }

        Entry withName(String newName) {
            return new Entry(newName, qualifiers, planIds);
        }

        Entry asHidden() {
            return new Entry(name, qualifiers, planIds, true);
        }

        private Entry withPlanId(long planId) {
            List<Long> more = new ArrayList<>(planIds);
            more.add(planId);
            return new Entry(name, qualifiers, more, hidden);
        }

        /// How many DataFrames were made since the column passed through this one; negative if it did not.
        private int distance(long planId) {
            int at = planIds.lastIndexOf(planId);
            return at < 0 ? -1 : planIds.size() - 1 - at;
        }

        private boolean qualifiedBy(String qualifier) {
            return qualifiers.stream().anyMatch(qualifier::equalsIgnoreCase);
        }

        private String qualifiedName() {
            return qualifiers.isEmpty() ? name : qualifiers.getFirst() + "." + name;
        }
    }

    /// A column that a name refers to, and the parts of the name that say which field of it.
    record Match(int ordinal, List<String> fields) {}

    Scope {
        entries = List.copyOf(entries);
        if (entries.size() != schema.size()) {
            throw new IllegalArgumentException(entries.size() + " names for " + schema.size() + " columns");
        }
    }

    Scope(List<Entry> entries, StructType schema) {
        this(entries, schema, Optional.empty());
    }

    Scope within(Optional<Scope> enclosing) {
        return outer.equals(enclosing) ? this : new Scope(entries, schema, enclosing);
    }

    static Scope of(StructType schema) {
        return new Scope(schema.names().stream().map(Entry::of).toList(), schema);
    }

    Scope withPlanId(long planId) {
        return new Scope(entries.stream().map(entry -> entry.withPlanId(planId)).toList(), schema, outer);
    }

    /// The columns under a relation's alias, which hides earlier ones.
    ///
    /// @param database of a table that has its own name
    Scope withQualifier(String alias, Optional<String> database) {
        List<String> qualifiers =
                database.map(of -> List.of(alias, of + "." + alias)).orElse(List.of(alias));
        List<Entry> renamed = entries.stream()
                .map(entry -> new Entry(entry.name(), qualifiers, entry.planIds()))
                .toList();
        return new Scope(renamed, schema, outer);
    }

    /// The columns of a plan whose types have changed, but not its names.
    Scope withSchema(StructType newSchema) {
        return new Scope(entries, newSchema, outer);
    }

    /// These names, and a hidden column behind them, which is found as the first of them is.
    Scope withHidden(String name, StructType wider) {
        Entry like = entries.isEmpty() ? Entry.of(name) : entries.getFirst();
        List<Entry> all = new ArrayList<>(entries);
        all.add(new Entry(name, like.qualifiers(), like.planIds(), true));
        return new Scope(all, wider, outer);
    }

    /// These names for the first columns of another scope, followed by its other columns.
    Scope withHidden(Scope wider) {
        List<Entry> all = new ArrayList<>(entries);
        all.addAll(wider.entries.subList(entries.size(), wider.entries.size()));
        return new Scope(all, wider.schema, outer);
    }

    boolean hasHidden() {
        return entries.stream().anyMatch(Entry::hidden);
    }

    boolean hasHidden(String name) {
        return entries.stream().anyMatch(entry -> entry.hidden() && entry.name().equalsIgnoreCase(name));
    }

    /// These names for the first columns of a schema, followed by its other columns under their own.
    Scope extendedTo(StructType wider) {
        List<Entry> all = new ArrayList<>(entries);
        wider.names().subList(entries.size(), wider.size()).forEach(name -> all.add(Entry.of(name)));
        return new Scope(all, wider);
    }

    /// These columns followed by those of the other side of a join.
    Scope followedBy(Scope right) {
        List<Entry> both = new ArrayList<>(entries);
        both.addAll(right.entries);
        List<StructField> fields = new ArrayList<>(schema.fieldList());
        fields.addAll(right.schema.fieldList());
        return new Scope(both, new StructType(fields), outer);
    }

    BoundExpr.Column column(int ordinal) {
        StructField field = schema.field(ordinal);
        return new BoundExpr.Column(ordinal, field.name(), field.dataType(), field.nullable());
    }

    /// The one column that the name refers to.
    ///
    /// @throws QueryException `UNRESOLVED_COLUMN` or `AMBIGUOUS_REFERENCE`
    Match resolve(NamedExpr.Name name) {
        List<Match> matches = matches(name);
        if (matches.isEmpty()) {
            throw unresolved(name);
        }
        if (matches.size() > 1) {
            throw ambiguous(name, matches);
        }
        return matches.getFirst();
    }

    /// The qualifier of these parts: `table`, `database.table`, or `spark_catalog.database.table`.
    static String qualifier(List<String> parts) {
        boolean catalog = parts.size() == MOST_QUALIFIERS && parts.getFirst().equalsIgnoreCase("spark_catalog");
        return String.join(".", catalog ? parts.subList(1, parts.size()) : parts);
    }

    /// The columns that the name may refer to: as `database.table.column` or `alias.column` if there are such ones,
    /// else as `column`.
    List<Match> matches(NamedExpr.Name name) {
        List<Integer> candidates = candidates(name.planId());
        List<String> parts = name.parts();
        for (int count = Math.min(parts.size() - 1, MOST_QUALIFIERS); count > 0; count--) {
            String qualifier = qualifier(parts.subList(0, count));
            String column = parts.get(count);
            List<Integer> qualified = candidates.stream()
                    .filter(i -> entries.get(i).qualifiedBy(qualifier)
                            && entries.get(i).name().equalsIgnoreCase(column))
                    .toList();
            if (!qualified.isEmpty()) {
                List<String> fields = parts.subList(count + 1, parts.size());
                return visibleFirst(qualified).stream()
                        .map(i -> new Match(i, fields))
                        .toList();
            }
        }
        List<Integer> plain = candidates.stream()
                .filter(i -> entries.get(i).name().equalsIgnoreCase(parts.getFirst()))
                .toList();
        return nearest(visibleFirst(plain), name.planId()).stream()
                .map(i -> new Match(i, parts.subList(1, parts.size())))
                .toList();
    }

    /// Those that are not hidden; all if there are only hidden ones.
    private List<Integer> visibleFirst(List<Integer> ordinals) {
        List<Integer> visible =
                ordinals.stream().filter(i -> !entries.get(i).hidden()).toList();
        return visible.isEmpty() ? ordinals : visible;
    }

    private List<Integer> candidates(OptionalLong planId) {
        return IntStream.range(0, entries.size())
                .filter(i -> planId.isEmpty() || entries.get(i).distance(planId.getAsLong()) >= 0)
                .boxed()
                .toList();
    }

    /// Of columns taken from one DataFrame, those that have passed through the fewest others since: so `df.col("id")`
    /// means `df` itself, not what was derived from it and joined.
    private List<Integer> nearest(List<Integer> ordinals, OptionalLong planId) {
        if (planId.isEmpty() || ordinals.size() < 2) {
            return ordinals;
        }
        int min = ordinals.stream()
                .mapToInt(i -> entries.get(i).distance(planId.getAsLong()))
                .min()
                .orElseThrow();
        return ordinals.stream()
                .filter(i -> entries.get(i).distance(planId.getAsLong()) == min)
                .toList();
    }

    /// Whether every name in the expression refers to exactly one column.
    boolean resolves(NamedExpr expr) {
        if (expr instanceof NamedExpr.Name name) {
            return matches(name).size() == 1;
        }
        return expr.operands().stream().allMatch(this::resolves);
    }

    /// The ordinals of a relation's columns: all without a name, or those under an alias, keys that a join has hidden
    /// first.
    List<Integer> columnsOf(@Nullable String alias) {
        List<Integer> visible = IntStream.range(0, entries.size())
                .filter(i -> !entries.get(i).hidden())
                .filter(i -> alias == null || entries.get(i).qualifiedBy(alias))
                .boxed()
                .toList();
        if (alias == null) {
            return visible;
        }
        List<Integer> all = new ArrayList<>(IntStream.range(0, entries.size())
                .filter(i -> entries.get(i).hidden() && entries.get(i).qualifiedBy(alias))
                .filter(i -> !entries.get(i).name().equalsIgnoreCase(HiddenColumn.NAME))
                .boxed()
                .toList());
        all.addAll(visible);
        return all;
    }

    /// The ordinals of the columns of exactly this name, without regard to case.
    List<Integer> named(String name) {
        return IntStream.range(0, entries.size())
                .filter(i -> entries.get(i).name().equalsIgnoreCase(name))
                .boxed()
                .toList();
    }

    /// The ordinal of the only column of this name.
    ///
    /// @throws QueryException `UNRESOLVED_COLUMN` or `AMBIGUOUS_REFERENCE`
    int only(String name) {
        NamedExpr.Name asName = new NamedExpr.Name(List.of(name), OptionalLong.empty());
        return resolve(asName).ordinal();
    }

    private QueryException unresolved(NamedExpr.Name name) {
        String wanted = String.join(".", name.parts());
        List<String> known = entries.stream().map(Entry::name).toList();
        String suggestion = Suggestion.didYouMean(name.parts().getFirst(), known);
        if (suggestion.isEmpty() && name.parts().size() > 1) {
            suggestion = Suggestion.didYouMean(
                    wanted, entries.stream().map(Entry::qualifiedName).toList());
        }
        if (name.planId().isPresent() && !named(name.parts().getFirst()).isEmpty()) {
            return new QueryException(
                    "UNRESOLVED_COLUMN",
                    "'" + wanted + "' was taken from a DataFrame whose column is not part of " + this
                            + " any more. Take it from the DataFrame that the method is called on, or write col(\""
                            + wanted + "\").");
        }
        return new QueryException(
                "UNRESOLVED_COLUMN", "'" + wanted + "' is not a column of " + this + ". " + suggestion);
    }

    private QueryException ambiguous(NamedExpr.Name name, List<Match> matches) {
        String candidates = matches.stream()
                .map(match -> entries.get(match.ordinal()).qualifiedName() + " (column " + (match.ordinal() + 1) + ")")
                .collect(Collectors.joining(", "));
        return new QueryException(
                "AMBIGUOUS_REFERENCE",
                "'" + String.join(".", name.parts()) + "' may be any of " + candidates + " of " + this
                        + ". Give the sides an alias and write 'alias.column', or take the column from its DataFrame"
                        + " with df.col(\"…\").");
    }

    /// The relations with their columns, as in `orders(id, amount, ts)`.
    @Override
    public String toString() {
        Map<String, List<String>> relations = new LinkedHashMap<>();
        for (Entry entry : entries) {
            String alias =
                    entry.qualifiers().isEmpty() ? "" : entry.qualifiers().getFirst();
            relations.computeIfAbsent(alias, _ -> new ArrayList<>()).add(entry.name());
        }
        if (relations.isEmpty()) {
            return "()";
        }
        return relations.entrySet().stream()
                .map(relation -> relation.getKey() + Scope.list(relation.getValue()))
                .collect(Collectors.joining(", "));
    }

    private static String list(List<String> names) {
        List<String> shown = names.subList(0, Math.min(NAMES_IN_MESSAGE, names.size()));
        String rest = names.size() > NAMES_IN_MESSAGE ? ", … " + (names.size() - NAMES_IN_MESSAGE) + " more" : "";
        return "(" + String.join(", ", shown) + rest + ")";
    }

    Optional<Entry> entryOf(BoundExpr expr) {
        return expr instanceof BoundExpr.Column column && column.ordinal() < entries.size()
                ? Optional.of(entries.get(column.ordinal()))
                : Optional.empty();
    }
}
