package dev.headrace.demo;

import dev.headrace.errors.UnavailableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// A shop whose orders are in PostgreSQL: Debezium tells Kafka of each change. Triggers note all changes in another
/// table, for the proof.
///
/// Some thousand orders are there before Debezium begins, which it tells as a snapshot.
final class PostgresShop implements Shop {
    /// Debezium's place in the server's log.
    static final String SLOT = "headrace";

    private static final int FIRST_ORDERS = 10_000;
    private static final Duration TICK = Duration.ofMillis(100);
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String SCHEMA = """
            create table orders (id bigserial primary key, customer text, status text, total_cents int);
            create table changes (seq bigserial, op text, id bigint, customer text, status text, total_cents int);
            create function note_change() returns trigger language plpgsql as $$
            begin
                if tg_op = 'DELETE' then
                    insert into changes (op, id) values ('d', old.id);
                else
                    insert into changes (op, id, customer, status, total_cents)
                        values ('u', new.id, new.customer, new.status, new.total_cents);
                end if;
                return null;
            end $$;
            create trigger note_changes after insert or update or delete on orders
                for each row execute function note_change();
            create procedure trade(count int) language plpgsql as $$
            declare
                chance float;
                chosen bigint;
            begin
                for i in 1..count loop
                    chance := random();
                    select id into chosen from orders
                        where id >= floor(random() * (select last_value from orders_id_seq))::bigint order by id limit 1;
                    if chance < 0.3 or chosen is null then
                        insert into orders (customer, status, total_cents) values
                            ('u' || floor(random() * 5000)::int, 'created', 500 + floor(random() * 50000)::int);
                    elsif chance < 0.35 then
                        delete from orders where id = chosen;
                    else
                        update orders set status = (array['paid', 'shipped', 'delivered', 'cancelled'])
                            [1 + floor(random() * 4)::int], total_cents = total_cents + 1 where id = chosen;
                    end if;
                end loop;
            end $$;
            """;

    private final PostgresServer server;
    private final DebeziumProcess debezium;
    private final Admin admin;
    private final DemoDirectory directory;
    private final int perTick;
    private final Thread thread = new Thread(this::run, "postgres-shop");
    private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
    private volatile boolean stopping;

    private PostgresShop(
            PostgresServer server, DebeziumProcess debezium, Admin admin, DemoDirectory directory, int perTick) {
        this.server = server;
        this.debezium = debezium;
        this.admin = admin;
        this.directory = directory;
        this.perTick = perTick;
    }

    /// Starts the server, Debezium and the traffic.
    ///
    /// @param say takes what is to be told
    /// @throws UnavailableException if one of them does not start
    static PostgresShop start(
            Path programs,
            Path connector,
            KafkaBroker broker,
            Traffic traffic,
            DemoDirectory directory,
            LiveScreen say) {
        PostgresServer server = PostgresServer.start(programs);
        @Nullable DebeziumProcess debezium = null;
        @Nullable Admin admin = null;
        try {
            server.sql(SCHEMA);
            server.sql("insert into orders (customer, status, total_cents) select 'u' || i % 5000, 'created',"
                    + " 500 + i % 50000 from generate_series(1, " + FIRST_ORDERS + ") i");
            debezium = DebeziumProcess.start(connector, directory.root(), server.port(), broker.bootstrapServers());
            awaitSlot(server, debezium);
            say.say("PostgreSQL runs at 127.0.0.1:" + server.port() + " (process " + server.pid()
                    + "), and Debezium reads its log (process " + debezium.pid() + ").");
            admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
            int perTick = Math.max(
                    1, Math.toIntExact(Math.round(traffic.orderChangesPerSecond() * (double) TICK.toMillis() / 1_000)));
            PostgresShop shop = new PostgresShop(server, debezium, admin, directory, perTick);
            shop.thread.start();
            return shop;
        } catch (RuntimeException failed) {
            if (admin != null) {
                admin.close();
            }
            if (debezium != null) {
                debezium.close();
            }
            server.close();
            throw failed;
        }
    }

    /// From the slot's making on the server keeps its log for Debezium, whose snapshot is of the same moment.
    private static void awaitSlot(PostgresServer server, DebeziumProcess debezium) {
        await("Debezium did not begin", () -> {
            debezium.checkRuns();
            return !server.sql("select 1 from pg_replication_slots where slot_name = '" + SLOT
                            + "' and confirmed_flush_lsn is not null")
                    .isEmpty();
        });
    }

    private static void await(String otherwise, BooleanSupplier condition) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new UnavailableException(
                        "DEMO_TOO_SLOW",
                        otherwise + " within " + LIMIT.toSeconds()
                                + " s. Choose a lower rate with --rate, or --generator instead of PostgreSQL.");
            }
            sleep(TICK);
        }
    }

    private static void sleep(Duration time) {
        try {
            TimeUnit.NANOSECONDS.sleep(time.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The demo was interrupted.", e);
        }
    }

    private void run() {
        try {
            long due = System.nanoTime();
            while (!stopping) {
                server.sql("call trade(" + perTick + ")");
                due += TICK.toNanos();
                long left = due - System.nanoTime();
                if (left > 0) {
                    sleep(Duration.ofNanos(left));
                } else {
                    // What the server can't take is not made up for.
                    due = System.nanoTime();
                }
            }
        } catch (RuntimeException e) {
            failure.compareAndSet(null, e);
        }
    }

    @Override
    public long clicks() {
        return 0;
    }

    @Override
    public long orderChanges() {
        Map<TopicPartition, OffsetSpec> ends = IntStream.range(0, ShopGenerator.ORDER_PARTITIONS)
                .mapToObj(partition -> new TopicPartition(ShopGenerator.ORDERS, partition))
                .collect(Collectors.toMap(partition -> partition, _ -> OffsetSpec.latest()));
        try {
            return admin.listOffsets(ends).all().get().values().stream()
                    .mapToLong(end -> end.offset())
                    .sum();
        } catch (ExecutionException e) {
            throw new UnavailableException(
                    "DEMO_TOPIC_UNREADABLE",
                    "The topic '" + ShopGenerator.ORDERS + "' can't be read: " + e.getCause(),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The demo was interrupted.", e);
        }
    }

    @Override
    public void finish() {
        stopping = true;
        join();
        RuntimeException failed = failure.get();
        if (failed != null) {
            throw failed;
        }
        List<String> changes = server.sql("select id, op, customer, status, total_cents from changes order by id, seq");
        write(directory.databaseChanges(), changes);
        write(directory.databaseRows(), server.sql("select id, customer, status, total_cents from orders order by id"));
        // An order that is told in the snapshot had one change before it: it was made.
        await("Kafka did not get all changes", () -> {
            debezium.checkRuns();
            return orderChanges() >= changes.size();
        });
    }

    private static void write(Path file, List<String> lines) {
        try {
            Files.write(file, lines);
        } catch (IOException e) {
            throw new UncheckedIOException("could not write " + file, e);
        }
    }

    private void join() {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stopping = true;
        join();
        admin.close();
        debezium.close();
        server.close();
    }
}
