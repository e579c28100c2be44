/// What [dev.headrace.Catalog] tells of tables, functions and databases.
@NullMarked
package dev.headrace.catalog;

import org.jspecify.annotations.NullMarked;
