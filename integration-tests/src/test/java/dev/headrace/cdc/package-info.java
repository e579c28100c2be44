/// Changes told by Debezium, those of a real PostgreSQL among them, landed in Delta tables.
@NullMarked
package dev.headrace.cdc;

import org.jspecify.annotations.NullMarked;
