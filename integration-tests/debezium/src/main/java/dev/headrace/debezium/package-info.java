/// Debezium's connector for PostgreSQL in a process of its own, for the tests.
@NullMarked
package dev.headrace.debezium;

import org.jspecify.annotations.NullMarked;
