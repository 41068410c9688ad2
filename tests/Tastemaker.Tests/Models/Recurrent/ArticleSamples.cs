using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Features;
using Tastemaker.Inputs;
using Tastemaker.Models.Recurrent;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Models.Recurrent;

/// <summary>Seven articles that four users like, with a text and tags each.</summary>
internal static class ArticleSamples
{
    internal const int Users = 4, Items = 7, Cold = 4, Copy = 5, Silent = 6; // items from 4 on are cold: one, one with the text of item 0, and one without words
    internal static readonly AskTheGruOptions Small = new() { WordDimension = 5, Units = 3, Dimension = 4, MinimumCount = 1, EmbeddingDropout = 0, HiddenDropout = 0, OutputDropout = 0, BatchSize = 4, Epochs = 3 };
    internal static readonly string[] Articles = ["rain on the last day of the tour", "sun on the first day", "rain", "first rain then sun then rain and wind", "wind on the tour", "rain on the last day of the tour", ""];
    internal static readonly int[][] Liked = [[0, 1], [1, 2], [0, 3], [2, 3, 0]];
    internal static readonly int[][] Tags = [[0, 2], [1], [0], [], [2], [0, 2], []]; // item 3 has none

    internal static SparseRows? TagsOf(AskTheGru model) => model.Shape.Features is { } space ? EntityBags.Of(space, FieldSource.Item, BagScale.None) : null;

    internal static AskTheGru Make(AskTheGruOptions options)
    {
        random.manual_seed(3);
        return (AskTheGru)AskTheGru.Info.Make(options, Train());
    }

    internal static TrainingSet Train() => Of(Users, Articles, [.. Liked.SelectMany((items, user) => items.Select(_ => user))], [.. Liked.SelectMany(items => items)], Tags);

    internal static TrainingSet Of(int users, string[] articles, int[] ofUsers, int[] ofItems, IEnumerable<IReadOnlyList<int>> tags) => new(new Dataset
    {
        Name = "articles",
        Users = new Vocabulary(Enumerable.Range(0, users).Select(user => $"u{user}")),
        Items = new Vocabulary(Enumerable.Range(0, articles.Length).Select(item => $"a{item}")),
        Interactions = new Interactions(ofUsers, ofItems),
        ItemFeatures = new FeatureTable(articles.Length,
        [
            new TextColumn("text", articles),
            new MultiCategoricalColumn("tags", new Vocabulary(["weather", "season", "travel"]), SparseRows.FromRows([.. tags], 3)),
            new NumericColumn("length", [.. articles.Select(article => (float)article.Length)]),
        ]),
    });
}
