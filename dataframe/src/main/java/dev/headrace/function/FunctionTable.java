package dev.headrace.function;

import java.util.stream.Stream;

/// Every function and operator there is, a line per signature, as [Signature] describes. `docs/reference/functions.md`
/// is made from it. A line that begins with `#` is a heading of that page.
final class FunctionTable {
    private FunctionTable() {}

    private static final String OPERATORS = """
            # Operators
            + (a any, b any) any = bind ArithmeticBinder.operator -- The sum; a date plus a number of days, a date or time plus an interval. Overflow is an error.
            - (a any, b any) any = bind ArithmeticBinder.operator -- The difference; a date minus a number of days, a date or time minus an interval; between dates or times, an interval. Overflow is an error.
            * (a any, b any) any = bind ArithmeticBinder.operator -- The product, also of an interval and a number. Overflow is an error.
            / (a any, b any) any = bind ArithmeticBinder.operator -- The quotient, a decimal for decimals, an interval for an interval, else a double. Division by zero is an error.
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
            nanvl (value float, other float) float = bind MoreBinder.nanvl -- `other` if the value is NaN.
            nanvl (value double, other double) double = bind MoreBinder.nanvl
            greatest (a any, b any, more any...) any = bind ConditionBinder.extreme -- The greatest, nulls skipped.
            least (a any, b any, more any...) any = bind ConditionBinder.extreme -- The least, nulls skipped.
            between (value any, low any, high any) boolean = bind MoreBinder.between -- Whether the value is at least `low` and at most `high`.
            nullifzero zeroifnull (value any) any = bind MoreBinder.zero -- Null for 0; 0 for null.
            typeof (value any) string = bind ConditionBinder.typeOf -- The type, as text.
            boolean tinyint smallint int bigint float double decimal string binary date timestamp (value any) any = bind ConditionBinder.castByName -- The value cast to the type of this name.
            raise_error (message string) void = ConditionFunctions.raiseError called -- Fails with `USER_RAISED_EXCEPTION`.
            assert_true (condition boolean) void = ConditionFunctions.assertTrue called -- Null if the condition is true, else fails with `USER_RAISED_EXCEPTION`.
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
            trim (chars string, str string) string = StringFunctions.trim
            btrim (str string) string = StringFunctions.trim -- As trim, with the characters last.
            btrim (str string, chars string) string = StringFunctions.btrim
            ltrim (str string) string = StringFunctions.ltrim -- Without blanks, or the characters of `chars`, at the start.
            ltrim (chars string, str string) string = StringFunctions.ltrim
            rtrim (str string) string = StringFunctions.rtrim -- Without blanks, or the characters of `chars`, at the end.
            rtrim (chars string, str string) string = StringFunctions.rtrim
            lpad (str string, len int) string = StringFunctions.lpad -- Cut, or filled up on the left with `pad` (blanks), to `len` characters.
            lpad (str string, len int, pad string) string = StringFunctions.lpad
            lpad (str binary, len int) binary = MoreStrings.lpadBytes
            lpad (str binary, len int, pad binary) binary = MoreStrings.lpadBytes
            rpad (str string, len int) string = StringFunctions.rpad -- Cut, or filled up on the right with `pad` (blanks), to `len` characters.
            rpad (str string, len int, pad string) string = StringFunctions.rpad
            rpad (str binary, len int) binary = MoreStrings.rpadBytes
            rpad (str binary, len int, pad binary) binary = MoreStrings.rpadBytes
            substring substr (str string, pos int) string = StringFunctions.substring -- The part from position `pos` (from 1; negative: from the end), of at most `len` characters.
            substring substr (str string, pos int, len int) string = StringFunctions.substring
            substring substr (str binary, pos int, len int) binary = StringFunctions.substringBytes
            substring substr (str binary, pos int) binary = MoreStrings.substringBytes
            substring_index (str string, delim string, count int) string = StringFunctions.substringIndex -- The part before the `count`-th delimiter; after it, from the end, if negative.
            left (str string, len int) string = StringFunctions.left -- The first `len` characters.
            left (str binary, len int) binary = MoreStrings.leftBytes
            right (str string, len int) string = StringFunctions.right -- The last `len` characters.
            concat (value any, more any...) any = bind CollectionBinder.concat -- The arguments joined: strings, binaries or arrays.
            concat_ws (separator string, value any...) string = bind CollectionBinder.concatWs -- The strings, and elements of arrays of strings, joined with the separator; nulls are skipped.
            instr (str string, substr string) int = StringFunctions.instr -- The position of the first occurrence, from 1; 0 if there is none.
            locate position (substr string, str string) int = StringFunctions.locate -- The position of the first occurrence at or after `pos`, from 1; 0 if there is none.
            locate position (substr string, str string, pos int) int = StringFunctions.locate called
            replace (str string, search string) string = StringFunctions.replace -- All occurrences of `search` replaced (by nothing).
            replace (str string, search string, replacement string) string = StringFunctions.replace
            overlay (str string, replacement string, pos int) string = StringFunctions.overlay -- The characters from `pos` on replaced, as many as the replacement has or `len`.
            overlay (str string, replacement string, pos int, len int) string = StringFunctions.overlay
            overlay (str binary, replacement binary, pos int) binary = MoreStrings.overlayBytes
            overlay (str binary, replacement binary, pos int, len int) binary = MoreStrings.overlayBytes
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
            levenshtein (a string, b string) int = StringFunctions.levenshtein -- The number of characters to insert, remove or replace to make one text the other; -1 if it is more than `limit`.
            levenshtein (a string, b string, limit int) int = StringFunctions.levenshtein
            format_number (value any, decimals any) string = bind MoreBinder.formatNumber -- With commas between thousands and so many decimals, or by a format such as `#,##0.00`.
            hex (value bigint) string = EncodingFunctions.hex -- In hexadecimal.
            hex (value binary) string = EncodingFunctions.hex
            hex (value string) string = EncodingFunctions.hex
            unhex (str string) binary = EncodingFunctions.unhex maybe_null -- The bytes of a hexadecimal text; null if it is none.
            bin (value bigint) string = EncodingFunctions.bin -- In binary.
            base64 (value binary) string = EncodingFunctions.base64 -- In base 64.
            unbase64 (str string) binary = EncodingFunctions.unbase64 -- The bytes of a text in base 64.
            encode (str string, charset string) binary = EncodingFunctions.encode -- The bytes in a character set.
            decode (value binary, charset string) string = EncodingFunctions.decode -- The text in a character set.
            decode (value any, more any...) any = bind ConditionBinder.decode
            elt (n int, value any...) any = bind MoreBinder.elt -- The `n`-th of the values after it, from 1; an error if there is none.
            find_in_set (str string, list string) int = MoreStrings.findInSet -- The position of the text among those between commas, from 1; 0 if it is none of them.
            format_string printf (format string, value any...) string = bind MoreBinder.format -- The values by a format of Java's `String.format`, such as `'%d %s'`.
            is_valid_utf8 (str string) boolean = MoreStrings.isValidUtf8 -- Whether the bytes are UTF-8.
            make_valid_utf8 (str string) string = MoreStrings.makeValidUtf8 -- With the replacement character where the bytes are no UTF-8.
            validate_utf8 (str string) string = MoreStrings.validateUtf8 -- The text; an error if its bytes are no UTF-8.
            try_validate_utf8 (str string) string = MoreStrings.tryValidateUtf8 maybe_null -- The text; null if its bytes are no UTF-8.
            luhn_check (str string) boolean = MoreStrings.luhnCheck -- Whether the digits pass Luhn's check.
            mask (str string) string = MoreStrings.mask called -- Letters and digits replaced: capitals by `upper` (X), small letters by `lower` (x), digits by `digit` (n), others by `other`; null keeps them.
            mask (str string, upper string) string = MoreStrings.mask called
            mask (str string, upper string, lower string) string = MoreStrings.mask called
            mask (str string, upper string, lower string, digit string) string = MoreStrings.mask called
            mask (str string, upper string, lower string, digit string, other string) string = MoreStrings.mask called
            quote (str string) string = MoreStrings.quote -- The text as a string literal.
            randstr (length int) string = MoreMath.randstr nondeterministic -- So many digits and letters by chance; see rand.
            randstr (length int, seed bigint) string = MoreMath.randstr nondeterministic
            regexp_instr (str string, regex string) int = RegexFunctions.instr -- The position of the first match, from 1; 0 if there is none.
            regexp_instr (str string, regex string, idx int) int = RegexFunctions.instr
            regexp_substr (str string, regex string) string = RegexFunctions.substr maybe_null -- The first match; null if there is none, or an empty one.
            sentences (str string) array<array<string>> = MoreStrings.sentences -- The sentences, each as an array of its words.
            sentences (str string, language string) array<array<string>> = MoreStrings.sentences called
            sentences (str string, language string, country string) array<array<string>> = MoreStrings.sentences called
            soundex (str string) string = MoreStrings.soundex -- A letter and three digits, alike for English words that sound alike.
            to_binary (str string) binary = MoreStrings.toBinary -- The bytes of a text in `format`: `hex` (the default), `utf-8` or `base64`.
            to_binary (str string, format string) binary = MoreStrings.toBinary
            try_to_binary (str string) binary = MoreStrings.tryToBinary maybe_null -- As to_binary, but null if the text is none.
            try_to_binary (str string, format string) binary = MoreStrings.tryToBinary maybe_null
            to_char to_varchar (value any, format string) string = bind MoreBinder.toChar -- A number by a format such as `'$99,990.99'`, a date or time by a pattern, a binary as `hex`, `utf-8` or `base64`.
            to_number try_to_number (str string, format string) any = bind MoreBinder.toNumber -- The decimal in a text of a format such as `'$99,990.99'`; an error, or null, if it is none.
            collation (str string) string = bind MoreBinder.catalogName -- The collation, which is always that of bytes.
            """;

