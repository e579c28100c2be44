package dev.headrace.function;

import java.util.stream.Stream;

/// Every function and operator there is, a line per signature, as [Signature] describes. `docs/reference/functions.md`
/// is made from it. A line that begins with `#` is a heading of that page.
final class FunctionTable {
    private FunctionTable() {}

    private static final String OPERATORS = """
            # Operators
            + (a any, b any) any = bind ArithmeticBinder.operator -- The sum; a date plus a number of days. Overflow is an error.
            - (a any, b any) any = bind ArithmeticBinder.operator -- The difference; a date minus a number of days. Overflow is an error.
            * (a any, b any) any = bind ArithmeticBinder.operator -- The product. Overflow is an error.
            / (a any, b any) any = bind ArithmeticBinder.operator -- The quotient, a decimal for decimals, else a double. Division by zero is an error.
            % mod (a any, b any) any = bind ArithmeticBinder.operator -- The remainder, with the sign of `a`. Division by zero is an error.
            div (a any, b any) bigint = bind ArithmeticBinder.operator -- The quotient rounded toward zero. Division by zero is an error.
            try_add (a any, b any) any = bind ArithmeticBinder.operator -- The sum, or null if it overflows.
            try_subtract (a any, b any) any = bind ArithmeticBinder.operator -- The difference, or null if it overflows.
            try_multiply (a any, b any) any = bind ArithmeticBinder.operator -- The product, or null if it overflows.
            try_divide (a any, b any) any = bind ArithmeticBinder.operator -- The quotient, or null for a division by zero.
            try_mod (a any, b any) any = bind ArithmeticBinder.operator -- The remainder, or null for a division by zero.
            negative positive (a any) any = bind ArithmeticBinder.sign -- The number with its sign turned; the number itself.
            & | ^ (a any, b any) any = bind ArithmeticBinder.bits -- The bits in both; in either; in exactly one of two integers.
            ~ (a I) I = BitFunctions.not -- The bits of an integer turned.
            shiftleft << (a int, bits int) int = BitFunctions.shiftLeft -- The bits moved to the left.
            shiftleft << (a bigint, bits int) bigint = BitFunctions.shiftLeft
            shiftright >> (a int, bits int) int = BitFunctions.shiftRight -- The bits moved to the right, keeping the sign.
            shiftright >> (a bigint, bits int) bigint = BitFunctions.shiftRight
            shiftrightunsigned >>> (a int, bits int) int = BitFunctions.shiftRightUnsigned -- The bits moved to the right, zeros following.
            shiftrightunsigned >>> (a bigint, bits int) bigint = BitFunctions.shiftRightUnsigned
            = == (a any, b any) boolean = bind ConditionBinder.compare -- Whether the two are equal. NaN equals NaN.
            != <> (a any, b any) boolean = bind ConditionBinder.compare -- Whether the two differ.
            < (a any, b any) boolean = bind ConditionBinder.compare -- Whether `a` is less. NaN is the largest number.
            <= (a any, b any) boolean = bind ConditionBinder.compare -- Whether `a` is less or equal.
            > (a any, b any) boolean = bind ConditionBinder.compare -- Whether `a` is greater.
            >= (a any, b any) boolean = bind ConditionBinder.compare -- Whether `a` is greater or equal.
            <=> equal_null (a any, b any) boolean = bind ConditionBinder.compare -- Whether the two are equal or both null. Never null.
            and (a boolean, b boolean) boolean = bind ConditionBinder.logic -- Whether both are true, in three-valued logic.
            or (a boolean, b boolean) boolean = bind ConditionBinder.logic -- Whether one is true, in three-valued logic.
            not ! (a boolean) boolean = bind ConditionBinder.logic -- The opposite.
            in (value any, first any, more any...) boolean = bind ConditionBinder.in -- Whether one of the others equals the first.
            || (a any, b any) any = bind CollectionBinder.concat -- The two joined: strings, binaries or arrays.
            """;

