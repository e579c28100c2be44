package dev.headrace.sql;

import dev.headrace.errors.QueryException;
import dev.headrace.types.ArrayType;
import dev.headrace.types.DataType;
import dev.headrace.types.DeclaredText;
import dev.headrace.types.MapType;
import dev.headrace.types.Metadata;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ColDefinitionContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ColDefinitionOptionContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ColTypeContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ColTypeListContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.CommentSpecContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ComplexColTypeContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ComplexDataTypeContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.DataTypeContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.PrimitiveDataTypeContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.TableElementContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.TableElementListContext;

/// Reads types and column lists.
final class TypeReader {
    private final SqlText text;
    private final Names names;
    private final LiteralReader literals;

    TypeReader(SqlText text, Names names, LiteralReader literals) {
        this.text = text;
        this.names = names;
        this.literals = literals;
    }

    DataType type(DataTypeContext context) {
        return switch (context) {
            case ComplexDataTypeContext complex -> complex(complex);
            case PrimitiveDataTypeContext primitive -> primitive(primitive);
            default -> throw text.unsupported("The type " + context.getText() + " is not supported.", context);
        };
    }

    /// A column of a table, with a note of `char(n)` and `varchar(n)` in its type.
    StructField column(String name, DataTypeContext type, boolean nullable, Metadata metadata) {
        StructField field = new StructField(name, type(type), nullable, metadata);
        return texts(type).noted(field);
    }

    /// Where texts have a length in a type.
    DeclaredText texts(DataTypeContext context) {
        if (context instanceof PrimitiveDataTypeContext primitive) {
            return DeclaredText.in(written(primitive));
        }
        ComplexDataTypeContext complex = (ComplexDataTypeContext) context;
        return switch (complex.complex.getType()) {
            case SqlBaseParser.ARRAY -> DeclaredText.elements(texts(complex.dataType(0)));
            case SqlBaseParser.MAP -> DeclaredText.entries(texts(complex.dataType(0)), texts(complex.dataType(1)));
            default -> {
                Map<String, DeclaredText> byName = new LinkedHashMap<>();
                if (complex.complexColTypeList() != null) {
                    for (ComplexColTypeContext field :
                            complex.complexColTypeList().complexColType()) {
                        byName.put(names.of(field.errorCapturingIdentifier()), texts(field.dataType()));
                    }
                }
                yield DeclaredText.fields(byName);
            }
        };
    }

    private DataType complex(ComplexDataTypeContext context) {
        return switch (context.complex.getType()) {
            case SqlBaseParser.ARRAY -> new ArrayType(type(context.dataType(0)), true);
            case SqlBaseParser.MAP -> new MapType(type(context.dataType(0)), type(context.dataType(1)), true);
            default ->
                new StructType(
                        context.complexColTypeList() == null
                                ? List.of()
                                : context.complexColTypeList().complexColType().stream()
                                        .map(this::field)
                                        .toList());
        };
    }

    private StructField field(ComplexColTypeContext context) {
        return new StructField(
                names.of(context.errorCapturingIdentifier()),
                type(context.dataType()),
                context.errorCapturingNot() == null,
                metadata(context.commentSpec()));
    }

    private Metadata metadata(org.antlr.v4.runtime.@org.jspecify.annotations.Nullable ParserRuleContext comment) {
        return comment instanceof CommentSpecContext spec
                ? new Metadata(Map.of("comment", literals.string(spec.stringLit())))
                : Metadata.empty();
    }

    private DataType primitive(PrimitiveDataTypeContext context) {
        try {
            return DataType.fromDDL(written(context));
        } catch (QueryException unknown) {
            throw text.error(
                    "UNSUPPORTED_DATATYPE",
                    "'" + written(context)
                            + "' is not a type. Types are boolean, tinyint, smallint, int, bigint, float,"
                            + " double, decimal(p,s), string, binary, date, timestamp, timestamp_ntz, array<…>,"
                            + " map<…,…> and struct<…>.",
                    context);
        }
    }

    private String written(PrimitiveDataTypeContext context) {
        return text.written(context).toLowerCase(Locale.ROOT);
    }

    StructType columns(ColTypeListContext context) {
        List<StructField> fields = new ArrayList<>();
        for (ColTypeContext column : context.colType()) {
            fields.add(new StructField(
                    names.of(column.colName),
                    type(column.dataType()),
                    column.errorCapturingNot() == null,
                    metadata(column.commentSpec())));
        }
        return new StructType(fields);
    }

    StructType columns(TableElementListContext context) {
        List<StructField> fields = new ArrayList<>();
        for (TableElementContext element : context.tableElement()) {
            ColDefinitionContext column = element.colDefinition();
            if (column == null) {
                throw text.unsupported("Constraints of tables are not supported.", element);
            }
            fields.add(column(column));
        }
        return new StructType(fields);
    }

    private StructField column(ColDefinitionContext column) {
        boolean nullable = true;
        Map<String, Object> facts = new HashMap<>();
        for (ColDefinitionOptionContext option : column.colDefinitionOption()) {
            if (option.NULL() != null) {
                nullable = false;
            } else if (option.commentSpec() != null) {
                facts.putAll(metadata(option.commentSpec()).entries());
            } else if (option.defaultExpression() != null) {
                facts.put(
                        TableStatement.DEFAULT,
                        text.written(option.defaultExpression().expression()));
            } else {
                throw text.unsupported(
                        "Of a column's options only NOT NULL, DEFAULT and COMMENT are supported.", option);
            }
        }
        return column(names.of(column.colName), column.dataType(), nullable, new Metadata(facts));
    }
}
