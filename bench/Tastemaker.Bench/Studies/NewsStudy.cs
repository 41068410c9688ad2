using System.Globalization;
using Tastemaker.Bench.Reports;
using Tastemaker.Data;
using Tastemaker.Evaluation.Metrics;
using Tastemaker.Models.Recurrent;
using Tastemaker.Native;
using Tastemaker.Options;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Bench.Studies;

/// <summary>What a recurrent state of a reader tells beyond means of what was read, and article vectors beyond words.</summary>
/// <param name="seeds">Worlds and trainings.</param>
/// <param name="users">Users of a world to learn from.</param>
/// <param name="log">Progress.</param>
internal sealed class NewsStudy(int seeds, int users, TextWriter log)
{
    private const string Truth = "the true match";
    private const string Categories = "true categories in common (decay chosen)";
    private const string Words = "words in common (tf-idf, decay chosen)";
    private const string Average = "article vectors, average";
    private const string Decay = "article vectors, decay chosen";
    private const string Centered = "article vectors less their mean, decay chosen, nothing learned of users";
    private const string Gru = "article vectors, GRU";
    private const string NoBias = "article vectors, GRU without the bias of positions";

    private static readonly double[] Betas = [0.7, 0.8, 0.9, 0.95, 1];

    private static readonly YahooNewsOptions Options = new() { CategoryColumn = "category", PositionColumn = "position", ArticleEpochs = 10, Epochs = 12 };

    /// <summary>Trains and measures all.</summary>
    public PerformanceTable Measure(MachineFacts machine, string command)
    {
        var (figures, vectors, tests) = (new StudyFigures(log), new StudyFigures(log), new List<string>());
        for (var seed = 1UL; seed <= (ulong)seeds; seed++)
        {
            var world = new NewsWorld(seed, users);
            var overlap = new WordOverlap(world);
            using var articles = Model(world, Options, seed);
            LearnArticles(articles, world, seed);
            var truth = Auc(world.Test, list => Array.ConvertAll(list.IsMatch, match => match ? 1f : 0));
            var (byCategories, categoryBeta) = Chosen(world, (list, beta) => ByCategory(world, list, beta));
            var (byWords, wordBeta) = Chosen(world, overlap.Scores);
            var decays = Betas.Select(beta => Users(articles, world, Options with { Encoder = NewsEncoder.Decay, Decay = beta }, seed)).ToList();
            var decay = decays.MaxBy(run => run.Valid)!;
            var gru = Users(articles, world, Options, seed);
            var unbiased = Users(articles, world, Options with { PositionColumn = "" }, seed);
            var lessMean = LessMean(gru.Articles);
            var (centered, centeredBeta) = Chosen(world, (list, beta) => ByVectors(lessMean, list, beta));
            Add(Truth, truth);
            Add(Categories, byCategories);
            Add(Words, byWords);
            Add(Average, decays[^1].Test);
            Add(Decay, decay.Test);
            Add(Centered, centered);
            Add(Gru, gru.Test);
            Add(NoBias, unbiased.Test);
            vectors.Add(seed, "article vectors", WordOverlap.Likeness(world, (one, other) => Cosine(gru.Articles, one, other)));
            vectors.Add(seed, "tf-idf", WordOverlap.Likeness(world, overlap.Cosine));
            var afterBurst = WordOverlap.Difference(OfBursts(gru.Test), OfBursts(decay.Test));
            tests.Add(string.Create(CultureInfo.InvariantCulture, $"seed {seed}: beta is {Betas[decays.IndexOf(decay)]} ({wordBeta} for words, {categoryBeta} for true categories, {centeredBeta} for vectors less their mean); the GRU is above decay by {afterBurst} after a burst and by {WordOverlap.Difference(gru.Test, decay.Test)} in all lists, and above vectors less their mean by {WordOverlap.Difference(OfBursts(gru.Test), OfBursts(centered))} and {WordOverlap.Difference(gru.Test, centered)} (twice the standard error); the rank correlation of the learned bias with the position is {WatchTimeStudy.Spearman(gru.Bias, [.. gru.Bias.Select((_, place) => (double)place)]):0.000}"));
            log.WriteLine(tests[^1]);

            IEnumerable<double> OfBursts(double[] of) => of.Where((_, list) => world.Test[list].HasBurst);
            void Add(string name, double[] of) => figures.Add(seed, name, Mean([.. OfBursts(of)]), Mean(of));
        }

        string Of(string name) => string.Join(", ", Enumerable.Range(0, 3).Select(column => CandidateStudy.Text(vectors.Mean(name, column))));
        return new PerformanceTable
        {
            Title = "Yahoo news: readers with bursts of something else",
            Text = string.Create(CultureInfo.InvariantCulture, $"8,000 generated articles of 20 categories of 5 stories, whose category words have three spellings each; {users:N0} readers with three interests that change at times, and with bursts of 4 to 8 articles of any category, which tell nothing. Of a list of 20 new articles in random order, the probability that a clicked one is above another (AUC), mean over the lists of {2 * users:N0} readers that training does not know. ")
                + $"Lists of {users / 2:N0} further readers choose the epoch, and beta from .7, .8, .9, .95 and 1; training has lists in the order of a ranker by popularity. Step 1 has ten epochs, chosen by validation lists of another world; all else is by default. Mean of {seeds} seeds (least to largest).",
            Columns = ["what ranks", "a burst among the last six articles", "all lists"],
            Rows = figures.Rows(),
            Findings =
            [
                $"Two new articles of one category are more alike than two of different ones, of one story more than of two, and of one story more than of two stories of one category, with probabilities of {Of("article vectors")} by the cosine of article vectors and {Of("tf-idf")} by that of words.",
                .. tests.Select(test => $"{char.ToUpperInvariant(test[0])}{test[1..]}."),
            ],
            Command = command,
            Machine = machine,
        };
    }