    private static final String CONDITIONS = """
            # Conditions and nulls
            isnull (value any) boolean = bind ConditionBinder.nullTest -- Whether the value is null.
            isnotnull (value any) boolean = bind ConditionBinder.nullTest -- Whether the value is not null.
            isnan (value any) boolean = bind ConditionBinder.isNan -- Whether the number is NaN; false for null.
            when case (condition boolean, value any, more any...) any = bind ConditionBinder.when -- The value after the first condition that is true, else the last argument if their number is odd, else null.
            if iff (condition boolean, yes any, no any) any = bind ConditionBinder.when -- `yes` if the condition is true, else `no`.
            coalesce (value any, more any...) any = bind ConditionBinder.coalesce -- The first that is not null.
            ifnull nvl (value any, other any) any = bind ConditionBinder.coalesce -- `other` if the value is null.
            nvl2 (value any, yes any, no any) any = bind ConditionBinder.nvl2 -- `yes` if the value is not null, else `no`.
            nullif (value any, other any) any = bind ConditionBinder.nullIf -- Null if the two are equal, else the value.
            nanvl (value double, other double) double = MathFunctions.nanvl -- `other` if the value is NaN.
            greatest (a any, b any, more any...) any = bind ConditionBinder.extreme -- The greatest, nulls skipped.
            least (a any, b any, more any...) any = bind ConditionBinder.extreme -- The least, nulls skipped.
            typeof (value any) string = bind ConditionBinder.typeOf -- The type, as text.
            boolean tinyint smallint int bigint float double decimal string binary date timestamp (value any) any = bind ConditionBinder.castByName -- The value cast to the type of this name.
            raise_error (message string) void = ConditionFunctions.raiseError called -- Fails with `USER_RAISED_ERROR`.
            assert_true (condition boolean) void = ConditionFunctions.assertTrue called -- Null if the condition is true, else fails with `USER_RAISED_ERROR`.
            assert_true (condition boolean, message string) void = ConditionFunctions.assertTrue called
            """;

