package dev.headrace.plan.rules;

import dev.headrace.connector.BatchTable;
import dev.headrace.connector.PayloadDecoder;
import dev.headrace.connector.ScanRequest;
import dev.headrace.plan.BoundExpr;
import dev.headrace.types.StructType;
import java.util.function.Predicate;

/// A table that can only be planned with.
///
/// @param filters which predicates its scans can use
/// @param decodes whether its scans decode payloads
record FakeTable(String description, StructType schema, Predicate<BoundExpr> filters, boolean decodes)
        implements BatchTable {
    FakeTable(String name, String ddl) {
        this(name, StructType.fromDDL(ddl), _ -> false, false);
    }

    @Override
    public boolean usesFilter(BoundExpr predicate) {
        return filters.test(predicate);
    }

    @Override
    public boolean decodes(PayloadDecoder decoder) {
        return decodes;
    }

    @Override
    public Scan scan(ScanRequest request) {
        throw new UnsupportedOperationException("scan of a fake table");
    }
}
