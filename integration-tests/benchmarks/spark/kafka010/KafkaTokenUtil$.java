package org.apache.spark.kafka010;

import java.util.Map;
import org.apache.spark.SparkConf;
import scala.Option;

/// A stand-in for a class of `spark-token-provider-kafka-0-10`: there are no tokens.
///
/// Spark's Kafka connector takes the delegation tokens of its clients from that jar, which Maven could not resolve
/// where the figures are made, and refers to three of its classes. These three have the methods that it calls: settings
/// go through as they are, and there are never tokens, for which a benchmark's broker does not ask. Records do not pass
/// through them. Nothing but the benchmarks has them.
public final class KafkaTokenUtil$ {
    public static final KafkaTokenUtil$ MODULE$ = new KafkaTokenUtil$();

    public Option<Object> findMatchingTokenClusterConfig(SparkConf conf, String servers) {
        return Option.empty();
    }

    public boolean needTokenUpdate(Map<String, Object> settings, Option<Object> cluster) {
        return false;
    }
}
