using System.Globalization;
using Tastemaker.Bench.Reports;
using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Models.Baselines;
using Tastemaker.Models.Convolutional;
using Tastemaker.Options;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Bench.Studies;

/// <summary>What reviews give a rating predictor, and what reading the review of the rating itself would seem to give.</summary>
/// <param name="seeds">Number of worlds and trainings.</param>
/// <param name="users">Users of a world.</param>
/// <param name="log">Progress.</param>
internal sealed class ReviewStudy(int seeds, int users, TextWriter log)
{
    private static readonly ReviewRules Rules = new("review") { Words = 50_000, MinimumCount = 2, DocumentWords = 1000, TextWords = 1000 };

    private const string Own = "DeepCoNN, the pair's review left out (its defaults)";
    private const string Read = "DeepCoNN, the pair's review read in training";
    private const string Leak = "DeepCoNN, the pair's review read in training and test";
    private const string Shuffled = "DeepCoNN, reviews dealt out at random";
    private const string Biases = "biases of users and items";
    private const string Factors = "biased matrix factorization";
    private const string Presence = "ridge regression on planted opinions";
    private const string Oracle = "the rating without its noise";

    /// <summary>Trains and measures all.</summary>
    public PerformanceTable Measure(MachineFacts machine, string command)
    {
        var figures = new Dictionary<string, List<(double Sparse, double All)>>();
        for (var seed = 1; seed <= seeds; seed++)
        {
            var rows = new ReviewRows(new ReviewWorld((ulong)seed, users), (ulong)seed);
            Add(Oracle, rows.Errors(rows.World.Expected));
            Add(Biases, RatingBiases.Errors(rows));
            Add(Factors, BestFactors(rows, (ulong)seed));
            Add(Presence, OpinionRidge.Errors(rows));
            var chosen = new DeepCoNNOptions();
            Add(Own, Network(rows, rows.Training, chosen, (ulong)seed).Test);
            Add(Read, Network(rows, rows.Training, chosen with { LeaveTargetOut = false }, (ulong)seed).Test);
            Add(Leak, Network(rows, new TrainingSet(rows.World.Data), chosen with { LeaveTargetOut = false }, (ulong)seed).Test);
            Add(Shuffled, Network(rows, rows.TrainingOf(rows.World.Shuffled()), chosen, (ulong)seed).Test);

            void Add(string name, (double Sparse, double All) errors)
            {
                log.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}, {name}: {errors.Sparse:0.0000}, {errors.All:0.0000}"));
                figures.TryAdd(name, []);
                figures[name].Add(errors);
            }
        }

        double Mean(string name) => figures[name].Average(errors => errors.Sparse);
        string Percent(double share) => share.ToString("0 %", CultureInfo.InvariantCulture);
        return new PerformanceTable
        {
            Title = "DeepCoNN: ratings from reviews",
            Text = $"{users:N0} generated users review 800 items that are good or bad in 8 aspects; a rating is 3 + 2 w.q and noise, with w what the user cares for and q what the item is. Three in five users write 3 to 5 reviews, which tell what they care for but leave too few ratings to fit 8 numbers. "
                + $"RMSE of a random tenth of the ratings, for users with at most {ReviewRows.Few} training reviews and for all; 12 settings of matrix factorization, and the epochs of all, are chosen on another tenth; DeepCoNN has its defaults, whose weight decay was chosen on that tenth of the first seed. The reference reads who spoke of which aspect and how from the generator instead of from words, and no more than a network that takes maxima can. {(seeds == 1 ? "One seed." : $"Mean of {seeds} seeds (least to largest).")}",
            Columns = ["predictor", $"users with at most {ReviewRows.Few} reviews", "all users"],
            Rows = [.. figures.Select(row => (IReadOnlyList<string>)[row.Key, CandidateStudy.Range(row.Value.Select(errors => errors.Sparse)), CandidateStudy.Range(row.Value.Select(errors => errors.All))])],
            Findings =
            [
                $"For users with few reviews DeepCoNN is {Percent(1 - (Mean(Own) / Mean(Factors)))} below matrix factorization, {Percent((Mean(Factors) - Mean(Own)) / (Mean(Factors) - Mean(Presence)))} of what the reference gains.",
                $"With reviews dealt out at random its error is {CandidateStudy.Text(Mean(Shuffled))}, that of the biases {CandidateStudy.Text(Mean(Biases))}: it knows users and items by their words alone.",
                $"With the review of the rating that is predicted among its documents its error is {CandidateStudy.Text(Mean(Leak))} instead of {CandidateStudy.Text(Mean(Own))}. No user of a predictor has that review, so the library does not offer it; it is measured here by documents that hold the test reviews.",
            ],
            Command = command,
            Machine = machine,
        };
    }

    // The best of 12 settings on the validation part.
    private static (double Sparse, double All) BestFactors(ReviewRows rows, ulong seed)
    {
        var best = (Validation: double.PositiveInfinity, Test: (0.0, 0.0));
        foreach (var dimension in new[] { 4, 8, 32 })
        {
            foreach (var penalty in new[] { 0.02, 0.05, 0.1, 0.2 })
            {
                var options = new BiasedMfOptions { Dimension = dimension, Regularization = penalty, Epochs = 40 };
                var fit = Fit(new BiasedMf(ModelShape.Of(rows.Training), options), rows, options.Epochs, seed);
                best = fit.Validation < best.Validation ? fit : best;
            }
        }

        return best.Test;
    }

    private static (double Validation, (double Sparse, double All) Test) Network(ReviewRows rows, TrainingSet texts, DeepCoNNOptions options, ulong seed)
    {
        manual_seed((long)seed);
        var resolved = (DeepCoNNOptions)DeepCoNN.Info.Resolve(options, rows.Training);
        var shape = ModelShape.Of(rows.Training).With(ReviewTexts.Of(texts, texts.Data.InteractionFeatures!.Columns[0], Rules));
        return Fit(new DeepCoNN(resolved, shape), rows, resolved.Epochs, seed);
    }

    // The test errors after the epoch that was best on the validation part.
    private static (double Validation, (double Sparse, double All) Test) Fit(Model model, ReviewRows rows, int epochs, ulong seed)
    {
        using var ours = model;
        var run = new TrainingOptions { Seed = seed };
        using var training = model.Begin(rows.Training, run);
        var best = (Validation: double.PositiveInfinity, Test: (0.0, 0.0));
        for (var epoch = 0; epoch < epochs; epoch++)
        {
            model.train();
            training.RunEpoch(new EpochContext(rows.Training, epoch, run, (_, _, _, _) => { }, CancellationToken.None));
            model.eval();
            double Rating(int user, int item)
            {
                Span<float> rating = stackalloc float[1];
                ((IRatingModel)model).Predict([user], [item], rating);
                return rating[0];
            }

            if (rows.Validation(Rating) is var error && error < best.Validation)
            {
                best = (error, rows.Errors(Rating));
            }
        }

        return best;
    }
}
