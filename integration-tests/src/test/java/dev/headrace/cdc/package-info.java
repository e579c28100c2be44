/// Changes told by Debezium, landed in Delta tables.
@NullMarked
package dev.headrace.cdc;

import org.jspecify.annotations.NullMarked;
