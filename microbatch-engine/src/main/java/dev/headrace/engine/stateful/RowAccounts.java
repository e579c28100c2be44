package dev.headrace.engine.stateful;

import dev.headrace.exec.Observed;
import dev.headrace.exec.PhysicalPlan;
import dev.headrace.exec.RunProfile;
import dev.headrace.streaming.RowBalance;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntToLongFunction;

/// What became of the rows of a batch, operator by operator, and whether each is accounted for.
///
/// What an operator gets is counted where its inputs give it; what it leaves out and takes in is counted by itself. So
/// a row that is lost between two operators, or counted as late and used nevertheless, shows. The entries of each state
/// are counted as well: those that were there, less those that left, with those that came, are those that are there.
public final class RowAccounts {
    private final RunProfile profile;
    private final IntToLongFunction readFrom;
    private final Optional<DeadLetters> letters;
    private final Map<PhysicalPlan, RowBalance> balances = new IdentityHashMap<>();
    private final Set<PhysicalPlan> belowJoins = Collections.newSetFromMap(new IdentityHashMap<>());
    /// The states whose late rows are left out by an operator below the one that keeps rows in it.
    private final Set<OperatorState> lateBelow = Collections.newSetFromMap(new IdentityHashMap<>());
    private final List<String> faults = new ArrayList<>();

    private RowAccounts(RunProfile profile, IntToLongFunction readFrom, Optional<DeadLetters> letters) {
        this.profile = profile;
        this.readFrom = readFrom;
        this.letters = letters;
    }

    /// The accounts of a batch that has run and has not been committed.
    ///
    /// @param readFrom how many rows were read from each source
    /// @param letters has counted the rejected rows
    public static RowAccounts of(
            PhysicalPlan plan,
            RunProfile profile,
            List<OperatorState> states,
            IntToLongFunction readFrom,
            Optional<DeadLetters> letters) {
        RowAccounts accounts = new RowAccounts(profile, readFrom, letters);
        List<PhysicalPlan> operators = plan.all();
        operators.forEach(accounts::prepare);
        operators.forEach(accounts::account);
        states.forEach(state -> state.imbalance().ifPresent(accounts.faults::add));
        return accounts;
    }

    /// Where the rows of the batch don't add up, in words; empty if they do.
    public List<String> faults() {
        return List.copyOf(faults);
    }

    /// The account of one operator of the plan.
    public RowBalance of(PhysicalPlan operator) {
        return balances.getOrDefault(operator, RowBalance.EMPTY);
    }

    /// The account of the whole plan: the rows of the sources, the rows for the sink, and what lies between.
    public RowBalance total(PhysicalPlan plan) {
        RowBalance all = balances.values().stream().reduce(RowBalance.EMPTY, RowBalance::plus);
        long between = 0;
        for (PhysicalPlan operator : balances.keySet()) {
            between += operator.inputs().stream().mapToLong(profile::rows).sum();
        }
        // Rows that two operators read are given once; the second one's are made by that.
        long given = all.out() - of(plan).out();
        return new RowBalance(
                all.in() - between,
                all.made() + between - given,
                all.out() - given,
                all.late(),
                all.filtered(),
                all.rejected(),
                all.shed(),
                all.held());
    }

    /// The sides of a join in memory may have filters for its keys anywhere below.
    private void prepare(PhysicalPlan operator) {
        if (operator instanceof PhysicalPlan.HashJoin) {
            operator.inputs().forEach(input -> belowJoins.addAll(input.all()));
        } else if (operator instanceof InTime inTime) {
            lateBelow.add(inTime.state());
        }
    }

    private void account(PhysicalPlan operator) {
        long in = operator.inputs().stream().mapToLong(profile::rows).sum();
        long out = profile.rows(operator);
        RowBalance balance = switch (operator) {
            case PhysicalPlan.StreamScan scan -> passing(scan, readFrom.applyAsLong(scan.index()), out, 0, 0);
            case PhysicalPlan.Compute compute when compute.predicate().isPresent() -> less(in, out, 0, 0);
            case PhysicalPlan.Compute compute -> passing(compute, in, out, 0, 0);
            case Rejecting rejecting -> {
                long rejected = letters.map(all -> all.rejectedBy(rejecting)).orElse(0L);
                yield rejecting.compute().predicate().isPresent()
                        ? less(in, out, 0, rejected)
                        : passing(rejecting, in, out, 0, rejected);
            }
            case LeftOutLeaf _ -> new RowBalance(0, out, out, 0, 0, 0, 0, 0);
            case Outputs _ -> new RowBalance(in, 0, in, 0, 0, 0, 0, 0);
            case SharedScan shared -> passing(shared, in, out, 0, 0);
            case PhysicalPlan.Union union -> passing(union, in, out, 0, 0);
            case ShedNode shed ->
                new RowBalance(in, 0, out, 0, 0, 0, shed.shedding().lost(), 0);
            case Observed observed -> passing(observed, in, out, 0, 0);
            case WatermarkNode watermark -> passing(watermark, in, out, 0, 0);
            case FirstValues values -> passing(values, in, out, 0, 0);
            case InTime inTime -> passing(inTime, in, out, inTime.state().lateRows(), 0);
            case StatefulDeduplicate firsts -> firsts(firsts.state(), in, out);
            case KeepsRows keeping -> holding(keeping, out);
            case PhysicalPlan other when other.inputs().isEmpty() -> new RowBalance(out, 0, out, 0, 0, 0, 0, 0);
            default -> new RowBalance(in, out, out, 0, 0, 0, 0, in);
        };
        balances.put(operator, balance);
        if (!balance.isEven()) {
            faults.add(operator.describe() + ": " + balance);
        }
    }

    /// All rows must go on but those that are late or rejected.
    private RowBalance passing(PhysicalPlan operator, long in, long out, long late, long rejected) {
        return belowJoins.contains(operator)
                ? less(in, out, late, rejected)
                : new RowBalance(in, 0, out, late, 0, rejected, 0, 0);
    }

    /// Some rows may have been filtered; none may be more than came.
    private static RowBalance less(long in, long out, long late, long rejected) {
        return new RowBalance(in, 0, out, late, Math.max(0, in - out - late - rejected), rejected, 0, 0);
    }

    /// What the state has not had goes on, and nothing else.
    private static RowBalance firsts(OperatorState state, long in, long out) {
        long late = state.lateRows();
        return new RowBalance(in, 0, out, late, in - late - state.updatedRows(), 0, 0, 0);
    }

    private RowBalance holding(KeepsRows operator, long out) {
        long late = 0;
        long taken = 0;
        for (OperatorState state : operator.keepers()) {
            late += lateBelow.contains(state) ? 0 : state.lateRows();
            taken += state.takenRows();
        }
        long in = operator.inputs().stream().mapToLong(profile::rows).sum();
        return new RowBalance(in, out, out, late, 0, 0, 0, taken);
    }
}
