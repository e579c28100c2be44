/// Data types and schemas, named as in Spark (`org.apache.spark.sql.types`). Entry types: [DataTypes], [StructType].
@NullMarked
package dev.headrace.types;

import org.jspecify.annotations.NullMarked;
