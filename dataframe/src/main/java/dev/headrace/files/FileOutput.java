package dev.headrace.files;

import dev.headrace.connector.ConnectorOptions;
import dev.headrace.connector.SessionSettings;
import dev.headrace.errors.QueryException;

/// How a format writes rows into the files of a directory.
///
/// @param extension of the files, such as `json.gz`
/// @param files makes them
/// @param mostRows how many rows a file gets before the next one begins
public record FileOutput(String extension, PartFiles files, long mostRows) {
    public static final String MAX_RECORDS = "maxRecordsPerFile";
    public static final String MAX_RECORDS_SETTING = "spark.sql.files.maxRecordsPerFile";

    /// Of files with as many rows as come.
    public FileOutput(String extension, PartFiles files) {
        this(extension, files, Long.MAX_VALUE);
    }

    FileOutput withMostRows(long most) {
        return new FileOutput(extension, files, most);
    }

    /// How many rows a file gets at most, by the option or else the session.
    ///
    /// @throws QueryException `INVALID_OPTION` if it is not a whole number
    public static long mostRows(ConnectorOptions options) {
        return options.number(MAX_RECORDS).map(FileOutput::unlessNone).orElseGet(() -> mostRows(options.session()));
    }

    /// How many rows a file gets at most where no option says it.
    public static long mostRows(SessionSettings session) {
        String said = session.conf().getOrDefault(MAX_RECORDS_SETTING, "0");
        return unlessNone(Long.parseLong(said.trim()));
    }

    /// As in Spark, a number that is not positive is none.
    private static long unlessNone(long rows) {
        return rows > 0 ? rows : Long.MAX_VALUE;
    }
}
