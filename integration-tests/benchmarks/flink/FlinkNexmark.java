import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;

// Flink as [dev.headrace.benchmarks.nexmark.HeadraceNexmark] runs Headrace. Compiled and run by Java 17. Arguments:
// the broker, the number of passes, a directory for checkpoints, the queries.
//
// The queries are those of Nexmark's public suite for Flink. State lies on the heap, which is Flink's fastest; a
// checkpoint is made every second; sources with the same table are read once.
public final class FlinkNexmark {
    private static final String BID_WINDOW = "TABLE(%s(TABLE bid, DESCRIPTOR(`dateTime`), %s))";

    public static void main(String[] args) throws Exception {
        List<String> queries = List.of(args).subList(3, args.length);
        for (int pass = 0; pass < Integer.parseInt(args[1]); pass++) {
            for (String query : queries) {
                StreamTableEnvironment tables = tables(args[0], args[2] + "/flink-" + query + "-" + pass);
                String sql = sql(query);
                long start = System.nanoTime();
                // The sink's columns are those of the query.
                tables.createTemporaryView("answer", tables.sqlQuery(sql));
                tables.executeSql("CREATE TABLE nowhere (" + columns(tables) + ") WITH ('connector' = 'blackhole')");
                tables.executeSql("INSERT INTO nowhere SELECT * FROM answer").await();
                System.out.println(query + " " + (System.nanoTime() - start) / 1e6);
            }
        }
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmHWM:")) {
                System.out.println("peak " + line.replaceAll("[^0-9]", ""));
            }
        }
        System.exit(0);
    }

    private static String columns(StreamTableEnvironment tables) {
        StringBuilder columns = new StringBuilder();
        tables.from("answer")
                .getResolvedSchema()
                .getColumns()
                .forEach(column -> columns.append(columns.isEmpty() ? "" : ", ")
                        .append('`')
                        .append(column.getName())
                        .append("` ")
                        .append(column.getDataType()
                                .getLogicalType()
                                .copy(true)
                                .asSerializableString()
                                .replaceAll(" \\*(ROWTIME|PROCTIME)\\*", "")));
        return columns.toString();
    }

    private static StreamTableEnvironment tables(String broker, String checkpoints) {
        Configuration conf = new Configuration();
        conf.setString("parallelism.default", "2");
        conf.setString("taskmanager.numberOfTaskSlots", "2");
        conf.setString("taskmanager.memory.network.max", "256mb");
        conf.setString("taskmanager.memory.managed.size", "512mb");
        conf.setString("execution.checkpointing.interval", "1s");
        conf.setString("execution.checkpointing.mode", "EXACTLY_ONCE");
        conf.setString("execution.checkpointing.checkpoints-after-tasks-finish", "false");
        conf.setString("execution.checkpointing.storage", "filesystem");
        conf.setString(
                "execution.checkpointing.dir", Path.of(checkpoints).toUri().toString());
        conf.setString("state.backend.type", "hashmap");
        conf.setString("pipeline.object-reuse", "true");
        conf.setString("table.exec.mini-batch.enabled", "true");
        conf.setString("table.exec.mini-batch.allow-latency", "2s");
        conf.setString("table.exec.mini-batch.size", "50000");
        conf.setString("table.local-time-zone", "UTC");
        StreamTableEnvironment tables =
                StreamTableEnvironment.create(StreamExecutionEnvironment.getExecutionEnvironment(conf));
        tables.executeSql("CREATE TABLE events (event_type INT,"
                + " person ROW<id BIGINT, name STRING, emailAddress STRING, creditCard STRING, city STRING, state STRING,"
                + " `dateTime` TIMESTAMP_LTZ(3), extra STRING>,"
                + " auction ROW<id BIGINT, itemName STRING, description STRING, initialBid BIGINT, reserve BIGINT,"
                + " `dateTime` TIMESTAMP_LTZ(3), expires TIMESTAMP_LTZ(3), seller BIGINT, category BIGINT, extra STRING>,"
                + " bid ROW<auction BIGINT, bidder BIGINT, price BIGINT, channel STRING, url STRING,"
                + " `dateTime` TIMESTAMP_LTZ(3), extra STRING>,"
                + " `dateTime` AS CASE WHEN event_type = 0 THEN person.`dateTime` WHEN event_type = 1 THEN auction.`dateTime`"
                + " ELSE bid.`dateTime` END,"
                + " WATERMARK FOR `dateTime` AS `dateTime` - INTERVAL '4' SECOND)"
                + " WITH ('connector' = 'kafka', 'topic' = 'nexmark', 'properties.bootstrap.servers' = '" + broker
                + "',"
                + " 'scan.startup.mode' = 'earliest-offset', 'scan.bounded.mode' = 'latest-offset', 'format' = 'json',"
                + " 'json.timestamp-format.standard' = 'ISO-8601')");
        tables.executeSql("CREATE VIEW person AS SELECT person.id, person.name, person.emailAddress, person.creditCard,"
                + " person.city, person.state, `dateTime`, person.extra FROM events WHERE event_type = 0");
        tables.executeSql("CREATE VIEW auction AS SELECT auction.id, auction.itemName, auction.description,"
                + " auction.initialBid, auction.reserve, `dateTime`, auction.expires, auction.seller, auction.category,"
                + " auction.extra FROM events WHERE event_type = 1");
        tables.executeSql(
                "CREATE VIEW bid AS SELECT bid.auction, bid.bidder, bid.price, bid.channel, bid.url, `dateTime`,"
                        + " bid.extra FROM events WHERE event_type = 2");
        return tables;
    }

    private static String sql(String query) {
        String sliding = BID_WINDOW.formatted("HOP", "INTERVAL '2' SECOND, INTERVAL '10' SECOND");
        String counts = "SELECT auction, count(*) AS num, window_start, window_end FROM " + sliding
                + " GROUP BY auction, window_start, window_end";
        return switch (query) {
            case "q0" -> "SELECT auction, bidder, price, `dateTime`, extra FROM bid";
            case "q1" -> "SELECT auction, bidder, 0.908 * price AS price, `dateTime`, extra FROM bid";
            case "q2" -> "SELECT auction, price FROM bid WHERE MOD(auction, 123) = 0";
            case "q3" ->
                "SELECT p.name, p.city, p.state, a.id FROM auction a JOIN person p ON a.seller = p.id"
                        + " WHERE a.category = 10 AND p.state IN ('OR', 'ID', 'CA')";
            case "q5" ->
                "SELECT c.auction, c.num, c.window_start AS starttime, c.window_end AS endtime FROM (" + counts
                        + ") c JOIN (SELECT max(num) AS maxn, window_start, window_end FROM (" + counts
                        + ") GROUP BY window_start, window_end) m ON c.window_start = m.window_start"
                        + " AND c.window_end = m.window_end AND c.num >= m.maxn";
            case "q7" ->
                "SELECT b.auction, b.price, b.bidder, b.`dateTime`, b.extra FROM bid b JOIN ("
                        + "SELECT max(price) AS maxprice, window_end AS windowEnd FROM "
                        + BID_WINDOW.formatted("TUMBLE", "INTERVAL '10' SECOND")
                        + " GROUP BY window_start, window_end) m"
                        + " ON b.price = m.maxprice AND b.`dateTime` BETWEEN m.windowEnd - INTERVAL '10' SECOND AND m.windowEnd";
            case "q8" ->
                "SELECT p.id, p.name, p.starttime FROM (SELECT id, name, window_start AS starttime, window_end AS"
                        + " endtime FROM TABLE(TUMBLE(TABLE person, DESCRIPTOR(`dateTime`), INTERVAL '10' SECOND))"
                        + " GROUP BY id, name, window_start, window_end) p JOIN (SELECT seller, window_start AS starttime,"
                        + " window_end AS endtime FROM TABLE(TUMBLE(TABLE auction, DESCRIPTOR(`dateTime`), INTERVAL '10' SECOND))"
                        + " GROUP BY seller, window_start, window_end) a ON p.id = a.seller AND p.starttime = a.starttime"
                        + " AND p.endtime = a.endtime";
            case "q11" ->
                "SELECT bidder, count(*) AS bid_count, window_start AS starttime, window_end AS endtime FROM"
                        + " TABLE(SESSION(TABLE bid PARTITION BY bidder, DESCRIPTOR(`dateTime`), INTERVAL '10' SECOND))"
                        + " GROUP BY bidder, window_start, window_end";
            case "q15" ->
                "SELECT DATE_FORMAT(`dateTime`, 'yyyy-MM-dd') AS `day`, count(*) AS total_bids,"
                        + " count(*) FILTER (WHERE price < 10000) AS rank1_bids,"
                        + " count(*) FILTER (WHERE price >= 10000 AND price < 1000000) AS rank2_bids,"
                        + " count(*) FILTER (WHERE price >= 1000000) AS rank3_bids,"
                        + " count(DISTINCT bidder) AS total_bidders,"
                        + " count(DISTINCT bidder) FILTER (WHERE price < 10000) AS rank1_bidders,"
                        + " count(DISTINCT bidder) FILTER (WHERE price >= 10000 AND price < 1000000) AS rank2_bidders,"
                        + " count(DISTINCT bidder) FILTER (WHERE price >= 1000000) AS rank3_bidders,"
                        + " count(DISTINCT auction) AS total_auctions,"
                        + " count(DISTINCT auction) FILTER (WHERE price < 10000) AS rank1_auctions,"
                        + " count(DISTINCT auction) FILTER (WHERE price >= 10000 AND price < 1000000) AS rank2_auctions,"
                        + " count(DISTINCT auction) FILTER (WHERE price >= 1000000) AS rank3_auctions"
                        + " FROM bid GROUP BY DATE_FORMAT(`dateTime`, 'yyyy-MM-dd')";
            default -> throw new IllegalArgumentException("no query " + query);
        };
    }
}