    private static final String STRINGS = """
            # Strings
            upper ucase (str string) string = StringFunctions.upper -- The text in upper case.
            lower lcase (str string) string = StringFunctions.lower -- The text in lower case.
            initcap (str string) string = StringFunctions.initcap -- The first letter of each word in upper case, the others in lower case.
            length char_length character_length len (str string) int = StringFunctions.length -- The number of characters, or of bytes of a binary.
            length char_length character_length len (str binary) int = StringFunctions.octetLength
            octet_length (str string) int = StringFunctions.octetLength -- The number of bytes.
            octet_length (str binary) int = StringFunctions.octetLength
            bit_length (str string) int = StringFunctions.bitLength -- The number of bits.
            trim (str string) string = StringFunctions.trim -- Without blanks, or the characters of `chars`, at both ends.
            trim (str string, chars string) string = StringFunctions.trim
            btrim (str string) string = StringFunctions.trim -- As trim.
            btrim (str string, chars string) string = StringFunctions.trim
            ltrim (str string) string = StringFunctions.ltrim -- Without blanks, or the characters of `chars`, at the start.
            ltrim (str string, chars string) string = StringFunctions.ltrim
            rtrim (str string) string = StringFunctions.rtrim -- Without blanks, or the characters of `chars`, at the end.
            rtrim (str string, chars string) string = StringFunctions.rtrim
            lpad (str string, len int) string = StringFunctions.lpad -- Cut, or filled up on the left with `pad` (blanks), to `len` characters.
            lpad (str string, len int, pad string) string = StringFunctions.lpad
            rpad (str string, len int) string = StringFunctions.rpad -- Cut, or filled up on the right with `pad` (blanks), to `len` characters.
            rpad (str string, len int, pad string) string = StringFunctions.rpad
            substring substr (str string, pos int) string = StringFunctions.substring -- The part from position `pos` (from 1; negative: from the end), of at most `len` characters.
            substring substr (str string, pos int, len int) string = StringFunctions.substring
            substring substr (str binary, pos int, len int) binary = StringFunctions.substringBytes
            substring_index (str string, delim string, count int) string = StringFunctions.substringIndex -- The part before the `count`-th delimiter; after it, from the end, if negative.
            left (str string, len int) string = StringFunctions.left -- The first `len` characters.
            right (str string, len int) string = StringFunctions.right -- The last `len` characters.
            concat (value any, more any...) any = bind CollectionBinder.concat -- The arguments joined: strings, binaries or arrays.
            concat_ws (separator string, value any...) string = bind CollectionBinder.concatWs -- The strings, and elements of arrays of strings, joined with the separator; nulls are skipped.
            instr (str string, substr string) int = StringFunctions.instr -- The position of the first occurrence, from 1; 0 if there is none.
            locate position (substr string, str string) int = StringFunctions.locate -- The position of the first occurrence at or after `pos`, from 1; 0 if there is none.
            locate position (substr string, str string, pos int) int = StringFunctions.locate
            replace (str string, search string) string = StringFunctions.replace -- All occurrences of `search` replaced (by nothing).
            replace (str string, search string, replacement string) string = StringFunctions.replace
            overlay (str string, replacement string, pos int) string = StringFunctions.overlay -- The characters from `pos` on replaced, as many as the replacement has or `len`.
            overlay (str string, replacement string, pos int, len int) string = StringFunctions.overlay
            translate (str string, from string, to string) string = StringFunctions.translate -- Each character of `from` replaced by the one at its place in `to`, or left out.
            split (str string, regex string) array<string> = RegexFunctions.split -- The parts between matches of the regular expression, at most `limit` if positive.
            split (str string, regex string, limit int) array<string> = RegexFunctions.split
            split_part (str string, delim string, n int) string = StringFunctions.splitPart -- The `n`-th part between delimiters (from 1; negative: from the end), or nothing.
            reverse (value string) string = StringFunctions.reverse -- The characters, or an array's elements, in reverse order.
            reverse (value array<T>) array<T> = ArrayFunctions.reverse
            repeat (str string, n int) string = StringFunctions.repeat -- The text `n` times.
            space (n int) string = StringFunctions.space -- As many blanks.
            startswith (str string, prefix string) boolean = StringFunctions.startsWith -- Whether the text starts so.
            endswith (str string, suffix string) boolean = StringFunctions.endsWith -- Whether the text ends so.
            contains (str string, part string) boolean = StringFunctions.contains -- Whether the text has this part.
            ascii (str string) int = StringFunctions.ascii -- The code of the first character; 0 for no text.
            chr char (n bigint) string = StringFunctions.chr -- The character of this code (modulo 256); no text for a negative one.
            like (str string, pattern string) boolean = LikeFunctions.like -- Whether the text is like the pattern: `%` stands for any text, `_` for one character, `\\` escapes.
            like (str string, pattern string, escape string) boolean = LikeFunctions.like
            ilike (str string, pattern string) boolean = LikeFunctions.ilike -- As like, without regard to case.
            ilike (str string, pattern string, escape string) boolean = LikeFunctions.ilike
            rlike regexp regexp_like (str string, regex string) boolean = RegexFunctions.rlike -- Whether the regular expression matches a part of the text.
            regexp_replace (str string, regex string, replacement string) string = RegexFunctions.replace -- All matches replaced; `$1` is the first group.
            regexp_replace (str string, regex string, replacement string, pos int) string = RegexFunctions.replace
            regexp_extract (str string, regex string) string = RegexFunctions.extract -- The group `idx` (1) of the first match, or nothing.
            regexp_extract (str string, regex string, idx int) string = RegexFunctions.extract
            regexp_extract_all (str string, regex string) array<string> = RegexFunctions.extractAll -- The group `idx` (1) of every match.
            regexp_extract_all (str string, regex string, idx int) array<string> = RegexFunctions.extractAll
            regexp_count (str string, regex string) int = RegexFunctions.count -- The number of matches.
            levenshtein (a string, b string) int = StringFunctions.levenshtein -- The number of characters to insert, remove or replace to make one text the other.
            format_number (value double, decimals int) string = FormatFunctions.formatNumber maybe_null -- With commas between thousands and so many decimals.
            format_number (value bigint, decimals int) string = FormatFunctions.formatNumber maybe_null
            format_number (value double, format string) string = FormatFunctions.formatNumber
            hex (value bigint) string = EncodingFunctions.hex -- In hexadecimal.
            hex (value binary) string = EncodingFunctions.hex
            hex (value string) string = EncodingFunctions.hex
            unhex (str string) binary = EncodingFunctions.unhex maybe_null -- The bytes of a hexadecimal text; null if it is none.
            bin (value bigint) string = EncodingFunctions.bin -- In binary.
            base64 (value binary) string = EncodingFunctions.base64 -- In base 64.
            unbase64 (str string) binary = EncodingFunctions.unbase64 -- The bytes of a text in base 64.
            encode (str string, charset string) binary = EncodingFunctions.encode -- The bytes in a character set.
            decode (value binary, charset string) string = EncodingFunctions.decode -- The text in a character set.
            """;