    private static final String NUMBERS = """
            # Numbers
            abs (value N) N = MathFunctions.abs -- The absolute value.
            abs (value Y) Y = IntervalMath.abs
            abs (value D) D = IntervalMath.abs
            sign signum (value double) double = MathFunctions.sign -- -1, 0 or 1.
            sign signum (value Y) double = IntervalMath.sign
            sign signum (value D) double = IntervalMath.sign
            ceil ceiling (value any) any = bind MathBinder.integer -- The least whole number that is not less; with `scale`, the least number of so many decimals.
            ceil ceiling (value any, scale int) any = bind MathBinder.integer
            floor (value any) any = bind MathBinder.integer -- The greatest whole number that is not greater; with `scale`, the greatest number of so many decimals.
            floor (value any, scale int) any = bind MathBinder.integer
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
            acosh (x double) double = MoreMath.acosh -- The inverse hyperbolic cosine.
            asinh (x double) double = MoreMath.asinh -- The inverse hyperbolic sine.
            atanh (x double) double = MoreMath.atanh -- The inverse hyperbolic tangent.
            csc (x double) double = MoreMath.csc -- The cosecant.
            sec (x double) double = MoreMath.sec -- The secant.
            conv (number string, from int, to int) string = MoreMath.conv maybe_null -- The number in base `from`, written in base `to`; signed if `to` is negative.
            width_bucket (value double, min double, max double, buckets bigint) bigint = MoreMath.widthBucket maybe_null -- The number of the equal bucket from `min` to `max`: 0 before the first, one more behind the last.
            width_bucket (value Y, min Y, max Y, buckets bigint) bigint = IntervalMath.widthBucket maybe_null
            width_bucket (value D, min D, max D, buckets bigint) bigint = IntervalMath.widthBucket maybe_null
            bit_count (bits boolean) int = MoreMath.bitCount -- The number of bits that are set.
            bit_count (bits bigint) int = MoreMath.bitCount
            bit_get getbit (bits I, position int) tinyint = MoreMath.getBit -- The bit at a position, from 0 on the right.
            bitmap_bit_position (value bigint) bigint = MoreMath.bitmapPosition -- The position of a number in its bitmap of 32768 bits.
            bitmap_bucket_number (value bigint) bigint = MoreMath.bitmapBucket -- The number of the bitmap that a number belongs to.
            bitmap_count (bitmap binary) bigint = MoreMath.bitmapCount -- The number of bits that are set.
            randn () double = MoreMath.randn nondeterministic -- A number of the standard normal distribution; see rand.
            randn (seed bigint) double = MoreMath.randn nondeterministic
            uniform (min bigint, max bigint) bigint = MoreMath.uniform nondeterministic -- A number from `min` on, less than `max`; see rand.
            uniform (min bigint, max bigint, seed bigint) bigint = MoreMath.uniform nondeterministic
            uniform (min double, max double) double = MoreMath.uniform nondeterministic
            uniform (min double, max double, seed bigint) double = MoreMath.uniform nondeterministic
            uuid () string = MoreMath.uuid nondeterministic -- A UUID by chance; see rand.
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
            year (interval interval year) int = IntervalMath.years
            month (date date) int = DateTimeFunctions.month -- The month, 1 to 12.
            month (interval interval month) tinyint = IntervalMath.months
            dayofmonth day (date date) int = DateTimeFunctions.dayOfMonth -- The day of the month, from 1.
            dayofweek (date date) int = DateTimeFunctions.dayOfWeek -- The day of the week, 1 for Sunday.
            weekday (date date) int = DateTimeFunctions.weekday -- The day of the week, 0 for Monday.
            dayofmonth day (interval interval day) int = IntervalMath.days
            dayofyear (date date) int = DateTimeFunctions.dayOfYear -- The day of the year, from 1.
            weekofyear (date date) int = DateTimeFunctions.weekOfYear -- The ISO week, 1 to 53.
            hour (time timestamp) int = DateTimeFunctions.hour -- The hour, 0 to 23, in the session time zone.
            hour (time timestamp_ntz) int = DateTimeFunctions.hourLocal
            hour (interval interval hour) tinyint = IntervalMath.hours
            minute (time timestamp) int = DateTimeFunctions.minute -- The minute.
            minute (time timestamp_ntz) int = DateTimeFunctions.minuteLocal
            minute (interval interval minute) tinyint = IntervalMath.minutes
            second (time timestamp) int = DateTimeFunctions.second -- The second.
            second (time timestamp_ntz) int = DateTimeFunctions.secondLocal
            date_add dateadd (date date, days int) date = DateTimeFunctions.dateAdd -- So many days later.
            timestampadd (unit string, count int, time timestamp) timestamp = IntervalFunctions.timestampAdd -- So many units (`MICROSECOND` to `YEAR`) later.
            timestampadd (unit string, count int, time timestamp_ntz) timestamp_ntz = IntervalFunctions.timestampAddLocal
            timestampdiff (unit string, start timestamp, end timestamp) bigint = IntervalFunctions.timestampDiff -- The whole units from start to end.
            timestamp_add_interval (time timestamp, months int, days int, micros bigint) timestamp = IntervalFunctions.addInterval -- So much later: what `time + INTERVAL …` calls.
            timestamp_add_interval (time timestamp_ntz, months int, days int, micros bigint) timestamp_ntz = IntervalFunctions.addLocalInterval
            second_with_fraction (time timestamp) decimal(8,6) = IntervalFunctions.secondWithFraction -- The second with its fraction: what `extract(SECOND FROM time)` calls.
            second_with_fraction (time timestamp_ntz) decimal(8,6) = IntervalFunctions.secondWithFractionLocal
            second_with_fraction (interval interval second) decimal(8,6) = IntervalMath.seconds
            make_ym_interval () interval year to month = IntervalMath.makeYearMonth -- The interval of so many years and months, each 0 unless it is given; an error if it is out of range.
            make_ym_interval (years int) interval year to month = IntervalMath.makeYearMonth
            make_ym_interval (years int, months int) interval year to month = IntervalMath.makeYearMonth
            make_interval try_make_interval (years int, months int, weeks int, days int, hours int, mins int, secs decimal(18,6)) interval = special -- The length of so many years, months and so on, each 0 unless it is given. It can only be added to or subtracted from a date or a timestamp. With `try_`, null if it is out of range.
            make_dt_interval () interval day to second = IntervalMath.makeDayTime -- The interval of so many days, hours, minutes and seconds, each 0 unless it is given; an error if it is out of range.
            make_dt_interval (days int) interval day to second = IntervalMath.makeDayTime
            make_dt_interval (days int, hours int) interval day to second = IntervalMath.makeDayTime
            make_dt_interval (days int, hours int, mins int) interval day to second = IntervalMath.makeDayTime
            make_dt_interval (days int, hours int, mins int, secs decimal(18,6)) interval day to second = IntervalMath.makeDayTime
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
            make_timestamp (year int, month int, day int, hour int, minute int, second decimal(16,6), zone string) timestamp = MoreTimes.makeTimestamp
            make_timestamp_ltz (year int, month int, day int, hour int, minute int, second decimal(16,6)) timestamp = DateTimeFunctions.makeTimestamp -- As make_timestamp.
            make_timestamp_ltz (year int, month int, day int, hour int, minute int, second decimal(16,6), zone string) timestamp = MoreTimes.makeTimestamp
            make_timestamp_ntz (year int, month int, day int, hour int, minute int, second decimal(16,6)) timestamp_ntz = MoreTimes.makeLocal -- The local time; an error if there is none.
            try_make_timestamp (year int, month int, day int, hour int, minute int, second decimal(16,6)) timestamp = MoreTimes.tryMakeTimestamp maybe_null -- As make_timestamp, but null if there is no such time.
            try_make_timestamp (year int, month int, day int, hour int, minute int, second decimal(16,6), zone string) timestamp = MoreTimes.tryMakeTimestamp maybe_null
            try_make_timestamp_ltz (year int, month int, day int, hour int, minute int, second decimal(16,6)) timestamp = MoreTimes.tryMakeTimestamp maybe_null -- As make_timestamp_ltz, but null if there is no such time.
            try_make_timestamp_ltz (year int, month int, day int, hour int, minute int, second decimal(16,6), zone string) timestamp = MoreTimes.tryMakeTimestamp maybe_null
            try_make_timestamp_ntz (year int, month int, day int, hour int, minute int, second decimal(16,6)) timestamp_ntz = MoreTimes.tryMakeLocal maybe_null -- As make_timestamp_ntz, but null if there is no such time.
            dayname (date date) string = MoreTimes.dayName -- The day of the week, such as `Mon`.
            monthname (date date) string = MoreTimes.monthName -- The month, such as `Jan`.
            convert_timezone (to string, time timestamp_ntz) timestamp_ntz = MoreTimes.convertZone -- A local time of the zone `from` (the session's) as that of the zone `to`.
            convert_timezone (from string, to string, time timestamp_ntz) timestamp_ntz = MoreTimes.convertZone
            to_date (value any) date = bind TimeBinder.toDate -- The date in a text, by default as in `2026-01-31`, or by a pattern.
            to_date (str string, pattern string) date = DateTimeFormats.toDate
            to_timestamp (value any) timestamp = bind TimeBinder.toTimestamp -- The time in a text, by default as in `2026-01-31 12:00:00`, or by a pattern.
            to_timestamp (str string, pattern string) timestamp = DateTimeFormats.toTimestamp
            try_to_timestamp (value any) timestamp = bind TimeBinder.toTimestamp -- As to_timestamp, but null if the text is none.
            try_to_timestamp (str string, pattern string) timestamp = DateTimeFormats.tryToTimestamp maybe_null
            to_timestamp_ltz (value any) timestamp = bind MoreBinder.time -- As to_timestamp.
            to_timestamp_ltz (str string, pattern string) timestamp = DateTimeFormats.toTimestamp
            to_timestamp_ntz (value any) timestamp_ntz = bind MoreBinder.time -- The local time in a text, by default as in `2026-01-31 12:00:00`, or by a pattern.
            to_timestamp_ntz (str string, pattern string) timestamp_ntz = MoreTimes.toLocal
            try_to_date (value any) date = bind MoreBinder.time -- As to_date, but null if the text is none.
            try_to_date (str string, pattern string) date = MoreTimes.tryToDate maybe_null
            date_format (time timestamp, pattern string) string = DateTimeFormats.format -- By a pattern such as `yyyy-MM-dd HH:mm`.
            from_unixtime (seconds bigint) string = DateTimeFormats.fromUnixTime -- The time as text, by the pattern (`yyyy-MM-dd HH:mm:ss`).
            from_unixtime (seconds bigint, pattern string) string = DateTimeFormats.fromUnixTime
            unix_timestamp () bigint = DateTimeFunctions.unixNow -- The seconds since 1970 at the start of the batch.
            unix_timestamp to_unix_timestamp (value timestamp) bigint = DateTimeFunctions.unixSeconds -- The seconds since 1970 of a time, or of a text by the pattern (`yyyy-MM-dd HH:mm:ss`).
            unix_timestamp to_unix_timestamp (value string) bigint = DateTimeFormats.unixTimestamp
            unix_timestamp to_unix_timestamp (value string, pattern string) bigint = DateTimeFormats.unixTimestamp
            unix_timestamp to_unix_timestamp (value timestamp, pattern string) bigint = DateTimeFunctions.unixSeconds
            timestamp_seconds (seconds decimal(38,6)) timestamp = MoreTimes.timestampSeconds -- The time so many seconds after 1970.
            timestamp_seconds (seconds bigint) timestamp = DateTimeFunctions.timestampSeconds
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
            map create_map (entry any...) map<any,any> = bind CollectionBinder.map -- The keys and values, in turns, as a map.
            struct (value any...) any = bind CollectionBinder.struct -- The arguments as a struct, fields named as the columns.
            named_struct (name string, value any...) any = bind CollectionBinder.namedStruct -- Names and values, in turns, as a struct.
            with_field (struct any, name string, value any) any = bind MoreBinder.withField -- The struct with a field added or replaced; `a.b` is a field within the field `a`. Not in Spark's SQL: what `Column.withField` calls.
            drop_fields (struct any, name string...) any = bind MoreBinder.dropFields -- The struct without these fields. Not in Spark's SQL: what `Column.dropFields` calls.
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
            array_sort (array array<T>, comparator lambda) array<T> = lambda HigherOrder.sort
            transform (array array<T>, f lambda) array<any> = lambda HigherOrder.transform -- What the lambda `x -> …` or `(x, i) -> …` makes of each element; `i` counts from 0.
            filter (array array<T>, f lambda) array<T> = lambda HigherOrder.filter -- The elements for which the lambda `x -> …` or `(x, i) -> …` is true.
            exists (array array<T>, f lambda) boolean = lambda HigherOrder.exists -- Whether the lambda is true for an element; null if not, but it is null for one.
            forall (array array<T>, f lambda) boolean = lambda HigherOrder.forall -- Whether the lambda is true for every element; null if it is false for none, but null for one.
            aggregate reduce (array array<T>, start any, merge lambda) any = lambda HigherOrder.aggregate -- The elements put together from `start` on by `(so_far, x) -> …`, and then `finish`ed by a lambda.
            aggregate reduce (array array<T>, start any, merge lambda, finish lambda) any = lambda HigherOrder.aggregate
            zip_with (a array<T>, b array<T>, f lambda) array<any> = lambda HigherOrder.zipWith -- What the lambda `(x, y) -> …` makes of the elements at each place; null for those of the shorter array.
            map_filter (map map<K,V>, f lambda) map<K,V> = lambda HigherOrder.mapFilter -- The entries for which the lambda `(k, v) -> …` is true.
            map_zip_with (a map<K,V>, b map<K,V>, f lambda) map<K,any> = lambda HigherOrder.mapZipWith -- What the lambda `(k, x, y) -> …` makes of the values of each key in either map.
            transform_keys (map map<K,V>, f lambda) map<any,V> = lambda HigherOrder.transformKeys -- With the keys that the lambda `(k, v) -> …` gives.
            transform_values (map map<K,V>, f lambda) map<K,any> = lambda HigherOrder.transformValues -- With the values that the lambda `(k, v) -> …` gives.
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
            array_insert (array array<T>, position int, value T) array<T> = ArrayFunctions.insert called -- With the value at a position from 1 (negative: from the end); nulls fill a gap.
            arrays_zip (array any...) array<any> = bind MoreBinder.arraysZip -- The elements at each place as structs; null for those of shorter arrays.
            shuffle (array array<T>) array<T> = ArrayFunctions.shuffle nondeterministic -- The elements in an order by chance; see rand.
            shuffle (array array<T>, seed bigint) array<T> = ArrayFunctions.shuffle nondeterministic
            array_repeat (value T, count int) array<T> = ArrayFunctions.repeat called -- The value so many times.
            flatten (array array<array<T>>) array<T> = ArrayFunctions.flatten maybe_null -- The elements of all inner arrays; null if an inner array is.
            slice (array array<T>, start int, length int) array<T> = ArrayFunctions.slice -- The elements from `start` (from 1; negative: from the end) on, at most `length`.
            sequence (start I, stop I) array<I> = bind CollectionBinder.sequence -- The numbers, dates or times from start to stop, by `step` (1 or -1, a day for dates and times).
            sequence (start I, stop I, step I) array<I> = bind CollectionBinder.sequence
            sequence (start date, stop date) array<date> = bind CollectionBinder.sequence
            sequence (start date, stop date, step Y) array<date> = bind CollectionBinder.sequence
            sequence (start date, stop date, step D) array<date> = bind CollectionBinder.sequence
            sequence (start timestamp, stop timestamp) array<timestamp> = bind CollectionBinder.sequence
            sequence (start timestamp, stop timestamp, step Y) array<timestamp> = bind CollectionBinder.sequence
            sequence (start timestamp, stop timestamp, step D) array<timestamp> = bind CollectionBinder.sequence
            sequence (start timestamp_ntz, stop timestamp_ntz) array<timestamp_ntz> = bind CollectionBinder.sequence
            sequence (start timestamp_ntz, stop timestamp_ntz, step Y) array<timestamp_ntz> = bind CollectionBinder.sequence
            sequence (start timestamp_ntz, stop timestamp_ntz, step D) array<timestamp_ntz> = bind CollectionBinder.sequence
            map_keys (map map<K,V>) array<K> = MapFunctions.keys -- The keys.
            map_values (map map<K,V>) array<V> = MapFunctions.values -- The values.
            map_from_arrays (keys array<K>, values array<V>) map<K,V> = MapFunctions.fromArrays -- The map of these keys and values.
            map_contains_key (map map<K,V>, key K) boolean = MapFunctions.containsKey -- Whether the map has the key.
            map_concat (a map<K,V>, b map<K,V>) map<K,V> = MapFunctions.concat -- The entries of both; a key in both is an error.
            map_entries (map map<K,V>) array<any> = bind MoreBinder.mapEntries -- The entries as structs of `key` and `value`.
            map_from_entries (entries any) any = bind MoreBinder.mapFromEntries -- The map of an array of structs of two fields; null if one of them is.
            str_to_map (str string) map<string,string> = MapFunctions.ofText -- The map in a text; the regular expressions `pairs` (`,`) stands between entries, `values` (`:`) between key and value.
            str_to_map (str string, pairs string) map<string,string> = MapFunctions.ofText
            str_to_map (str string, pairs string, values string) map<string,string> = MapFunctions.ofText
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
            json_fields (json string, name string...) any = bind dev.headrace.json.JsonFunctions.bindJsonFields -- The texts of these fields of an object, as a struct of `c0`, `c1` and so on. Not in Spark's SQL: what json_tuple calls.
            json_array_length (json string) int = dev.headrace.json.JsonFunctions.jsonArrayLength maybe_null -- The number of elements of an array; null if the text is none.
            json_object_keys (json string) array<string> = dev.headrace.json.JsonFunctions.jsonObjectKeys maybe_null -- The names in an object; null if the text is none.
            """;

