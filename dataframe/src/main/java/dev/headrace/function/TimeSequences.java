package dev.headrace.function;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.errors.DataException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Dates and times from a start to a stop, by an interval: an `int` is a number of months, a `long` one of
/// microseconds.
public final class TimeSequences {
    private static final int MOST_ELEMENTS = Integer.MAX_VALUE - 15;

    private TimeSequences() {}

    public static List<@Nullable Object> dates(int start, int stop) {
        return dates(start, stop, start <= stop ? Calendar.MICROS_PER_DAY : -Calendar.MICROS_PER_DAY);
    }

    public static List<@Nullable Object> dates(int start, int stop, int months) {
        return sequence(start, stop, months, n -> (long) IntervalMath.dateAdd(start, times(months, n)), true);
    }

    public static List<@Nullable Object> dates(int start, int stop, long micros) {
        if (micros % Calendar.MICROS_PER_DAY != 0) {
            throw new DataException(
                    "INVALID_PARAMETER_VALUE", "sequence: the step of a sequence of dates must be of whole days.");
        }
        int days = IntervalMath.days(micros);
        return sequence(start, stop, micros, n -> (long) DateTimeFunctions.dateAdd(start, times(days, n)), true);
    }

    public static List<@Nullable Object> times(EvalContext context, long start, long stop) {
        return times(context, start, stop, start <= stop ? Calendar.MICROS_PER_DAY : -Calendar.MICROS_PER_DAY);
    }

    public static List<@Nullable Object> times(EvalContext context, long start, long stop, int months) {
        return sequence(start, stop, months, n -> IntervalMath.timeAdd(context, start, times(months, n)), false);
    }

    /// The step's whole days move the local date, the rest of it the instant: 24 steps of an hour are 24 hours, also
    /// when clocks are changed between them.
    public static List<@Nullable Object> times(EvalContext context, long start, long stop, long micros) {
        int days = IntervalMath.days(micros);
        long rest = micros % Calendar.MICROS_PER_DAY;
        return sequence(
                start,
                stop,
                micros,
                n -> IntervalFunctions.addInterval(context, start, 0, times(days, n), times(rest, n)),
                false);
    }

    public static List<@Nullable Object> localTimes(long start, long stop) {
        return localTimes(start, stop, start <= stop ? Calendar.MICROS_PER_DAY : -Calendar.MICROS_PER_DAY);
    }

    public static List<@Nullable Object> localTimes(long start, long stop, int months) {
        return sequence(start, stop, months, n -> IntervalMath.localTimeAdd(start, times(months, n)), false);
    }

    public static List<@Nullable Object> localTimes(long start, long stop, long micros) {
        return sequence(start, stop, micros, n -> IntervalMath.localTimeAdd(start, times(micros, n)), false);
    }

    private static int times(int step, int n) {
        return ArithmeticFunctions.multiply(step, n);
    }

    private static long times(long step, int n) {
        return ArithmeticFunctions.multiply(step, (long) n);
    }

    private interface Steps {
        long at(int n);
    }

    /// The starting value and those after so many steps, as long as they don't go beyond the last.
    private static List<@Nullable Object> sequence(long start, long stop, long step, Steps steps, boolean dates) {
        boolean leads = step > 0 && start <= stop || step < 0 && start >= stop || step == 0 && start == stop;
        if (!leads) {
            throw new DataException(
                    "INVALID_PARAMETER_VALUE", "sequence: the step does not lead from the start to the stop.");
        }
        List<@Nullable Object> elements = new ArrayList<>();
        long value = start;
        while (step > 0 ? value <= stop : value >= stop) {
            Cancellation.checkThread(elements.size());
            elements.add(dates ? (Object) (int) value : (Object) value);
            if (step == 0) {
                break;
            }
            if (elements.size() >= MOST_ELEMENTS) {
                throw new DataException(
                        "INVALID_PARAMETER_VALUE", "sequence: there are more elements than an array can hold.");
            }
            value = steps.at(elements.size());
        }
        return elements;
    }
}