    private static final String NUMBERS = """
            # Numbers
            abs (value N) N = MathFunctions.abs -- The absolute value.
            sign signum (value double) double = MathFunctions.sign -- -1, 0 or 1.
            ceil ceiling (value any) any = bind MathBinder.integer -- The least whole number that is not less.
            floor (value any) any = bind MathBinder.integer -- The greatest whole number that is not greater.
            round (value any) any = bind MathBinder.round -- Rounded to `scale` (0) decimals, a half away from zero.
            round (value any, scale int) any = bind MathBinder.round
            bround (value any) any = bind MathBinder.round -- Rounded to `scale` (0) decimals, a half to the even neighbour.
            bround (value any, scale int) any = bind MathBinder.round
            rint (value double) double = MathFunctions.rint -- The nearest whole number, a half to the even one.
            sqrt (value double) double = MathFunctions.sqrt -- The square root; NaN for a negative number.
            cbrt (value double) double = MathFunctions.cbrt -- The cube root.
            exp (value double) double = MathFunctions.exp -- e to the power.
            expm1 (value double) double = MathFunctions.expm1 -- e to the power, less 1.
            ln (value double) double = MathFunctions.ln maybe_null -- The natural logarithm; null for 0 and less.
            log (value double) double = MathFunctions.ln maybe_null -- The logarithm to base e, or `base`; null for 0 and less.
            log (base double, value double) double = MathFunctions.log maybe_null
            log10 (value double) double = MathFunctions.log10 maybe_null -- The logarithm to base 10; null for 0 and less.
            log2 (value double) double = MathFunctions.log2 maybe_null -- The logarithm to base 2; null for 0 and less.
            log1p (value double) double = MathFunctions.log1p maybe_null -- The natural logarithm of 1 more; null for -1 and less.
            pow power (base double, exponent double) double = MathFunctions.pow -- The power.
            hypot (a double, b double) double = MathFunctions.hypot -- The square root of a² + b².
            sin (x double) double = MathFunctions.sin -- The sine of an angle in radians.
            cos (x double) double = MathFunctions.cos -- The cosine.
            tan (x double) double = MathFunctions.tan -- The tangent.
            cot (x double) double = MathFunctions.cot -- The cotangent.
            sinh (x double) double = MathFunctions.sinh -- The hyperbolic sine.
            cosh (x double) double = MathFunctions.cosh -- The hyperbolic cosine.
            tanh (x double) double = MathFunctions.tanh -- The hyperbolic tangent.
            asin (x double) double = MathFunctions.asin -- The angle of a sine; NaN outside -1 to 1.
            acos (x double) double = MathFunctions.acos -- The angle of a cosine; NaN outside -1 to 1.
            atan (x double) double = MathFunctions.atan -- The angle of a tangent.
            atan2 (y double, x double) double = MathFunctions.atan2 -- The angle of the point (x, y).
            degrees (x double) double = MathFunctions.degrees -- From radians.
            radians (x double) double = MathFunctions.radians -- From degrees.
            e () double = MathFunctions.e -- Euler's number.
            pi () double = MathFunctions.pi -- π.
            pmod (a any, b any) any = bind MathBinder.pmod -- The remainder, never negative for a positive divisor.
            factorial (n int) bigint = MathFunctions.factorial maybe_null -- n!, for 0 to 20; else null.
            rand random () double = MathFunctions.rand nondeterministic -- A number in [0, 1), the same at each run of a batch; `seed` chooses the sequence.
            rand random (seed bigint) double = MathFunctions.rand nondeterministic
            monotonically_increasing_id () bigint = MathFunctions.increasingId nondeterministic -- A number that differs in all rows of a query's batch.
            spark_partition_id () int = MathFunctions.partition nondeterministic -- The number of the split that the row is read from.
            """;