    // The figures on test lists with the beta that is best on validation lists.
    private static (double[] Test, double Beta) Chosen(NewsWorld world, Func<ShownList, double, float[]> scores)
    {
        var beta = Betas.MaxBy(beta => Mean(Auc(world.Validation, list => scores(list, beta))));
        return (Auc(world.Test, list => scores(list, beta)), beta);
    }

    // How often the category of a candidate was browsed, with weights beta^age.
    private static float[] ByCategory(NewsWorld world, ShownList list, double beta)
    {
        var weights = new float[world.Category.Max() + 1];
        foreach (var (place, article) in list.History.Index())
        {
            weights[world.Category[article]] += (float)Math.Pow(beta, list.History.Length - 1 - place);
        }

        return Array.ConvertAll(list.Articles, article => weights[world.Category[article]]);
    }

    // What all articles have in common taken away from each.
    private static float[][] LessMean(float[,] vectors)
    {
        var (articles, dimension) = (vectors.GetLength(0), vectors.GetLength(1));
        float[] mean = [.. Enumerable.Range(0, dimension).Select(place => Enumerable.Range(0, articles).Average(article => vectors[article, place]))];
        return [.. Enumerable.Range(0, articles).Select(article => mean.Select((of, place) => vectors[article, place] - of).ToArray())];
    }

    private static float[] ByVectors(float[][] vectors, ShownList list, double beta)
    {
        var profile = new float[vectors[0].Length];
        foreach (var (place, article) in list.History.Index())
        {
            var weight = (float)Math.Pow(beta, list.History.Length - 1 - place);
            for (var of = 0; of < profile.Length; of++)
            {
                profile[of] += weight * vectors[article][of];
            }
        }

        return Array.ConvertAll(list.Articles, article => System.Numerics.Tensors.TensorPrimitives.Dot<float>(profile, vectors[article]));
    }

    private sealed record Run(double Valid, double[] Test, float[,] Articles, float[] Bias);

    private static YahooNews Model(NewsWorld world, YahooNewsOptions options, ulong seed)
    {
        manual_seed((long)seed);
        return (YahooNews)YahooNews.Info.Make(YahooNews.Info.Resolve(options, world.Train), world.Train);
    }

