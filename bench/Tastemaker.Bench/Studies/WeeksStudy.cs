using System.Globalization;
using Tastemaker.Bench.Reports;
using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Models.Baselines;
using Tastemaker.Models.Recurrent;
using Tastemaker.Training;

namespace Tastemaker.Bench.Studies;

/// <summary>What following users and items over time gives a rating predictor.</summary>
/// <param name="seeds">Worlds and trainings.</param>
/// <param name="users">Users of a world.</param>
/// <param name="log">Progress.</param>
internal sealed class WeeksStudy(int seeds, int users, TextWriter log)
{
    private const string Oracle = "the rating without its noise";
    private const string Factors = "biased matrix factorization";
    private const string Still = "RRN without its LSTMs";
    private const string Fed = "RRN, test weeks read one after another";
    private const string Starved = "RRN, test weeks not read";

    private static readonly RrnOptions Options = new() { UserStepDays = 7, ItemStepDays = 7, BatchSize = 16, Epochs = 60 };

    /// <summary>Trains and measures all.</summary>
    public PerformanceTable Measure(MachineFacts machine, string command)
    {
        var figures = new StudyFigures(log);
        for (var seed = 1UL; seed <= (ulong)seeds; seed++)
        {
            var world = new WeeksWorld(seed, users);
            figures.Add(seed, Oracle, Errors(world, (rows, _) => [.. rows.Select(row => world.Expected(world.Data.Interactions.Users[row], world.Data.Interactions.Items[row], world.Week[row]))]));
            figures.Add(seed, Factors, BestFactors(world, seed));
            figures.Add(seed, Still, Network(world, Options with { Dynamic = false, PretrainingEpochs = 40 }, seed).Fed);
            var (fed, starved) = Network(world, Options, seed);
            figures.Add(seed, Fed, fed);
            figures.Add(seed, Starved, starved);
        }

        return new PerformanceTable
        {
            Title = "RRN: ratings whose users and items change",
            Text = string.Create(CultureInfo.InvariantCulture, $"{users:N0} generated users rate 400 items over 52 weeks; users change between four tastes twice a year, 60 items get an award that fades over eight weeks, 30 of them in the first test week. RMSE of weeks {WeeksWorld.TrainingWeeks + 1} to {WeeksWorld.Weeks} after training on those before, ")
                + $"of award items in the second test week, and of users with at most {WeeksWorld.LateRatings} training ratings after the first test week. The last four training weeks choose epochs, and the best of six settings of matrix factorization. RRN predicts a week by states that have read all weeks before it; no weights change. Mean of {seeds} seeds (least to largest).",
            Columns = ["predictor", "test weeks", "award items, week 2", "late users"],
            Rows = figures.Rows(),
            Findings =
            [
                $"RRN is {Percent(1 - (figures.Mean(Fed) / figures.Mean(Still)))} below the same model without its LSTMs, {Percent(1 - (figures.Mean(Fed) / figures.Mean(Factors)))} below matrix factorization, and has {CandidateStudy.Text(figures.Mean(Fed) / figures.Mean(Oracle))} times the error of the rating without its noise.",
                $"Reading the first test week makes the error on award items in the second {Percent(1 - (figures.Mean(Fed, 1) / figures.Mean(Starved, 1)))} smaller.",
            ],
            Command = command,
            Machine = machine,
        };
    }

    private static string Percent(double share) => share.ToString("0 %", CultureInfo.InvariantCulture);

    // RMSE of all test weeks, of award items in the second, of late users from the second on. The predictor is given rows of one week.
    private static double[] Errors(WeeksWorld world, Func<int[], int, double[]> predict)
    {
        var (all, awards, late) = (new List<double>(), new List<double>(), new List<double>());
        var data = world.Data.Interactions;
        for (var week = WeeksWorld.TrainingWeeks + 1; week <= WeeksWorld.Weeks; week++)
        {
            int[] rows = [.. Enumerable.Range(0, data.Count).Where(row => world.Week[row] == week)];
            foreach (var (row, prediction) in rows.Zip(predict(rows, week)))
            {
                var error = Math.Pow(Math.Clamp(prediction, 1, 5) - data.Values[row], 2);
                all.Add(error);
                if (week == WeeksWorld.TrainingWeeks + 2 && world.HasLateAward(data.Items[row]))
                {
                    awards.Add(error);
                }

                if (week > WeeksWorld.TrainingWeeks + 1 && world.Late.Contains(data.Users[row]))
                {
                    late.Add(error);
                }
            }
        }

        return [Math.Sqrt(all.Average()), Math.Sqrt(awards.Average()), Math.Sqrt(late.Average())];
    }