    private static final String TIMES = """
            # Dates and timestamps
            current_date curdate () date = DateTimeFunctions.currentDate -- The date at the start of the batch, in the session time zone.
            current_timestamp now () timestamp = DateTimeFunctions.currentTimestamp -- The time at the start of the batch.
            current_timezone () string = DateTimeFunctions.currentTimezone -- The session time zone.
            localtimestamp () timestamp_ntz = DateTimeFunctions.localTimestamp -- The local time at the start of the batch.
            year (date date) int = DateTimeFunctions.year -- The year.
            quarter (date date) int = DateTimeFunctions.quarter -- The quarter, 1 to 4.
            month (date date) int = DateTimeFunctions.month -- The month, 1 to 12.
            dayofmonth day (date date) int = DateTimeFunctions.dayOfMonth -- The day of the month, from 1.
            dayofweek (date date) int = DateTimeFunctions.dayOfWeek -- The day of the week, 1 for Sunday.
            weekday (date date) int = DateTimeFunctions.weekday -- The day of the week, 0 for Monday.
            dayofyear (date date) int = DateTimeFunctions.dayOfYear -- The day of the year, from 1.
            weekofyear (date date) int = DateTimeFunctions.weekOfYear -- The ISO week, 1 to 53.
            hour (time timestamp) int = DateTimeFunctions.hour -- The hour, 0 to 23, in the session time zone.
            hour (time timestamp_ntz) int = DateTimeFunctions.hourLocal
            minute (time timestamp) int = DateTimeFunctions.minute -- The minute.
            minute (time timestamp_ntz) int = DateTimeFunctions.minuteLocal
            second (time timestamp) int = DateTimeFunctions.second -- The second.
            second (time timestamp_ntz) int = DateTimeFunctions.secondLocal
            date_add dateadd (date date, days int) date = DateTimeFunctions.dateAdd -- So many days later.
            timestampadd (unit string, count int, time timestamp) timestamp = IntervalFunctions.timestampAdd -- So many units (`MICROSECOND` to `YEAR`) later.
            timestampdiff (unit string, start timestamp, end timestamp) bigint = IntervalFunctions.timestampDiff -- The whole units from start to end.
            timestamp_add_interval (time timestamp, months int, days int, micros bigint) timestamp = IntervalFunctions.addInterval -- So much later: what `time + INTERVAL …` calls.
            timestamp_add_interval (time timestamp_ntz, months int, days int, micros bigint) timestamp_ntz = IntervalFunctions.addLocalInterval
            second_with_fraction (time timestamp) decimal(8,6) = IntervalFunctions.secondWithFraction -- The second with its fraction: what `extract(SECOND FROM time)` calls.
            second_with_fraction (time timestamp_ntz) decimal(8,6) = IntervalFunctions.secondWithFractionLocal
            date_sub (date date, days int) date = DateTimeFunctions.dateSub -- So many days earlier.
            datediff date_diff (end date, start date) int = DateTimeFunctions.dateDiff -- The number of days from start to end.
            add_months (date date, months int) date = DateTimeFunctions.addMonths -- So many months later, at most the month's last day.
            months_between (end timestamp, start timestamp) double = DateTimeFunctions.monthsBetween -- The months from start to end, parts as of 31 days, rounded to 8 decimals unless `round` is false.
            months_between (end timestamp, start timestamp, round boolean) double = DateTimeFunctions.monthsBetween
            last_day (date date) date = DateTimeFunctions.lastDay -- The last day of the month.
            next_day (date date, weekday string) date = DateTimeFunctions.nextDay -- The first such weekday after the date, such as `'Mon'`.
            trunc (date date, unit string) date = DateTimeFunctions.trunc maybe_null -- The start of the `year`, `quarter`, `month` or `week`; null for another unit.
            date_trunc (unit string, time timestamp) timestamp = DateTimeFunctions.dateTrunc maybe_null -- The start of the `year`, `quarter`, `month`, `week`, `day`, `hour`, `minute`, `second`, `millisecond` or `microsecond`; null for another unit.
            make_date (year int, month int, day int) date = DateTimeFunctions.makeDate -- The date; an error if there is none.
            make_timestamp (year int, month int, day int, hour int, minute int, second decimal(16,6)) timestamp = DateTimeFunctions.makeTimestamp -- The time in the session time zone; an error if there is none.
            to_date (value any) date = bind TimeBinder.toDate -- The date in a text, by default as in `2026-01-31`, or by a pattern.
            to_date (str string, pattern string) date = DateTimeFormats.toDate
            to_timestamp (value any) timestamp = bind TimeBinder.toTimestamp -- The time in a text, by default as in `2026-01-31 12:00:00`, or by a pattern.
            to_timestamp (str string, pattern string) timestamp = DateTimeFormats.toTimestamp
            try_to_timestamp (value any) timestamp = bind TimeBinder.toTimestamp -- As to_timestamp, but null if the text is none.
            try_to_timestamp (str string, pattern string) timestamp = DateTimeFormats.tryToTimestamp maybe_null
            date_format (time timestamp, pattern string) string = DateTimeFormats.format -- By a pattern such as `yyyy-MM-dd HH:mm`.
            from_unixtime (seconds bigint) string = DateTimeFormats.fromUnixTime -- The time as text, by the pattern (`yyyy-MM-dd HH:mm:ss`).
            from_unixtime (seconds bigint, pattern string) string = DateTimeFormats.fromUnixTime
            unix_timestamp () bigint = DateTimeFunctions.unixNow -- The seconds since 1970 at the start of the batch.
            unix_timestamp to_unix_timestamp (value timestamp) bigint = DateTimeFunctions.unixSeconds -- The seconds since 1970 of a time, or of a text by the pattern (`yyyy-MM-dd HH:mm:ss`).
            unix_timestamp to_unix_timestamp (value string) bigint = DateTimeFormats.unixTimestamp
            unix_timestamp to_unix_timestamp (value string, pattern string) bigint = DateTimeFormats.unixTimestamp
            unix_timestamp to_unix_timestamp (value timestamp, pattern string) bigint = DateTimeFunctions.unixSeconds
            timestamp_seconds (seconds bigint) timestamp = DateTimeFunctions.timestampSeconds -- The time so many seconds after 1970.
            timestamp_seconds (seconds double) timestamp = DateTimeFunctions.timestampSeconds maybe_null
            timestamp_millis (millis bigint) timestamp = DateTimeFunctions.timestampMillis -- The time so many milliseconds after 1970.
            timestamp_micros (micros bigint) timestamp = DateTimeFunctions.timestampMicros -- The time so many microseconds after 1970.
            unix_seconds (time timestamp) bigint = DateTimeFunctions.unixSeconds -- The seconds since 1970.
            unix_millis (time timestamp) bigint = DateTimeFunctions.unixMillis -- The milliseconds since 1970.
            unix_micros (time timestamp) bigint = DateTimeFunctions.unixMicros -- The microseconds since 1970.
            unix_date (date date) int = DateTimeFunctions.unixDate -- The days since 1970.
            date_from_unix_date (days int) date = DateTimeFunctions.dateFromUnixDate -- The date so many days after 1970.
            from_utc_timestamp (time timestamp, zone string) timestamp = DateTimeFunctions.fromUtc -- The time whose local reading in UTC is that of `time` in the zone.
            to_utc_timestamp (time timestamp, zone string) timestamp = DateTimeFunctions.toUtc -- The reverse of from_utc_timestamp.
            """;

