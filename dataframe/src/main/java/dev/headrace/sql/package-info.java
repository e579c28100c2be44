/// Spark SQL: its text becomes statements over named plans. The entry is [dev.headrace.sql.SqlParser].
@NullMarked
package dev.headrace.sql;

import org.jspecify.annotations.NullMarked;
