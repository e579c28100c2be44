package dev.headrace.files;

import dev.headrace.errors.QueryException;
import dev.headrace.parse.FormatOptions;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructType;
import dev.headrace.types.VariantType;
import java.util.Optional;

/// The column that gets each record of a file whole, as a variant.
///
/// @param column its name
public record SingleVariant(String column) {
    public static final String OPTION = "singleVariantColumn";

    /// What the option says; empty without it.
    public static Optional<SingleVariant> of(FormatOptions options) {
        return Optional.of(options.get(OPTION, ""))
                .filter(name -> !name.isEmpty())
                .map(SingleVariant::new);
    }

    /// The schema of whole records.
    ///
    /// @param owner of the option, for messages
    /// @param given by the user, if at all
    /// @param corruptRecord the column for corrupt records
    /// @throws QueryException `INVALID_SINGLE_VARIANT_COLUMN` if it has other columns than the variant and that for
    ///     corrupt records
    public StructType schema(String owner, Optional<StructType> given, String corruptRecord) {
        StructType schema = given.orElseGet(() -> new StructType().add(column, DataTypes.VariantType));
        boolean fits = schema.indexOf(column).isPresent()
                && schema.fieldList().stream()
                        .allMatch(field -> field.name().equals(column)
                                ? field.dataType() instanceof VariantType
                                : field.name().equals(corruptRecord));
        if (!fits) {
            throw new QueryException(
                    "INVALID_SINGLE_VARIANT_COLUMN",
                    owner + ": with the option '" + OPTION + "' a schema has the column '" + column
                            + "' of type variant, and if you like '" + corruptRecord + "' of type string, not "
                            + schema.simpleString() + ". Leave the schema out.");
        }
        return schema;
    }
}
