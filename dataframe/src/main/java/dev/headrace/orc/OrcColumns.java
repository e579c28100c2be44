package dev.headrace.orc;

import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.orc.TypeDescription;
import org.jspecify.annotations.Nullable;

/// What is read of a file.
///
/// Old writers of Hive call a file's columns `_col0`, `_col1`, …, whatever the table does, and the library goes by
/// place in such a file: it is given all columns, and told which to read.
///
/// @param schema what to ask the library for
/// @param include which of the schema's types, by their ids, are read; null for all
/// @param places where in the schema the columns that are asked for are; -1 for those that the file lacks
/// @param missing the names of those that are asked for and that the file lacks
record OrcColumns(TypeDescription schema, boolean @Nullable [] include, List<Integer> places, Set<String> missing) {
    private static final Pattern NO_NAME = Pattern.compile("_col\\d+");

    /// @param table all columns, of which some are asked for
    static OrcColumns of(Path file, TypeDescription held, StructType asked, StructType table) {
        boolean named = !held.getFieldNames().stream()
                .allMatch(name -> NO_NAME.matcher(name).matches());
        if (named) {
            TypeDescription schema = OrcSchema.reading(file, held, asked, "");
            return new OrcColumns(
                    schema,
                    null,
                    IntStream.range(0, asked.size()).boxed().toList(),
                    missing(
                            asked,
                            i -> OrcSchema.place(
                                    held.getFieldNames(), asked.field(i).name())));
        }
        return byPlace(file, held, asked, places(held.getFieldNames(), asked, table));
    }

    /// By name, unless no column of the table has the name of one in the file.
    private static List<Integer> places(List<String> names, StructType asked, StructType table) {
        boolean byName = table.names().stream().anyMatch(name -> OrcSchema.place(names, name) >= 0);
        List<Integer> places = new ArrayList<>();
        for (StructField field : asked) {
            int place = byName
                    ? OrcSchema.place(names, field.name())
                    : table.indexOf(field.name()).orElse(-1);
            places.add(place < names.size() ? place : -1);
        }
        return places;
    }

    private static OrcColumns byPlace(Path file, TypeDescription held, StructType asked, List<Integer> places) {
        List<TypeDescription> types = new ArrayList<>(held.getChildren());
        types.replaceAll(TypeDescription::clone);
        for (int i = 0; i < places.size(); i++) {
            int place = places.get(i);
            if (place >= 0) {
                StructField field = asked.field(i);
                types.set(
                        place, OrcSchema.reading(file, held.getChildren().get(place), field.dataType(), field.name()));
            }
        }
        TypeDescription schema = TypeDescription.createStruct();
        for (int i = 0; i < types.size(); i++) {
            schema.addField(held.getFieldNames().get(i), types.get(i));
        }
        boolean[] include = new boolean[schema.getMaximumId() + 1];
        include[schema.getId()] = true;
        for (int i = 0; i < types.size(); i++) {
            if (places.contains(i)) {
                Arrays.fill(include, types.get(i).getId(), types.get(i).getMaximumId() + 1, true);
            }
        }
        return new OrcColumns(schema, include, places, missing(asked, places::get));
    }

    private static Set<String> missing(StructType asked, IntUnaryOperator places) {
        return IntStream.range(0, asked.size())
                .filter(i -> places.applyAsInt(i) < 0)
                .mapToObj(i -> asked.field(i).name())
                .collect(Collectors.toSet());
    }
}
