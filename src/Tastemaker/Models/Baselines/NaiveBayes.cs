using System.ComponentModel.DataAnnotations;
using Tastemaker.Data;
using Tastemaker.Features;
using Tastemaker.Inputs;
using Tastemaker.Native;
using Tastemaker.Options;
using Tastemaker.Scoring;
using Tastemaker.Solvers;
using Tastemaker.Systems;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Models.Baselines;

/// <summary>Hyper-parameters of <see cref="NaiveBayes"/>.</summary>
public sealed record NaiveBayesOptions : ModelOptions
{
    /// <summary>The text of users (posts) that is read. <value>the only text, or the one named text, content, post or similar</value></summary>
    public string TextColumn { get; init; } = "";

    /// <summary>What is added to the count of every word with every item.</summary>
    [Symbol("alpha")]
    [Range(1e-6, 100.0)]
    [Search(0.001, 1, Log = true)]
    public double Smoothing { get; init; } = 0.01;

    /// <summary>Texts that must contain a word; rarer words are ignored.</summary>
    [Range(1, 1_000_000)]
    public int MinimumCount { get; init; } = 1;

    /// <summary>Words of a text at most.</summary>
    [Range(1, 10_000)]
    public int TextWords { get; init; } = 200;
}

/// <summary>
/// Multinomial naive Bayes, the baseline of systems that read texts: log p(item) + sum over the words w of the text of log (c(w, item) + alpha) / (c(item) + alpha V), where c counts words of the training texts of an item and V is the
/// number of words. The order of words has no part.
/// </summary>
internal sealed class NaiveBayes(ModelShape shape, NaiveBayesOptions options) : Model(nameof(NaiveBayes), shape, options)
{
    private readonly EntityTexts texts = shape.Get<EntityTexts>();
    private float[] priors = new float[shape.Items]; // log p(item)
    private float[] totals = new float[shape.Items]; // c(item)
    private SparseRows counts = SparseRows.Empty(0, shape.Items); // a row per word

    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = new SystemInfo<NaiveBayesOptions>((options, shape) => new NaiveBayes(shape, options))
    {
        Id = "naive-bayes",
        Name = "Naive Bayes",
        Family = "Baselines",
        Summary = "Items by the words of a text, each word for itself.",
        Paper = "A. McCallum and K. Nigam: A comparison of event models for naive Bayes text classification. AAAI-98 workshop on learning for text categorization.",
        Answers = Capabilities.KnownUsers | Capabilities.Content,
        Inputs = [new TextOf<NaiveBayesOptions>(FieldSource.User, options => new(options.TextColumn) { MinimumCount = options.MinimumCount, MostWords = options.TextWords })],
    };

    /// <inheritdoc/>
    public override EpochPlan Plan => EpochPlan.Once;

    /// <inheritdoc/>
    public override Scorer Scorer => field ??= new CatalogScorer(ScoreCatalog);

    /// <inheritdoc/>
    public override ITraining Begin(TrainingSet train, TrainingOptions run) => new SolverTraining(Count);

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, Tensor> State() => new Dictionary<string, Tensor>
    {
        ["priors"] = tensor(priors),
        ["totals"] = tensor(totals),
        ["offsets"] = tensor(counts.Offsets.ToArray()),
        ["items"] = tensor(counts.Columns.ToArray()),
        ["counts"] = tensor(counts.Values.ToArray()),
    };

    /// <inheritdoc/>
    protected override void Take(IReadOnlyDictionary<string, Tensor> state)
    {
        (priors, totals) = (state.Floats("priors", Shape.Items), state.Floats("totals", Shape.Items));
        counts = new SparseRows(state["offsets"].ToValues<int>(), state["items"].ToValues<int>(), Shape.Items, state["counts"].ToValues<float>());
    }

    private double? Count(EpochContext context)
    {
        var pairs = context.Train.Data.TakenUp();
        var (ofItems, ofWords) = (new int[Shape.Items], Enumerable.Range(0, texts.Size).Select(_ => new SortedDictionary<int, float>()).ToArray());
        totals = new float[Shape.Items];
        for (var row = 0; row < pairs.Count; row++)
        {
            var (user, item) = (pairs.Users[row], pairs.Items[row]);
            ofItems[item]++;
            foreach (var word in texts.Rows[user])
            {
                ofWords[word][item] = ofWords[word].GetValueOrDefault(item) + 1;
                totals[item]++;
            }
        }

        priors = Array.ConvertAll(ofItems, count => (float)Math.Log((count + options.Smoothing) / (pairs.Count + (options.Smoothing * Shape.Items))));
        var offsets = new int[ofWords.Length + 1];
        for (var word = 0; word < ofWords.Length; word++)
        {
            offsets[word + 1] = offsets[word] + ofWords[word].Count;
        }

        counts = new SparseRows(offsets, [.. ofWords.SelectMany(items => items.Keys)], Shape.Items, [.. ofWords.SelectMany(items => items.Values)]);
        return null;
    }

    // A word that an item's texts lack gives log alpha; only the others differ from that.
    private void ScoreCatalog(RequestBatch requests, Span<float> scores)
    {
        var (alpha, none) = (options.Smoothing, Math.Log(options.Smoothing));
        for (var request = 0; request < requests.Count; request++)
        {
            var words = texts.Of(requests, request);
            var own = scores.Slice(request * Shape.Items, Shape.Items);
            if (words.Length == 0)
            {
                own.Clear(); // nothing to go by: the answer is what is popular
                continue;
            }

            for (var item = 0; item < own.Length; item++)
            {
                own[item] = (float)(priors[item] + (words.Length * (none - Math.Log(totals[item] + (alpha * texts.Words.Count)))));
            }

            foreach (var word in words)
            {
                for (var entry = 0; entry < counts.Length(word); entry++)
                {
                    own[counts[word][entry]] += (float)(Math.Log(counts.RowValues(word)[entry] + alpha) - none);
                }
            }
        }
    }
}
