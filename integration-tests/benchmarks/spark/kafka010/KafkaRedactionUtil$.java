package org.apache.spark.kafka010;

import scala.collection.immutable.Seq;

/// A stand-in for a class of `spark-token-provider-kafka-0-10`: there are no secrets to hide. See `KafkaTokenUtil$`.
public final class KafkaRedactionUtil$ {
    public static final KafkaRedactionUtil$ MODULE$ = new KafkaRedactionUtil$();

    public Seq<Object> redactParams(Seq<Object> settings) {
        return settings;
    }
}
