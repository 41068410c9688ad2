using System.ComponentModel.DataAnnotations;
using Tastemaker.Data;
using Tastemaker.Features;
using Tastemaker.Inputs;
using Tastemaker.Options;
using Tastemaker.Scoring;
using Tastemaker.Solvers;
using Tastemaker.Systems;
using Tastemaker.Texts;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Models.Baselines;

/// <summary>Hyper-parameters of <see cref="Bm25"/>.</summary>
public sealed record Bm25Options : ModelOptions
{
    /// <summary>The text of users, or of a request, that searches. <value>the only text, or the one named text, content, post or similar</value></summary>
    public string TextColumn { get; init; } = "";

    /// <summary>The text of items that is searched. <value>the only text, or the one named text, content, abstract, title or similar</value></summary>
    public string ItemTextColumn { get; init; } = "";

    /// <summary>k1: how slowly repeats of a word in a text of an item cease to count; at 0 they do at once.</summary>
    [Symbol("k1")]
    [Range(0.0, 100.0)]
    [Search(0.1, 5, Log = true)]
    public double Saturation { get; init; } = Bm25Index.UsualSaturation;

    /// <summary>b: how much long texts of items are held back; at 0 not at all.</summary>
    [Symbol("b")]
    [Range(0.0, 1.0)]
    [Search(0.0, 1.0)]
    public double LengthNormalization { get; init; } = Bm25Index.UsualLengthNormalization;

    /// <summary>Texts of items that must contain a word; rarer words are ignored.</summary>
    [Range(1, 1_000_000)]
    public int MinimumCount { get; init; } = 1;

    /// <summary>Words of a text at most, the first ones, of users and of items.</summary>
    [Range(1, 10_000)]
    public int TextWords { get; init; } = 200;
}

/// <summary>
/// BM25, the baseline of systems that match texts: items by the words that their text shares with that of the user or the request (<see cref="Bm25Index"/>). Nothing is learned: words are weighted by how few items have them,
/// and items that training never met are ranked as the others are. A text that shares no word with any item is answered with the most popular items.
/// </summary>
internal sealed class Bm25(ModelShape shape, Bm25Options options) : Model(nameof(Bm25), shape, options)
{
    private const string SavedItems = "items";
    private static readonly TextOf<Bm25Options> Queries = new(FieldSource.User, options => new(options.TextColumn) { MostWords = options.TextWords }) { IsFitted = false };
    private static readonly TextOf<Bm25Options> Documents = new(FieldSource.Item, options => new(options.ItemTextColumn) { MinimumCount = options.MinimumCount, MostWords = options.TextWords }, "item-text-column") { IsFitted = false };

    private readonly SearchTexts texts = shape.Get<SearchTexts>();
    private readonly Bm25Index index = shape.Get<SearchTexts>().Index(options.Saturation, options.LengthNormalization);

    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = new SystemInfo<Bm25Options>((options, shape) => new Bm25(shape, options))
    {
        Id = "bm25",
        Name = "BM25",
        Family = "Baselines",
        Summary = "Items whose text shares words with a text of the user, rare words before frequent ones.",
        Paper = "S. Robertson, S. Walker, S. Jones, M. Hancock-Beaulieu and M. Gatford: Okapi at TREC-3. TREC 1994.",
        Answers = Capabilities.KnownUsers | Capabilities.Content,
        Inputs = [Queries, Documents, new SearchOf<Bm25Options>(Queries, Documents)],
    };

    /// <inheritdoc/>
    public override EpochPlan Plan => EpochPlan.Once;

    /// <inheritdoc/>
    public override Scorer Scorer => field ??= new CatalogScorer(ScoreCatalog);

    /// <inheritdoc/>
    public override ITraining Begin(TrainingSet train, TrainingOptions run) => new SolverTraining(_ => null);

    /// <summary>Nothing is learned, and the texts are saved with the shape: what is saved here is of how many items they are.</summary>
    public override IReadOnlyDictionary<string, Tensor> State() => new Dictionary<string, Tensor> { [SavedItems] = tensor([(float)index.DocumentCount]) };

    /// <inheritdoc/>
    protected override void Take(IReadOnlyDictionary<string, Tensor> state) => state.Floats(SavedItems, 1);

    private void ScoreCatalog(RequestBatch requests, Span<float> scores)
    {
        for (var request = 0; request < requests.Count; request++)
        {
            index.Score(texts.Queries.Of(requests, request), scores.Slice(request * Shape.Items, Shape.Items));
        }
    }
}
