/// Streaming queries: reading and writing streams, triggers, output modes, and watching what runs. Names are Spark's
/// (`org.apache.spark.sql.streaming`). Entry types: [DataStreamReader], [DataStreamWriter], [StreamingQuery].
@NullMarked
package dev.headrace.streaming;

import org.jspecify.annotations.NullMarked;
