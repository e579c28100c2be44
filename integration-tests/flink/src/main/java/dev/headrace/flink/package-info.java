/// Flink in processes of its own: [FlinkAnswers] gives a test its answers to Nexmark's queries, [FlinkNexmark] and
/// [FlinkExactlyOnce] are measured.
package dev.headrace.flink;
