package dev.headrace.connector;

import dev.headrace.errors.QueryException;
import dev.headrace.plan.BoundExpr;
import dev.headrace.types.StructType;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;

/// A table that streaming queries are to read anew from time to time. A batch query reads it as it was when it was
/// opened.
public final class RefreshedTable implements BatchTable {
    private final Connector.BatchReadable connector;
    private final ConnectorOptions options;
    private final BatchTable first;
    private final Refresh policy;
    private final UnaryOperator<BatchTable> form;

    /// @param form what is read of the table: all its columns, or `_metadata` too
    private RefreshedTable(
            Connector.BatchReadable connector,
            ConnectorOptions options,
            BatchTable first,
            Refresh policy,
            UnaryOperator<BatchTable> form) {
        this.connector = connector;
        this.options = options;
        this.first = first;
        this.policy = policy;
        this.form = form;
    }

    /// Opens a table.
    ///
    /// @param options those of the connector
    /// @param refresh the same with the option [Refresh#OPTION]
    /// @throws QueryException `INVALID_OPTION`, and what the connector says
    public static RefreshedTable open(
            Connector.BatchReadable connector, ConnectorOptions options, ConnectorOptions refresh) {
        Refresh policy = Refresh.of(refresh);
        BatchTable first = batch(connector.openTable(options));
        if (policy instanceof Refresh.OnChange && first.version().isEmpty()) {
            throw refresh.invalid(
                    Refresh.OPTION,
                    "eachBatch, never, or a time such as '10 minutes', because " + first.description()
                            + " does not tell when it changes");
        }
        return new RefreshedTable(connector, options, first, policy, UnaryOperator.identity());
    }

    private static BatchTable batch(Table table) {
        return (BatchTable) table;
    }

    public Refresh policy() {
        return policy;
    }

    /// The table as it is now.
    ///
    /// @throws QueryException `TABLE_COLUMNS_CHANGED`, and what the connector says
    public BatchTable newest() {
        return checked(form.apply(batch(connector.openTable(options))));
    }

    /// The table as it was; empty if earlier versions can't be read.
    ///
    /// @throws QueryException `TABLE_COLUMNS_CHANGED`, and what the connector says
    public Optional<BatchTable> at(String version) {
        return connector.openVersion(options, version).map(form).map(this::checked);
    }

    private BatchTable checked(BatchTable opened) {
        if (!TableFacts.typesOf(opened.schema()).equals(TableFacts.typesOf(first.schema()))) {
            throw new QueryException(
                    "TABLE_COLUMNS_CHANGED",
                    opened.description() + " has the columns " + opened.schema().toDDL()
                            + "; when the query was planned they were "
                            + first.schema().toDDL() + ". Load the table again and start the query again.");
        }
        return opened;
    }

    @Override
    public StructType schema() {
        return first.schema();
    }

    @Override
    public Optional<Table> withMetadata() {
        return first.withMetadata()
                .map(wider -> new RefreshedTable(
                        connector,
                        options,
                        batch(wider),
                        policy,
                        table -> batch(table.withMetadata().orElseThrow())));
    }

    @Override
    public List<String> inputFiles() {
        return first.inputFiles();
    }

    @Override
    public String description() {
        return first.description();
    }

    @Override
    public OptionalLong rowCount() {
        return first.rowCount();
    }

    @Override
    public boolean usesFilter(BoundExpr predicate) {
        return first.usesFilter(predicate);
    }

    @Override
    public Optional<String> version() {
        return first.version();
    }

    @Override
    public Scan scan(ScanRequest request) {
        return first.scan(request);
    }
}
