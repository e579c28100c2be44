package dev.headrace.cdc;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/// Random transactions on the table `orders`, by a thread of its own until [#close], through whatever happens to the
/// server. The table `audit` gets what each of them changes, by triggers.
final class ShopTraffic implements AutoCloseable {
    private static final int KEYS = 300;

    private final Postgres postgres;
    private final Random random;
    private final Thread thread = new Thread(this::run, "shop-traffic");
    private final TreeSet<Long> ids = new TreeSet<>();
    private volatile boolean closed;
    private volatile boolean hasStatus;
    private volatile String note = "note";
    private volatile int transactions;

    ShopTraffic(Postgres postgres, long seed) throws SQLException {
        this.postgres = postgres;
        this.random = new Random(seed);
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("""
                    create table orders (id bigint primary key, customer text, amount numeric(12,2), note text,
                        placed timestamptz);
                    alter table orders alter note set storage external;
                    create table audit (seq bigserial, op text, id bigint, customer text);
                    create function audit_row() returns trigger language plpgsql as $$
                    begin
                        if tg_op = 'TRUNCATE' then
                            insert into audit (op, id) select 'd', id from orders;
                            return null;
                        end if;
                        if tg_op = 'DELETE' or (tg_op = 'UPDATE' and old.id <> new.id) then
                            insert into audit (op, id) values ('d', old.id);
                        end if;
                        if tg_op <> 'DELETE' then
                            insert into audit (op, id, customer) values ('u', new.id, new.customer);
                        end if;
                        return null;
                    end $$;
                    create trigger audit_rows after insert or update or delete on orders
                        for each row execute function audit_row();
                    create trigger audit_truncate before truncate on orders execute function audit_row();
                    """);
        }
        thread.start();
    }

    int transactions() {
        return transactions;
    }

    /// Adds a column to the table, which later transactions fill.
    void addStatus() throws SQLException {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("alter table orders add column status text");
        }
        hasStatus = true;
    }

    /// Renames a column. A transaction that was on its way with the old name fails.
    void renameNote() throws SQLException {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("alter table orders rename column note to remark");
        }
        note = "remark";
    }

    private void run() {
        while (!closed) {
            try (Connection connection = postgres.connect()) {
                connection.setAutoCommit(false);
                while (!closed) {
                    reload(connection);
                    transact(connection);
                    transactions++;
                    TimeUnit.MILLISECONDS.sleep(3);
                }
            } catch (SQLException away) {
                // The server was killed: whether the last transaction was committed is seen when it is back.
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void reload(Connection connection) throws SQLException {
        ids.clear();
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("select id from orders")) {
            while (found.next()) {
                ids.add(found.getLong(1));
            }
        }
    }

    private void transact(Connection connection) throws SQLException {
        if (random.nextInt(400) == 0) {
            execute(connection, "truncate orders");
            ids.clear();
        }
        int statements = 1 + random.nextInt(8);
        for (int i = 0; i < statements; i++) {
            change(connection);
        }
        if (random.nextInt(10) == 0) {
            connection.rollback();
        } else {
            connection.commit();
        }
    }

    private void change(Connection connection) throws SQLException {
        long id = random.nextInt(KEYS);
        String name = "customer " + random.nextInt(1_000_000);
        if (!ids.contains(id)) {
            execute(
                    connection,
                    "insert into orders (id, customer, amount, " + note
                            + ", placed) values (?, ?, ?, ?, clock_timestamp())",
                    id,
                    name,
                    BigDecimal.valueOf(random.nextInt(100_000), 2),
                    note());
            ids.add(id);
            return;
        }
        switch (random.nextInt(10)) {
            case 0, 1 -> {
                execute(connection, "delete from orders where id = ?", id);
                ids.remove(id);
            }
            case 2 -> {
                long other = random.nextInt(KEYS);
                if (ids.add(other)) {
                    // With the note: of a row under a new key, PostgreSQL tells no large value that was left alone.
                    execute(
                            connection,
                            "update orders set id = ?, customer = ?, " + note + " = ? where id = ?",
                            other,
                            name,
                            note(),
                            id);
                    ids.remove(id);
                }
            }
            case 3 ->
                execute(connection, "update orders set " + note + " = ?, customer = ? where id = ?", note(), name, id);
            default -> {
                String status = hasStatus ? ", status = 's" + random.nextInt(5) + "'" : "";
                execute(
                        connection,
                        "update orders set customer = ?, amount = ?" + status + " where id = ?",
                        name,
                        random.nextInt(8) == 0 ? null : BigDecimal.valueOf(random.nextInt(100_000), 2),
                        id);
            }
        }
    }

    /// A text that PostgreSQL mostly keeps out of the row, so that an update that does not touch it doesn't tell it.
    private String note() {
        return ("note " + random.nextInt(1_000_000) + " ").repeat(random.nextInt(3) == 0 ? 1 : 300);
    }

    private static void execute(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                if (values[i] == null) {
                    statement.setNull(i + 1, java.sql.Types.NUMERIC);
                } else {
                    statement.setObject(i + 1, values[i]);
                }
            }
            statement.execute();
        }
    }

    /// The rows of a query, a text each.
    static List<String> rows(Postgres postgres, String query) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(query)) {
            while (found.next()) {
                List<String> values = new ArrayList<>();
                for (int i = 1; i <= found.getMetaData().getColumnCount(); i++) {
                    values.add(String.valueOf(found.getString(i)));
                }
                rows.add(String.join("|", values));
            }
        }
        return rows;
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
