using System.CommandLine;
using System.Globalization;
using Tastemaker.Bench.Generation;
using Tastemaker.Bench.Measuring;
using Tastemaker.Bench.Reports;

namespace Tastemaker.Bench.Commands;

/// <summary><c>growth</c>: how cost grows with users, items and interactions, each apart.</summary>
internal static class GrowthCommand
{
    public static Command Create()
    {
        var size = new Option<double>("--size") { Description = "Multiplies users, items and interactions of the middle shape.", DefaultValueFactory = _ => 1 };
        var options = new TableOptions();
        var command = options.AddTo(new Command("growth", "Measure how the cost of import, split, training and ranking grows with users, items and interactions.") { size });
        command.SetAction(parsed => options.Run(parsed, machine =>
        {
            var run = new GrowthRun(machine.Threads, Console.Error);
            var middle = GrowthStudy.Middle(parsed.GetValue(size));
            run.Measure(middle); // twice over, so that all code is compiled for good when it counts
            return Table(machine, middle, GrowthStudy.Measure(middle, run.Measure));
        }));
        return command;
    }

    private static PerformanceTable Table(MachineFacts machine, SyntheticShape middle, IReadOnlyList<Growth> growths) => new()
    {
        Title = "Growth",
        Text = $"Time and peak memory on generated data around {Figure.Count(middle.Interactions)} interactions of {Figure.Count(middle.Users)} users with "
            + $"{Figure.Count(middle.Items)} items: a quarter, once and four times as many of one of the three, the others as they are. The exponent is the power of the "
            + "size that the time follows, fitted to the three by least squares on logarithms: 1 is in proportion, 0 not at all. The peak includes the data set and the "
            + "process itself. Full ranking scores every item for every user with vectors of 64 numbers and takes all default metrics; import reads a CSV; the "
            + "split is ratio-by-user.",
        Columns = ["part", "grown", "1/4", "1", "4", "exponent", "peak at 1/4", "peak at 4"],
        Rows =
        [
            .. growths.OrderBy(growth => Place(growths, growth.Part)).Select(growth => (IReadOnlyList<string>)
            [
                growth.Part, growth.Dimension, .. growth.Costs.Select(cost => Figure.Time(cost.Seconds)), Exponent(growth.Exponent),
                Figure.Gibibytes(growth.Costs[0].PeakBytes), Figure.Gibibytes(growth.Costs[^1].PeakBytes),
            ]),
        ],
        Findings = [.. growths.Select(growth => growth.Part).Distinct().Select(part => Finding(part, [.. growths.Where(growth => growth.Part == part)]))],
        Command = ThisCommand.Text(),
        Machine = machine,
    };

    private static int Place(IReadOnlyList<Growth> growths, string part) => growths.Select(growth => growth.Part).Distinct().ToList().IndexOf(part);

    private static string Finding(string part, IReadOnlyList<Growth> growths)
    {
        var powers = growths.Select(growth => $"{growth.Dimension}^{Exponent(growth.Exponent)}");
        var memory = growths.Select(growth => (growth.Dimension, Ratio: growth.Costs[^1].PeakBytes / (double)growth.Costs[0].PeakBytes)).MaxBy(pair => pair.Ratio);
        return $"{part}: the time follows {string.Join(", ", powers)}; sixteen times the {memory.Dimension} take {Figure.Ratio(memory.Ratio)} the memory, the most of the three.";
    }

    private static string Exponent(double exponent) => (Math.Abs(exponent) < 0.005 ? 0 : exponent).ToString("0.00", CultureInfo.InvariantCulture);
}
