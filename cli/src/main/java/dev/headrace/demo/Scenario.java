package dev.headrace.demo;

import dev.headrace.Session;
import java.util.List;

/// What `headrace demo` shows.
enum Scenario {
    /// Clicks and orders in three queries.
    SHOP {
        @Override
        int usualRate() {
            return 20_000;
        }

        @Override
        Traffic traffic(int rate) {
            return Traffic.ofRate(rate);
        }

        @Override
        String engineMain() {
            return DemoEngine.class.getName();
        }

        @Override
        List<String> queries() {
            return List.of(DemoRun.CLICKS, DemoRun.REVENUE, DemoRun.ORDERS);
        }

        @Override
        List<String> introduction() {
            return List.of(
                    "A shop's clicks and orders go through Kafka into Delta tables. Three streaming queries run: clicks are"
                            + " appended,",
                    "revenue is summed up per product and minute, orders are counted by status. Each event must count once,",
                    "although the engine is killed on the way. An hour of the shop passes in a minute.");
        }

        @Override
        Verdict verdict(DemoRun run, DemoDirectory directory, Session session) {
            return run.verdict(new DeltaTables(session, directory));
        }

        @Override
        List<String> tables() {
            return List.of(DemoRun.CLICKS, DemoRun.REVENUE);
        }
    },

    /// The changes of a table in PostgreSQL, landed.
    POSTGRES {
        @Override
        int usualRate() {
            return CDC.usualRate();
        }

        @Override
        Traffic traffic(int rate) {
            return CDC.traffic(rate);
        }

        @Override
        String engineMain() {
            return CDC.engineMain();
        }

        @Override
        List<String> queries() {
            return CDC.queries();
        }

        @Override
        List<String> introduction() {
            return List.of(
                    "A shop's orders are in PostgreSQL. Debezium reads each change from its log, and tells it to Kafka. Two"
                            + " streaming queries apply them:",
                    "one keeps a Delta table that is like PostgreSQL's, the other one each version of its rows.",
                    "Both must be right to the row, although the engine is killed on the way.");
        }

        @Override
        Shop open(KafkaBroker broker, Traffic traffic, DemoDirectory directory, LiveScreen screen) {
            return PostgresShop.start(
                    PostgresServer.installed().orElseThrow(),
                    DebeziumProcess.built().orElseThrow(),
                    broker,
                    traffic,
                    directory,
                    screen);
        }

        @Override
        Verdict verdict(DemoRun run, DemoDirectory directory, Session session) {
            DeltaTables tables = new DeltaTables(session, directory);
            return PostgresProof.of(
                    directory.databaseRows(), directory.databaseChanges(), tables.latest(), tables.history());
        }

        @Override
        List<String> tables() {
            return CDC.tables();
        }
    },

    /// The changes of a table that a generator makes up, landed.
    CDC {
        @Override
        int usualRate() {
            return 5_000;
        }

        @Override
        Traffic traffic(int rate) {
            return Traffic.ofOrders(rate);
        }

        @Override
        String engineMain() {
            return CdcEngine.class.getName();
        }

        @Override
        List<String> queries() {
            return tables();
        }

        @Override
        List<String> introduction() {
            return List.of(
                    "Each change of a shop's table of orders comes through Kafka, as Debezium tells it. Two streaming queries"
                            + " apply them:",
                    "one keeps a Delta table that is like the table at the source, the other one each version of its rows.",
                    "Both must be right to the row, although the engine is killed on the way.");
        }

        @Override
        Verdict verdict(DemoRun run, DemoDirectory directory, Session session) {
            DeltaTables tables = new DeltaTables(session, directory);
            return CdcProof.of(Ledger.open(directory.ledger()), run.traffic(), tables.latest(), tables.history());
        }

        @Override
        List<String> tables() {
            return List.of(CdcEngine.LATEST, CdcEngine.HISTORY);
        }
    };

    /// The rate if none is said.
    abstract int usualRate();

    abstract Traffic traffic(int rate);

    /// The main class of the engine's process.
    abstract String engineMain();

    /// The names of its queries.
    abstract List<String> queries();

    /// What is said before it begins.
    abstract List<String> introduction();

    /// Starts what sends the traffic.
    Shop open(KafkaBroker broker, Traffic traffic, DemoDirectory directory, LiveScreen screen) {
        return ShopGenerator.start(broker.bootstrapServers(), traffic, directory.ledger());
    }

    /// What has come of a run.
    abstract Verdict verdict(DemoRun run, DemoDirectory directory, Session session);

    /// The names of the tables that stay.
    abstract List<String> tables();
}
