using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Models.Recurrent;
using Tastemaker.Nn;
using Tastemaker.Options;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Models.Recurrent;

/// <summary>Eight articles of two categories that three users were shown, some of which they clicked.</summary>
internal static class NewsSamples
{
    internal const int Users = 3, Items = 8, Copy = 6, Silent = 7; // items from 6 on are cold: one with the words of item 0, and one without words

    internal static readonly YahooNewsOptions Small = new() { MinimumCount = 1, Dimension = 6, Units = 4, ArticleEpochs = 2, ArticleBatchSize = 4, Epochs = 2, BatchSize = 2, TextColumn = "text" };

    internal static readonly string[] Articles =
        ["cup final goal goal", "goal in the last minute", "league table and goal", "bank raises rates", "rates and bank shares", "shares fall", "Final cup goal", ""];

    internal static readonly int[][] Categories = [[0], [0], [0], [1], [1], [], [0], []]; // item 5 has none

    // User, item, label, session and position, in order of time.
    internal static readonly (int User, int Item, int Label, string Session, int Position)[] Rows =
    [
        (0, 0, 1, "s1", 1), (0, 3, 0, "s1", 2), (0, 4, 0, "s1", 3),
        (0, 1, 1, "s2", 2), (0, 2, 1, "s2", 1), (0, 5, 0, "s2", 3),
        (1, 3, 1, "s3", 1), (1, 0, 0, "s3", 4),
        (1, 4, 1, "s4", 1),
        (2, 5, 0, "s5", 1), (2, 1, 0, "s5", 2),
        (2, 2, 1, "", 1),
    ];

    internal static TrainingSet Train(bool isLabelled = true) => Of(Articles, Categories, Rows, isLabelled);

    internal static TrainingSet Of(string[] articles, IReadOnlyList<IReadOnlyList<int>> categories, (int User, int Item, int Label, string Session, int Position)[] rows, bool isLabelled = true)
    {
        var kept = isLabelled ? rows : [.. rows.Where(row => row.Label > 0)];
        return new(new Dataset
        {
            Name = "news",
            Users = new Vocabulary(Enumerable.Range(0, rows.Max(row => row.User) + 1).Select(user => $"u{user}")),
            Items = new Vocabulary(Enumerable.Range(0, articles.Length).Select(item => $"a{item}")),
            Interactions = new Interactions(
                [.. kept.Select(row => row.User)], [.. kept.Select(row => row.Item)], isLabelled ? [.. kept.Select(row => (float)row.Label)] : null, [.. kept.Select((_, place) => (long)place)]),
            InteractionFeatures = new FeatureTable(kept.Length, [new TextColumn("session", [.. kept.Select(row => row.Session)]), new NumericColumn("position", [.. kept.Select(row => (float)row.Position)])]),
            ItemFeatures = new FeatureTable(articles.Length,
            [
                new TextColumn("text", articles),
                new MultiCategoricalColumn("category", new Vocabulary(["sport", "money"]), SparseRows.FromRows(categories, 2)),
                new NumericColumn("length", [.. articles.Select(article => (float)article.Length)]),
            ]),
            IsLabelled = isLabelled,
        });
    }

    internal static YahooNews Make(YahooNewsOptions options, TrainingSet? train = null)
    {
        random.manual_seed(3);
        return (YahooNews)YahooNews.Info.Make(options, train ?? Train());
    }

    internal static SparseInput Bags(params int[][] words) => SparseInput.Of(SparseRows.FromRows(words, 5), CPU);
}
