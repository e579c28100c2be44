/// `format("jdbc")`: tables of databases, by the JDBC driver that the program has on its class path.
@NullMarked
package dev.headrace.jdbc;

import org.jspecify.annotations.NullMarked;