    private static void LearnArticles(YahooNews model, NewsWorld world, ulong seed)
    {
        var run = new TrainingOptions { Seed = seed };
        using var training = model.Begin(world.Train, run, Sessions(world, hasPositions: true));
        for (var epoch = 0; epoch < Options.ArticleEpochs; epoch++)
        {
            training.RunEpoch(new EpochContext(world.Train, epoch, run, (_, _, _, _) => { }, CancellationToken.None));
        }
    }

    // Step 2 upon articles that were learned once, after the epoch that validation chooses.
    private Run Users(YahooNews articles, NewsWorld world, YahooNewsOptions options, ulong seed)
    {
        using var model = Model(world, options, seed);
        var state = articles.State();
        model.Restore(model.State().ToDictionary(own => own.Key, own => own.Key.StartsWith("autoencoder", StringComparison.Ordinal) ? state[own.Key] : own.Value));
        var run = new TrainingOptions { Seed = seed };
        using var training = model.Begin(world.Train, run, Sessions(world, options.PositionColumn.Length > 0));
        var best = new Run(0, [], new float[0, 0], []);
        for (var epoch = options.ArticleEpochs; epoch < options.ArticleEpochs + options.Epochs; epoch++)
        {
            training.RunEpoch(new EpochContext(world.Train, epoch, run, (_, _, _, _) => { }, CancellationToken.None));
            model.eval();
            var valid = Mean(Auc(model, world.Validation));
            log.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {options.Encoder}, epoch {epoch - options.ArticleEpochs + 1}: {valid:0.0000}"));
            if (valid > best.Valid)
            {
                best = new Run(valid, Auc(model, world.Test), Values(model.ItemVectors), model.PositionBias is { } bias ? bias.ToValues<float>()[1..] : []);
            }
        }

        return best;
    }

    private static NewsSession[][] Sessions(NewsWorld world, bool hasPositions) => Array.ConvertAll(world.Lists, lists => lists.Where(list => list.IsClicked.Contains(true)).Select(list =>
    {
        int[] Of(bool clicked) => [.. Enumerable.Range(0, NewsWorld.Candidates).Where(place => list.IsClicked[place] == clicked)];
        int[] Positions(bool clicked) => hasPositions ? Array.ConvertAll(Of(clicked), place => place + 1) : [];
        int[] Articles(bool clicked) => Array.ConvertAll(Of(clicked), place => list.Articles[place]);
        return new NewsSession(list.History.Length, Articles(true), Articles(false), Positions(true), Positions(false));
    }).ToArray());

    private static double[] Auc(YahooNews model, ShownList[] lists)
    {
        var aucs = new List<double>();
        foreach (var some in lists.Chunk(500))
        {
            using var scope = NewDisposeScope();
            using var grad = no_grad();
            var scores = new float[some.Length * model.Shape.Items];
            model.Score(new RequestBatch([.. some.Select(_ => -1)], SparseRows.FromRows([.. some.Select(list => list.History)], model.Shape.Items)), scores);
            aucs.AddRange(some.Select((list, row) => Auc(list, Array.ConvertAll(list.Articles, article => scores[(row * model.Shape.Items) + article]))));
        }

        return [.. aucs];
    }

    private static double[] Auc(ShownList[] lists, Func<ShownList, float[]> scores) => Array.ConvertAll(lists, list => Auc(list, scores(list)));

    // Of a list without a click, NaN.
    private static double Auc(ShownList list, float[] scores) => PairMetrics.Auc(list.IsClicked, scores);

    private static double Mean(double[] aucs) => aucs.Where(auc => !double.IsNaN(auc)).Average();

    private static double Cosine(float[,] vectors, int one, int other)
    {
        double product = 0, first = 1e-12, second = 1e-12;
        for (var place = 0; place < vectors.GetLength(1); place++)
        {
            product += (double)vectors[one, place] * vectors[other, place];
            first += (double)vectors[one, place] * vectors[one, place];
            second += (double)vectors[other, place] * vectors[other, place];
        }

        return product / Math.Sqrt(first * second);
    }

    private static float[,] Values(Tensor vectors)
    {
        var values = new float[vectors.shape[0], vectors.shape[1]];
        Buffer.BlockCopy(vectors.ToValues<float>(), 0, values, 0, sizeof(float) * values.Length);
        return values;
    }
}
