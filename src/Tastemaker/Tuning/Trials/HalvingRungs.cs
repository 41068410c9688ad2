using System.Globalization;

namespace Tastemaker.Tuning.Trials;

/// <summary>
/// Asynchronous successive halving (Li et al., "A system for massively parallel hyperparameter tuning", MLSys 2020, algorithm 2): a trial that is
/// among the best third of those that reached its rung goes on to the next, which has three times as many epochs; where none is, a new trial
/// begins. Nothing waits for a rung to be full.
/// </summary>
/// <param name="epochs">Epochs of each rung, ascending; the last trains to the end.</param>
internal sealed class HalvingRungs(IReadOnlyList<int> epochs)
{
    /// <summary>Epochs grow, and trials shrink, by this from rung to rung.</summary>
    public const int Factor = 3;

    private const int Most = 4;

    /// <summary>Epochs of each rung.</summary>
    public IReadOnlyList<int> Epochs { get; } = epochs;

    /// <summary>The rung that trains to the end.</summary>
    public int Top => Epochs.Count - 1;

    /// <summary>"3, 9, 27 epochs".</summary>
    public string Text => $"{string.Join(", ", Epochs.Select(count => count.ToString(CultureInfo.InvariantCulture)))} epochs";

    /// <summary>The rungs below a number of epochs: at most four, thirds of each other.</summary>
    /// <param name="all">Epochs a trial trains for at most.</param>
    /// <param name="first">Epochs of the first rung; 0 for what four rungs, or fewer, lead to.</param>
    /// <param name="measured">Epochs after which the first figure can be had.</param>
    /// <exception cref="InputException">There are too few epochs for two rungs.</exception>
    public static HalvingRungs Of(int all, int first, int measured)
    {
        var rungs = new List<int> { all };
        while (rungs[0] / Factor >= Math.Max(first, measured) && rungs[0] / Factor >= 1 && (first > 0 || rungs.Count < Most))
        {
            rungs.Insert(0, rungs[0] / Factor);
        }

        return rungs.Count > 1
            ? new HalvingRungs(rungs)
            : throw new InputException(
                $"Halving stops bad trials early, and a trial trains for {all} {(all == 1 ? "epoch" : "epochs")}{(measured > 1 ? $", the first {measured} of which give no figure" : "")}"
                + $"{(first > 0 ? $", while the first rung is to have {first}" : "")}: too few for two rungs. Leave --halving out, or train for more epochs.");
    }

    /// <summary>The trial that goes on to the next rung, and that rung; null where none has earned it.</summary>
    /// <param name="trials">All trials.</param>
    /// <param name="running">Numbers of those at work.</param>
    /// <param name="isBetter">Whether a metric is better than another.</param>
    public (Trial Trial, int Rung)? Promotion(IReadOnlyList<Trial> trials, IReadOnlySet<int> running, Func<double, double, bool> isBetter)
    {
        for (var rung = Top - 1; rung >= 0; rung--)
        {
            var arrived = trials.Where(trial => trial.Results.Count > rung).ToList();
            var chosen = Ranked(arrived, rung, isBetter).Take(arrived.Count / Factor)
                .FirstOrDefault(trial => trial.Results.Count == rung + 1 && !running.Contains(trial.Number));
            if (chosen is not null)
            {
                return (chosen, rung + 1);
            }
        }

        return null;
    }

    /// <summary>
    /// When no more trials begin and none is at work: the leader of the highest rung goes on, so that one trial at least is trained to the end, and
    /// then the first, which is the default setting: what is better than it must have been compared with all of it.
    /// </summary>
    public (Trial Trial, int Rung)? Finish(IReadOnlyList<Trial> trials, Func<double, double, bool> isBetter)
    {
        var highest = trials.Where(trial => !trial.Failed).Select(trial => trial.Results.Count - 1).DefaultIfEmpty(-1).Max();
        if (highest < 0)
        {
            return null;
        }

        return highest < Top ? (Ranked(trials.Where(trial => trial.Results.Count > highest), highest, isBetter).First(), highest + 1)
            : trials[0] is { Failed: false, Results.Count: var reached } first && reached <= Top ? (first, reached)
            : null;
    }

    /// <summary>Trials by their figure at a rung, the best first; failed ones are left out.</summary>
    public static IEnumerable<Trial> Ranked(IEnumerable<Trial> trials, int rung, Func<double, double, bool> isBetter) => trials
        .Where(trial => trial.Results[rung].Metric is not null)
        .Order(Comparer<Trial>.Create((one, other) =>
            isBetter(one.Results[rung].Metric!.Value, other.Results[rung].Metric!.Value) ? -1
            : isBetter(other.Results[rung].Metric!.Value, one.Results[rung].Metric!.Value) ? 1
            : one.Number.CompareTo(other.Number)));
}