    private static final String COLLECTIONS = """
            # Arrays, maps and structs
            array (element any...) array<any> = bind CollectionBinder.array -- The arguments as an array.
            map create_map (key any, value any...) map<any,any> = bind CollectionBinder.map -- The keys and values, in turns, as a map.
            struct (value any...) any = bind CollectionBinder.struct -- The arguments as a struct, fields named as the columns.
            named_struct (name string, value any...) any = bind CollectionBinder.namedStruct -- Names and values, in turns, as a struct.
            size (value array<T>) int = ArrayFunctions.size -- The number of elements or entries.
            size (value map<K,V>) int = MapFunctions.size
            cardinality array_size map_size (value array<T>) int = ArrayFunctions.size -- As size.
            cardinality array_size map_size (value map<K,V>) int = MapFunctions.size
            getitem (collection any, key any) any = bind CollectionBinder.getItem -- `a[i]`, from 0, an error outside; `m[k]`, null for an unknown key; a field of a struct.
            element_at (array array<T>, index int) T = ArrayFunctions.elementAt maybe_null -- The element at an index from 1 (negative: from the end), an error outside; the value of a key, null for an unknown one.
            element_at (map map<K,V>, key K) V = MapFunctions.get maybe_null
            try_element_at (array array<T>, index int) T = ArrayFunctions.tryElementAt maybe_null -- As element_at, but null outside.
            try_element_at (map map<K,V>, key K) V = MapFunctions.get maybe_null
            get (array array<T>, index int) T = ArrayFunctions.get maybe_null -- The element at an index from 0, null outside.
            array_contains (array array<O>, value O) boolean = ArrayFunctions.contains maybe_null -- Whether an element equals the value; null if none does, but one is null.
            array_position (array array<O>, value O) bigint = ArrayFunctions.position -- The position of the first element equal to the value, from 1; 0 if there is none.
            array_distinct (array array<O>) array<O> = ArrayFunctions.distinct -- The elements, each once, in order of first occurrence.
            array_join (array array<string>, separator string) string = ArrayFunctions.join -- The elements joined; nulls are skipped or replaced.
            array_join (array array<string>, separator string, null_replacement string) string = ArrayFunctions.join
            sort_array (array array<O>) array<O> = ArrayFunctions.sort -- The elements sorted: ascending with nulls first, or descending with nulls last.
            sort_array (array array<O>, ascending boolean) array<O> = ArrayFunctions.sort
            array_sort (array array<O>) array<O> = ArrayFunctions.sortNullsLast -- The elements sorted, nulls last.
            array_max (array array<O>) O = ArrayFunctions.max maybe_null -- The greatest element; nulls are skipped.
            array_min (array array<O>) O = ArrayFunctions.min maybe_null -- The least element; nulls are skipped.
            array_union (a array<O>, b array<O>) array<O> = ArrayFunctions.union -- The elements of either, each once.
            array_intersect (a array<O>, b array<O>) array<O> = ArrayFunctions.intersect -- The elements in both, each once.
            array_except (a array<O>, b array<O>) array<O> = ArrayFunctions.except -- The elements of `a` that are not in `b`, each once.
            arrays_overlap (a array<O>, b array<O>) boolean = ArrayFunctions.overlap maybe_null -- Whether an element is in both; null if not, but one is null.
            array_remove (array array<O>, value O) array<O> = ArrayFunctions.remove -- Without the elements equal to the value.
            array_append (array array<T>, value T) array<T> = ArrayFunctions.append called -- With the value at the end.
            array_prepend (array array<T>, value T) array<T> = ArrayFunctions.prepend called -- With the value at the start.
            array_compact (array array<T>) array<T> = ArrayFunctions.compact -- Without nulls.
            array_repeat (value T, count int) array<T> = ArrayFunctions.repeat called -- The value so many times.
            flatten (array array<array<T>>) array<T> = ArrayFunctions.flatten maybe_null -- The elements of all inner arrays; null if an inner array is.
            slice (array array<T>, start int, length int) array<T> = ArrayFunctions.slice -- The elements from `start` (from 1; negative: from the end) on, at most `length`.
            sequence (start int, stop int) array<int> = ArrayFunctions.sequence -- The numbers from start to stop, by `step` (1 or -1).
            sequence (start int, stop int, step int) array<int> = ArrayFunctions.sequence
            sequence (start bigint, stop bigint) array<bigint> = ArrayFunctions.sequence
            sequence (start bigint, stop bigint, step bigint) array<bigint> = ArrayFunctions.sequence
            map_keys (map map<K,V>) array<K> = MapFunctions.keys -- The keys.
            map_values (map map<K,V>) array<V> = MapFunctions.values -- The values.
            map_from_arrays (keys array<K>, values array<V>) map<K,V> = MapFunctions.fromArrays -- The map of these keys and values.
            map_contains_key (map map<K,V>, key K) boolean = MapFunctions.containsKey -- Whether the map has the key.
            map_concat (a map<K,V>, b map<K,V>) map<K,V> = MapFunctions.concat -- The entries of both; a key in both is an error.
            """;