    private static final String CSV = """
            # Variants
            parse_json (json string) variant = bind VariantBinder.parse -- The variant of a JSON text; an error if it is none.
            try_parse_json (json string) variant = bind VariantBinder.parse -- The variant of a JSON text; null if it is none.
            variant_get (variant variant, path string) variant = bind VariantBinder.get -- What lies at a path such as `$.items[0].id`; null if nothing does.
            variant_get (variant variant, path string, type string) any = bind VariantBinder.get -- What lies at a path, as a value of a type; an error if it does not fit.
            try_variant_get (variant variant, path string) variant = bind VariantBinder.get -- As variant_get, but null for what does not fit.
            try_variant_get (variant variant, path string, type string) any = bind VariantBinder.get
            is_variant_null (variant variant) boolean = bind VariantBinder.isNull -- Whether a variant is there that holds null.
            schema_of_variant (variant variant) string = bind VariantBinder.schemaOf -- The types in a variant, as text.
            to_variant_object (value any) variant = bind VariantBinder.object -- The variant of a struct, a map or an array.
            variant_entries (variant variant) array<struct<pos:int,key:string,value:variant>> = bind VariantBinder.entries -- The parts of an object or array: what `variant_explode` calls.
            # CSV
            from_csv (csv string, schema string) any = bind dev.headrace.csv.CsvFunctions.bindFromCsv -- The struct in a record of CSV; what does not fit the schema is null.
            from_csv (csv string, schema string, options map<string,string>) any = bind dev.headrace.csv.CsvFunctions.bindFromCsv
            to_csv (value any) string = bind dev.headrace.csv.CsvFunctions.bindToCsv -- A struct as a record of CSV.
            to_csv (value any, options map<string,string>) string = bind dev.headrace.csv.CsvFunctions.bindToCsv
            schema_of_csv (csv string) string = bind dev.headrace.csv.CsvFunctions.bindSchemaOfCsv -- The type of a constant record of CSV, as `from_csv` takes it.
            schema_of_csv (csv string, options map<string,string>) string = bind dev.headrace.csv.CsvFunctions.bindSchemaOfCsv
            # XML
            from_xml (xml string, schema string) any = bind dev.headrace.xml.XmlFunctions.bindFromXml -- The struct in an element of XML: its attributes (`_name`), the elements in it, and its text (`_VALUE`); what does not fit the schema is null.
            from_xml (xml string, schema string, options map<string,string>) any = bind dev.headrace.xml.XmlFunctions.bindFromXml
            to_xml (value any) string = bind dev.headrace.xml.XmlFunctions.bindToXml -- A struct as an element of XML.
            to_xml (value any, options map<string,string>) string = bind dev.headrace.xml.XmlFunctions.bindToXml
            schema_of_xml (xml string) string = bind dev.headrace.xml.XmlFunctions.bindSchemaOfXml -- The type of a constant element of XML, as `from_xml` takes it.
            schema_of_xml (xml string, options map<string,string>) string = bind dev.headrace.xml.XmlFunctions.bindSchemaOfXml
            # Avro
            from_avro (avro binary, schema string) any = bind dev.headrace.avro.AvroFunctions.bindFromAvro -- The value that a binary in Avro's form holds, by a schema in JSON; options `mode` and `avroSchema`.
            from_avro (avro binary, schema string, options map<string,string>) any = bind dev.headrace.avro.AvroFunctions.bindFromAvro
            to_avro (value any) binary = bind dev.headrace.avro.AvroFunctions.bindToAvro -- A value in Avro's binary form, by the schema that its type has, or by a given one.
            to_avro (value any, schema string) binary = bind dev.headrace.avro.AvroFunctions.bindToAvro
            schema_of_avro (schema string) string = bind dev.headrace.avro.AvroFunctions.bindSchemaOfAvro -- The type that values of a schema of Avro have.
            schema_of_avro (schema string, options map<string,string>) string = bind dev.headrace.avro.AvroFunctions.bindSchemaOfAvro
            # Protobuf
            from_protobuf (data binary, messageName string, descFilePath string) any = bind dev.headrace.protobuf.ProtobufFunctions.bindFromProtobuf -- The struct that a message of Protobuf is, by a descriptor set of protoc: the path of its file, or its bytes as a constant; options such as `mode`.
            from_protobuf (data binary, messageName string, descFilePath string, options map<string,string>) any = bind dev.headrace.protobuf.ProtobufFunctions.bindFromProtobuf
            to_protobuf (data any, messageName string, descFilePath string) binary = bind dev.headrace.protobuf.ProtobufFunctions.bindToProtobuf -- A struct as a message of Protobuf, whose fields are found by their names.
            to_protobuf (data any, messageName string, descFilePath string, options map<string,string>) binary = bind dev.headrace.protobuf.ProtobufFunctions.bindToProtobuf
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

    private static final String OTHERS = """
            # URLs, XML, encryption, session
            parse_url (url string, part string) string = UrlFunctions.parse maybe_null -- The part of a URL: `HOST`, `PATH`, `QUERY`, `REF`, `PROTOCOL`, `FILE`, `AUTHORITY`, `USERINFO`; of `QUERY`, the value of a key. An error if it is no URL.
            parse_url (url string, part string, key string) string = UrlFunctions.parse maybe_null
            try_parse_url (url string, part string) string = UrlFunctions.tryParse maybe_null -- As parse_url, but null if it is no URL.
            try_parse_url (url string, part string, key string) string = UrlFunctions.tryParse maybe_null
            url_encode (str string) string = UrlFunctions.encode -- As in the query of a URL.
            url_decode (str string) string = UrlFunctions.decode -- The reverse of url_encode.
            try_url_decode (str string) string = UrlFunctions.tryDecode maybe_null -- As url_decode, but null if the text can't be decoded.
            xpath (xml string, path string) array<string> = XmlFunctions.list maybe_null -- The texts of the nodes that an XPath finds.
            xpath_boolean (xml string, path string) boolean = XmlFunctions.bool maybe_null -- The value of an XPath, or whether it finds a node.
            xpath_string (xml string, path string) string = XmlFunctions.text maybe_null -- The text of the first node that an XPath finds.
            xpath_double xpath_number (xml string, path string) double = XmlFunctions.number maybe_null -- The number that an XPath gives; NaN if it is none.
            xpath_float (xml string, path string) float = XmlFunctions.single maybe_null -- As xpath_double.
            xpath_long (xml string, path string) bigint = XmlFunctions.whole maybe_null -- As xpath_double, the whole part; 0 if it is no number.
            xpath_int (xml string, path string) int = XmlFunctions.integer maybe_null -- As xpath_long.
            xpath_short (xml string, path string) smallint = XmlFunctions.small maybe_null -- As xpath_long.
            aes_encrypt (value binary, key binary) binary = CryptFunctions.encrypt nondeterministic -- Encrypted by AES in the mode `GCM` (the default), `CBC` or `ECB`; a random initial vector comes first.
            aes_encrypt (value binary, key binary, mode string) binary = CryptFunctions.encrypt nondeterministic
            aes_encrypt (value binary, key binary, mode string, padding string) binary = CryptFunctions.encrypt nondeterministic
            aes_encrypt (value binary, key binary, mode string, padding string, iv binary) binary = CryptFunctions.encrypt nondeterministic
            aes_encrypt (value binary, key binary, mode string, padding string, iv binary, aad binary) binary = CryptFunctions.encrypt nondeterministic
            aes_decrypt (value binary, key binary) binary = CryptFunctions.decrypt -- The reverse of aes_encrypt; an error if the key is wrong.
            aes_decrypt (value binary, key binary, mode string) binary = CryptFunctions.decrypt
            aes_decrypt (value binary, key binary, mode string, padding string) binary = CryptFunctions.decrypt
            aes_decrypt (value binary, key binary, mode string, padding string, aad binary) binary = CryptFunctions.decrypt
            try_aes_decrypt (value binary, key binary) binary = CryptFunctions.tryDecrypt maybe_null -- As aes_decrypt, but null if it can't be decrypted.
            try_aes_decrypt (value binary, key binary, mode string) binary = CryptFunctions.tryDecrypt maybe_null
            try_aes_decrypt (value binary, key binary, mode string, padding string) binary = CryptFunctions.tryDecrypt maybe_null
            try_aes_decrypt (value binary, key binary, mode string, padding string, aad binary) binary = CryptFunctions.tryDecrypt maybe_null
            current_catalog () string = bind MoreBinder.catalogName -- Always `spark_catalog`: there is no metastore.
            current_database current_schema () string = bind MoreBinder.catalogName -- The database of names that say none.
            current_user user session_user () string = bind MoreBinder.catalogName -- The name of the operating system's user.
            """;

    private static final String AGGREGATES = """
            # Aggregates
            count (value any...) bigint = aggregate -- The number of rows (`count(*)`), or of rows in which no argument is null.
            count_if (condition boolean) bigint = aggregate -- The number of rows for which the condition is true.
            sum (value any) any = aggregate -- The sum: a bigint, double, wider decimal or interval. Overflow is an error.
            try_sum (value any) any = aggregate -- The sum, or null if it overflows.
            avg mean (value any) any = aggregate -- The mean: a double, a decimal of four more decimals, or an interval.
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
            approx_percentile percentile_approx (value any, fraction double) any = aggregate -- The least value up to which this part of all lies; an array of them for an array of fractions. It is exact; `accuracy` is not looked at.
            approx_percentile percentile_approx (value any, fraction double, accuracy int) any = aggregate
            bit_and (value I) I = aggregate -- The bits that are set in all values.
            bit_or (value I) I = aggregate -- The bits that are set in a value.
            bit_xor (value I) I = aggregate -- The bits that are set in an odd number of values.
            bitmap_construct_agg (position bigint) binary = aggregate -- A bitmap of these positions; see bitmap_bit_position.
            bitmap_or_agg (bitmap binary) binary = aggregate -- The bits that are set in a bitmap.
            bitmap_and_agg (bitmap binary) binary = aggregate -- The bits that are set in all bitmaps.
            corr (a double, b double) double = aggregate -- Pearson's correlation.
            covar_pop (a double, b double) double = aggregate -- The covariance of a population.
            covar_samp (a double, b double) double = aggregate -- The covariance of a sample.
            histogram_numeric (value double, bins int) array<struct<x:double,y:double>> = aggregate -- So many values, and how many are near each.
            kurtosis (value double) double = aggregate -- The excess kurtosis.
            schema_of_variant_agg (variant variant) string = aggregate -- The types in all variants, as text.
            product (value double) double = aggregate -- The product.
            skewness (value double) double = aggregate -- The skewness.
            listagg string_agg (value string) string = aggregate -- The texts joined, in the order of the rows or WITHIN GROUP (ORDER BY …).
            listagg string_agg (value string, separator string, order any...) string = aggregate
            median (value any) any = aggregate -- The median, a double or an interval.
            mode (value any) any = aggregate -- The most frequent value; the least of those.
            mode (value any, deterministic boolean) any = aggregate
            mode (value any, deterministic boolean, descending boolean) any = aggregate
            percentile (value any, fraction double) any = aggregate -- The value below which this part of all lies, between two values a part of the way; an array of them for an array of fractions.
            percentile (value any, fraction double, frequency bigint) any = aggregate
            percentile_cont (value any, fraction double, descending boolean) any = aggregate -- As percentile: `percentile_cont(0.5) WITHIN GROUP (ORDER BY value)`.
            percentile_disc (value any, fraction double, descending boolean) any = aggregate -- The first value up to which this part of all lies: `percentile_disc(0.5) WITHIN GROUP (ORDER BY value)`.
            regr_avgx (y double, x double) double = aggregate -- The mean of `x`, over the rows in which neither is null.
            regr_avgy (y double, x double) double = aggregate -- The mean of `y`.
            regr_count (y double, x double) bigint = aggregate -- The number of rows in which neither is null.
            regr_intercept (y double, x double) double = aggregate -- The regression line's value at 0.
            regr_r2 (y double, x double) double = aggregate -- The square of the correlation.
            regr_slope (y double, x double) double = aggregate -- The regression line's slope.
            regr_sxx (y double, x double) double = aggregate -- The sum of the squared distances of `x` from its mean.
            regr_sxy (y double, x double) double = aggregate -- The sum of the products of the distances of both from their means.
            regr_syy (y double, x double) double = aggregate -- The sum of the squared distances of `y` from its mean.
            try_avg (value any) any = aggregate -- As avg.
            grouping (column any) tinyint = special -- 1 if the column is not grouped by in this row of a rollup or cube, else 0.
            grouping_id (column any...) bigint = special -- The bits of `grouping` of all grouping columns.
            """;

    private static final String SKETCHES = """
            # Sketches
            hll_sketch_agg (value any) binary = aggregate -- An HLL sketch of the distinct values (integers, texts, binaries), of 2 to the power of `lgConfigK` (12; from 4 to 21) registers; see hll_sketch_estimate.
            hll_sketch_agg (value any, lgConfigK int) binary = aggregate
            hll_union_agg (sketch binary) binary = aggregate -- The HLL sketch of all values that were in one of the sketches. Sketches of several sizes are an error unless the second argument is true.
            hll_union_agg (sketch binary, allowDifferentLgConfigK boolean) binary = aggregate
            hll_union (first binary, second binary) binary = dev.headrace.function.sketch.SketchFunctions.hllUnion -- As hll_union_agg, of two sketches.
            hll_union (first binary, second binary, allowDifferentLgConfigK boolean) binary = dev.headrace.function.sketch.SketchFunctions.hllUnion
            hll_sketch_estimate (sketch binary) bigint = dev.headrace.function.sketch.SketchFunctions.hllEstimate -- About how many distinct values went into an HLL sketch.
            theta_sketch_agg (value any) binary = aggregate -- A theta sketch of the distinct values (numbers, texts, binaries, arrays of ints or bigints), of 2 to the power of `lgNomEntries` (12; from 4 to 26) entries. Unlike HLL sketches, theta sketches can also be intersected and subtracted.
            theta_sketch_agg (value any, lgNomEntries int) binary = aggregate
            theta_union_agg (sketch binary) binary = aggregate -- The theta sketch of all values that were in one of the sketches.
            theta_union_agg (sketch binary, lgNomEntries int) binary = aggregate
            theta_intersection_agg (sketch binary) binary = aggregate -- The theta sketch of the values that were in all of the sketches; null for no sketches.
            theta_union (first binary, second binary) binary = dev.headrace.function.sketch.SketchFunctions.thetaUnion -- As theta_union_agg, of two sketches.
            theta_union (first binary, second binary, lgNomEntries int) binary = dev.headrace.function.sketch.SketchFunctions.thetaUnion
            theta_intersection (first binary, second binary) binary = dev.headrace.function.sketch.SketchFunctions.thetaIntersection -- As theta_intersection_agg, of two sketches.
            theta_difference (first binary, second binary) binary = dev.headrace.function.sketch.SketchFunctions.thetaDifference -- The theta sketch of the values that were in the first sketch and not in the second.
            theta_sketch_estimate (sketch binary) bigint = dev.headrace.function.sketch.SketchFunctions.thetaEstimate -- About how many distinct values are in a theta sketch.
            kll_sketch_agg_bigint (value bigint) binary = aggregate -- A KLL sketch of the distribution of integers; `k` (200; from 8 to 65535) says how exact it is.
            kll_sketch_agg_bigint (value bigint, k int) binary = aggregate
            kll_merge_agg_bigint (sketch binary) binary = aggregate -- The KLL sketch of all values of the sketches; its `k` is that of the first.
            kll_merge_agg_bigint (sketch binary, k int) binary = aggregate
            kll_sketch_merge_bigint (first binary, second binary) binary = bind dev.headrace.function.sketch.SketchBinder.kll -- As kll_merge_agg_bigint, of two sketches.
            kll_sketch_get_n_bigint (sketch binary) bigint = bind dev.headrace.function.sketch.SketchBinder.kll -- How many values went into a KLL sketch.
            kll_sketch_get_quantile_bigint (sketch binary, rank double) bigint = bind dev.headrace.function.sketch.SketchBinder.kll -- The value up to which about this part of all lies; an array of them for an array of parts.
            kll_sketch_get_rank_bigint (sketch binary, value bigint) double = bind dev.headrace.function.sketch.SketchBinder.kll -- About which part of all values is at most this; an array of them for an array of values.
            kll_sketch_to_string_bigint (sketch binary) string = bind dev.headrace.function.sketch.SketchBinder.kll -- What there is to say of a KLL sketch, for people.
            kll_sketch_agg_float (value float) binary = aggregate -- A KLL sketch of the distribution of floats; `k` (200; from 8 to 65535) says how exact it is.
            kll_sketch_agg_float (value float, k int) binary = aggregate
            kll_merge_agg_float (sketch binary) binary = aggregate -- The KLL sketch of all values of the sketches; its `k` is that of the first.
            kll_merge_agg_float (sketch binary, k int) binary = aggregate
            kll_sketch_merge_float (first binary, second binary) binary = bind dev.headrace.function.sketch.SketchBinder.kll -- As kll_merge_agg_float, of two sketches.
            kll_sketch_get_n_float (sketch binary) bigint = bind dev.headrace.function.sketch.SketchBinder.kll -- How many values went into a KLL sketch.
            kll_sketch_get_quantile_float (sketch binary, rank double) float = bind dev.headrace.function.sketch.SketchBinder.kll -- The value up to which about this part of all lies; an array of them for an array of parts.
            kll_sketch_get_rank_float (sketch binary, value float) double = bind dev.headrace.function.sketch.SketchBinder.kll -- About which part of all values is at most this; an array of them for an array of values.
            kll_sketch_to_string_float (sketch binary) string = bind dev.headrace.function.sketch.SketchBinder.kll -- What there is to say of a KLL sketch, for people.
            kll_sketch_agg_double (value double) binary = aggregate -- A KLL sketch of the distribution of floats or doubles; `k` (200; from 8 to 65535) says how exact it is.
            kll_sketch_agg_double (value double, k int) binary = aggregate
            kll_merge_agg_double (sketch binary) binary = aggregate -- The KLL sketch of all values of the sketches; its `k` is that of the first.
            kll_merge_agg_double (sketch binary, k int) binary = aggregate
            kll_sketch_merge_double (first binary, second binary) binary = bind dev.headrace.function.sketch.SketchBinder.kll -- As kll_merge_agg_double, of two sketches.
            kll_sketch_get_n_double (sketch binary) bigint = bind dev.headrace.function.sketch.SketchBinder.kll -- How many values went into a KLL sketch.
            kll_sketch_get_quantile_double (sketch binary, rank double) double = bind dev.headrace.function.sketch.SketchBinder.kll -- The value up to which about this part of all lies; an array of them for an array of parts.
            kll_sketch_get_rank_double (sketch binary, value double) double = bind dev.headrace.function.sketch.SketchBinder.kll -- About which part of all values is at most this; an array of them for an array of values.
            kll_sketch_to_string_double (sketch binary) string = bind dev.headrace.function.sketch.SketchBinder.kll -- What there is to say of a KLL sketch, for people.
            approx_top_k (value any) any = aggregate -- The `k` (5) most frequent values and how often they occur; exact for up to `maxItemsTracked` (10000) distinct values.
            approx_top_k (value any, k int) any = aggregate
            approx_top_k (value any, k int, maxItemsTracked int) any = aggregate
            approx_top_k_accumulate (value any) any = aggregate -- A sketch of the most frequent values, with what is needed to read it; see approx_top_k_estimate.
            approx_top_k_accumulate (value any, maxItemsTracked int) any = aggregate
            approx_top_k_combine (sketch any) any = aggregate -- The sketch of the values of several of approx_top_k_accumulate. They must follow equally many values unless the second argument says how many the result is to follow.
            approx_top_k_combine (sketch any, maxItemsTracked int) any = aggregate
            approx_top_k_estimate (sketch any) any = bind dev.headrace.function.sketch.SketchBinder.topItems -- The `k` (5) most frequent values in a sketch, as approx_top_k gives them.
            approx_top_k_estimate (sketch any, k int) any = bind dev.headrace.function.sketch.SketchBinder.topItems
            count_min_sketch (value any, eps double, confidence double, seed int) binary = aggregate -- A count-min sketch of integers, texts or binaries, which `CountMinSketch` reads: with the probability `confidence`, a count is no more than `eps` times the number of values too high.
            """;

    private static final String SPECIAL = """
            # Window functions
            row_number () int = special -- The row's number in its partition, from 1.
            rank () int = special -- One more than the number of rows that come before in the order, equal ones not counted.
            dense_rank () int = special -- As rank, but without gaps.
            percent_rank () double = special -- The rank as a part of the partition, from 0 to 1.
            cume_dist () double = special -- The part of the partition's rows that come before or are equal, up to 1.
            ntile (n int) int = special -- Which of `n` parts of nearly equal size the row is in, from 1.
            lag (value any, offset int, default any) any = special -- The value `offset` (1) rows before; `default` (null) if there is no such row.
            lead (value any, offset int, default any) any = special -- The value `offset` (1) rows after; `default` (null) if there is no such row.
            nth_value (value any, n int) any = special -- The value in the `n`-th row of the frame, from 1; null if the frame is shorter.
            # Generators
            explode explode_outer (collection any) any = special -- A row for each element, or each entry as `key` and `value`; the outer form gives a row of nulls for none.
            variant_explode variant_explode_outer (variant variant) any = special -- A row for each part of an object or array: `pos`, `key` and `value`; none for other variants, or with `_outer` one of nulls.
            posexplode posexplode_outer (collection any) any = special -- As explode, with the position, from 0, before.
            inline inline_outer (structs array<T>) any = special -- A row for each struct, a column for each of its fields.
            json_tuple (json string, name string...) any = special -- One row with a text column, `c0`, `c1` and so on, for each of these fields of a JSON object; null where it lacks it.
            stack (rows int, value any...) any = special -- The values as so many rows.
            # The file of a row
            input_file_name () string = special -- The file that the row is from, as a URI; no text if it is from none. Ask before a join or an aggregation.
            input_file_block_start () bigint = special -- 0: a file counts as one block; -1 if the row is from none.
            input_file_block_length () bigint = special -- The length of the file in bytes; -1 if the row is from none.
            # Time windows
            window (time timestamp, size string, slide string, start string) struct<start:timestamp,end:timestamp> = special -- The time window that the row is in; see the guide to streaming.
            session_window (time timestamp, gap string) struct<start:timestamp,end:timestamp> = special -- The session that the row is in: rows at most `gap` apart; see the guide to streaming.
            window_time (window any) timestamp = special -- The last moment of a time window.
            """;

    /// The lines without headings.
    static Stream<String> lines() {
        return sections().filter(line -> !line.startsWith("# "));
    }

    /// All lines in order.
    static Stream<String> sections() {
        return Stream.of(
                        OPERATORS,
                        CONDITIONS,
                        STRINGS,
                        NUMBERS,
                        TIMES,
                        COLLECTIONS,
                        JSON,
                        CSV,
                        HASHES,
                        OTHERS,
                        AGGREGATES,
                        SKETCHES,
                        SPECIAL)
                .flatMap(String::lines);
    }
}