    private static TrainingSet Until(WeeksWorld world, int week) =>
        new(world.Data.Restrict([.. Enumerable.Range(0, world.Data.Interactions.Count).Where(row => world.Week[row] <= week)], "weeks", shrink: false));

    private static double[] Predict(WeeksWorld world, IRatingModel model, int[] rows)
    {
        var some = world.Data.Interactions.Select(rows);
        var values = new float[rows.Length];
        model.Predict(some.Users, some.Items, some.Times, values);
        return [.. values.Select(value => (double)value)];
    }

    private static double Validation(WeeksWorld world, IRatingModel model)
    {
        int[] rows = [.. Enumerable.Range(0, world.Week.Count).Where(row => world.Week[row] is > WeeksWorld.TrainingWeeks - 4 and <= WeeksWorld.TrainingWeeks)];
        return Predict(world, model, rows).Zip(rows, (prediction, row) => Math.Pow(prediction - world.Data.Interactions.Values[row], 2)).Average();
    }

    private static double[] BestFactors(WeeksWorld world, ulong seed)
    {
        var best = (Error: double.PositiveInfinity, Options: new BiasedMfOptions(), Epochs: 1);
        var part = Until(world, WeeksWorld.TrainingWeeks - 4);
        foreach (var dimension in new[] { 4, 16 })
        {
            foreach (var penalty in new[] { 0.02, 0.05, 0.1 })
            {
                var options = new BiasedMfOptions { Dimension = dimension, Regularization = penalty, Epochs = 40 };
                var epochs = 0;
                StudyTraining.Best(seed, part, () => new BiasedMf(ModelShape.Of(part), options), null, model =>
                {
                    epochs++;
                    var error = Validation(world, (IRatingModel)model);
                    best = error < best.Error ? (error, options, epochs) : best;
                    return error;
                }, _ => 0);
            }
        }

        var train = Until(world, WeeksWorld.TrainingWeeks);
        var last = best.Options with { Epochs = best.Epochs };
        return StudyTraining.Last(seed, train, () => new BiasedMf(ModelShape.Of(train), last), null, model => Errors(world, (rows, _) => Predict(world, (IRatingModel)model, rows)));
    }

    // The epoch by the last training weeks, which are read but not learned from; then all of them train for as many.
    private static (double[] Fed, double[] Starved) Network(WeeksWorld world, RrnOptions options, ulong seed)
    {
        var part = Until(world, WeeksWorld.TrainingWeeks - 4);
        var epoch = 0;
        var (error, chosen) = (double.PositiveInfinity, 1);
        StudyTraining.Best(seed, part, () => Rrn.Info.Make(options, part), null, model =>
        {
            epoch++;
            var now = WeekByWeek(model, options, world, WeeksWorld.TrainingWeeks - 3, WeeksWorld.TrainingWeeks);
            (error, chosen) = now < error ? (now, epoch) : (error, chosen);
            return now;
        }, _ => 0);
        var train = Until(world, WeeksWorld.TrainingWeeks);
        var whole = options.Dynamic ? options with { Epochs = chosen } : options with { PretrainingEpochs = chosen };
        return StudyTraining.Last(seed, train, () => Rrn.Info.Make(whole, train), null, model => (
            Errors(world, (rows, week) => Following(model, whole, world, week - 1, following => Predict(world, following, rows))),
            Errors(world, (rows, _) => Predict(world, (IRatingModel)model, rows))));
    }

    private static double WeekByWeek(Model model, RrnOptions options, WeeksWorld world, int first, int last)
    {
        var (sum, count) = (0.0, 0);
        for (var week = first; week <= last; week++)
        {
            int[] rows = [.. Enumerable.Range(0, world.Week.Count).Where(row => world.Week[row] == week)];
            var predictions = Following(model, options, world, week - 1, following => Predict(world, following, rows));
            sum += predictions.Zip(rows, (prediction, row) => Math.Pow(prediction - world.Data.Interactions.Values[row], 2)).Sum();
            count += rows.Length;
        }

        return sum / count;
    }

    // The same weights with all ratings up to a week read.
    private static double[] Following(Model model, RrnOptions options, WeeksWorld world, int week, Func<IRatingModel, double[]> use)
    {
        var known = Until(world, week);
        using var following = Rrn.Info.Make(options, known);
        following.Restore(model.State());
        following.eval();
        return use((IRatingModel)following);
    }
}