    private static final String JSON = """
            # JSON
            from_json (json string, schema string) any = bind dev.headrace.json.JsonFunctions.bindFromJson -- The struct, array or map in a JSON text; what does not fit the schema is null.
            from_json (json string, schema string, options map<string,string>) any = bind dev.headrace.json.JsonFunctions.bindFromJson
            to_json (value any) string = bind dev.headrace.json.JsonFunctions.bindToJson -- A struct, array or map as JSON text.
            to_json (value any, options map<string,string>) string = bind dev.headrace.json.JsonFunctions.bindToJson
            schema_of_json (json string) string = bind dev.headrace.json.JsonFunctions.bindSchemaOfJson -- The type of a constant JSON text, as `from_json` takes it.
            schema_of_json (json string, options map<string,string>) string = bind dev.headrace.json.JsonFunctions.bindSchemaOfJson
            get_json_object (json string, path string) string = dev.headrace.json.JsonFunctions.getJsonObject maybe_null -- What lies at a path such as `$.items[0].id`, as text; null if nothing does.
            json_array_length (json string) int = dev.headrace.json.JsonFunctions.jsonArrayLength maybe_null -- The number of elements of an array; null if the text is none.
            json_object_keys (json string) array<string> = dev.headrace.json.JsonFunctions.jsonObjectKeys maybe_null -- The names in an object; null if the text is none.
            """;

