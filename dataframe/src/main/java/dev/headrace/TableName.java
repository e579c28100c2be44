package dev.headrace;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/// Where what lasts is found, whatever database is the current one: a database, and a name in it. Without letter case.
record TableName(String database, String name) implements Comparable<TableName> {
    private static final Comparator<TableName> ORDER = Comparator.comparing(
                    TableName::database, String.CASE_INSENSITIVE_ORDER)
            .thenComparing(TableName::name, String.CASE_INSENSITIVE_ORDER);

    /// What a written name means.
    ///
    /// @param current the database of names that say none
    static TableName of(List<String> written, String current) {
        List<String> parts = Databases.withoutCatalog(written);
        boolean plain =
                parts.size() == 1 || parts.size() == 2 && parts.getFirst().equalsIgnoreCase(TemporaryViews.OF_SESSION);
        return new TableName(plain ? current : String.join(".", parts.subList(0, parts.size() - 1)), parts.getLast());
    }

    boolean isOfDefault() {
        return database.equalsIgnoreCase(Databases.DEFAULT);
    }

    List<String> parts() {
        return List.of(database, name);
    }

    /// For messages: with its database if that is not the default one.
    String shown() {
        return isOfDefault() ? name : database + "." + name;
    }

    @Override
    public int compareTo(TableName other) {
        return ORDER.compare(this, other);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TableName that && ORDER.compare(this, that) == 0;
    }

    @Override
    public int hashCode() {
        return Objects.hash(database.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT));
    }
}