    private static final String CSV = """
            # CSV
            from_csv (csv string, schema string) any = bind dev.headrace.csv.CsvFunctions.bindFromCsv -- The struct in a record of CSV; what does not fit the schema is null.
            from_csv (csv string, schema string, options map<string,string>) any = bind dev.headrace.csv.CsvFunctions.bindFromCsv
            to_csv (value any) string = bind dev.headrace.csv.CsvFunctions.bindToCsv -- A struct as a record of CSV.
            to_csv (value any, options map<string,string>) string = bind dev.headrace.csv.CsvFunctions.bindToCsv
            schema_of_csv (csv string) string = bind dev.headrace.csv.CsvFunctions.bindSchemaOfCsv -- The type of a constant record of CSV, as `from_csv` takes it.
            schema_of_csv (csv string, options map<string,string>) string = bind dev.headrace.csv.CsvFunctions.bindSchemaOfCsv
            """;

    private static final String HASHES = """
            # Hashes
            md5 (value binary) string = HashFunctions.md5 -- MD5, in hexadecimal.
            sha sha1 (value binary) string = HashFunctions.sha1 -- SHA-1, in hexadecimal.
            sha2 (value binary, bits int) string = HashFunctions.sha2 maybe_null -- SHA-224, 256 (also for 0), 384 or 512, in hexadecimal; null for other lengths.
            crc32 (value binary) bigint = HashFunctions.crc32 -- CRC-32.
            hash (value any...) int = bind HashBinder.murmur3 -- Spark's murmur3 hash of the values; nulls are skipped.
            xxhash64 (value any...) bigint = bind HashBinder.xxhash64 -- Spark's 64-bit xxHash of the values; nulls are skipped.
            """;

    private static final String AGGREGATES = """
            # Aggregates
            count (value any...) bigint = aggregate -- The number of rows (`count(*)`), or of rows in which no argument is null.
            count_if (condition boolean) bigint = aggregate -- The number of rows for which the condition is true.
            sum (value any) any = aggregate -- The sum: a bigint, double or wider decimal. Overflow is an error.
            try_sum (value any) any = aggregate -- The sum, or null if it overflows.
            avg mean (value any) any = aggregate -- The mean: a double, or a decimal of four more decimals.
            min (value any) any = aggregate -- The least value.
            max (value any) any = aggregate -- The greatest value.
            min_by (value any, by any) any = aggregate -- The value of the row in which `by` is least.
            max_by (value any, by any) any = aggregate -- The value of the row in which `by` is greatest.
            first first_value any_value (value any) any = aggregate -- The value of the first row, or of the first in which it is not null.
            first first_value any_value (value any, ignore_nulls boolean) any = aggregate
            last last_value (value any) any = aggregate -- The value of the last row, or of the last in which it is not null.
            last last_value (value any, ignore_nulls boolean) any = aggregate
            bool_and every (condition boolean) boolean = aggregate -- Whether the condition is true in all rows in which it is not null.
            bool_or some any (condition boolean) boolean = aggregate -- Whether the condition is true in a row.
            stddev stddev_samp std (value double) double = aggregate -- The standard deviation of a sample.
            stddev_pop (value double) double = aggregate -- The standard deviation of a population.
            variance var_samp (value double) double = aggregate -- The variance of a sample.
            var_pop (value double) double = aggregate -- The variance of a population.
            collect_list array_agg (value any) array<any> = aggregate -- The values that are not null, in the order of the rows.
            collect_set (value any) array<any> = aggregate -- The distinct values that are not null.
            approx_count_distinct (value any) bigint = aggregate -- About how many distinct values there are, with a relative standard deviation of `rsd` (0.05).
            approx_count_distinct (value any, rsd double) bigint = aggregate
            """;

    /// The lines without headings.
    static Stream<String> lines() {
        return sections().filter(line -> !line.startsWith("# "));
    }

    /// All lines in order.
    static Stream<String> sections() {
        return Stream.of(OPERATORS, CONDITIONS, STRINGS, NUMBERS, TIMES, COLLECTIONS, JSON, CSV, HASHES, AGGREGATES)
                .flatMap(String::lines);
    }
}
