using System.ComponentModel.DataAnnotations;
using Tastemaker.Data;
using Tastemaker.Features;
using Tastemaker.Inputs;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Scoring;
using Tastemaker.Solvers;
using Tastemaker.Systems;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Models.Baselines;

/// <summary>Hyper-parameters of <see cref="VectorProfile"/>.</summary>
public sealed record VectorProfileOptions : ModelOptions
{
    /// <summary>Item features that make up the vector of an item, such as tags or abstract(words=8000,weighting=log). <value>all item features that are no text</value></summary>
    public IReadOnlyList<string> ItemFields { get; init; } = [];

    /// <summary>Training rows that a category must occur in to be read; 0 for all that the catalog has.</summary>
    [Range(0, 1_000_000)]
    public int MinimumCount { get; init; }

    /// <summary>How much rare columns count: each is multiplied by ln(N / n) to this power, N items of which n have it. 0 for all alike.</summary>
    [Range(0.0, 4.0)]
    [Search(0.0, 2.0)]
    public double RarityExponent { get; init; } = 1;
}

/// <summary>
/// The baseline of systems that read the content of items: each item is the vector of its features at unit length, a user is the mean of the vectors of their items, and the cosine of the two ranks items, whether somebody has met them or not.
/// </summary>
internal sealed class VectorProfile(ModelShape shape, VectorProfileOptions options) : Model(nameof(VectorProfile), shape, options)
{
    private SparseRows byItem = SparseRows.Empty(shape.Items, 1); // unit length
    private SparseRows byColumn = SparseRows.Empty(1, shape.Items);

    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = new SystemInfo<VectorProfileOptions>((options, shape) => new VectorProfile(shape, options))
    {
        Id = "vector-profile",
        Name = "Vector profile",
        Family = "Baselines",
        Summary = "Items most like those of the history by their features; also items that nobody has met.",
        Paper = "M. J. Pazzani and D. Billsus: Content-Based Recommendation Systems. The Adaptive Web, 2007.",
        Answers = Capabilities.Everyone,
        Inputs = [new EntityFeatures<VectorProfileOptions>(options => new(options.ItemFields, options.MinimumCount) { NumberTransform = NumericTransform.Buckets })],
    };

    /// <inheritdoc/>
    public override EpochPlan Plan => EpochPlan.Once;

    /// <inheritdoc/>
    public override Scorer Scorer => field ??= new CatalogScorer(ScoreCatalog);

    /// <inheritdoc/>
    public override ITraining Begin(TrainingSet train, TrainingOptions run) => new SolverTraining(Weigh);

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, Tensor> State()
    {
        var state = new Dictionary<string, Tensor>();
        state.AddRows("items", byItem);
        return state;
    }

    /// <inheritdoc/>
    protected override void Take(IReadOnlyDictionary<string, Tensor> state)
    {
        byItem = state.Rows("items", Shape.Items, EntityBags.Width(Shape.Get<FittedFields>().Space, FieldSource.Item));
        byColumn = byItem.Transpose();
    }

    private double? Weigh(EpochContext context)
    {
        var space = Shape.Get<FittedFields>().Space;
        EntityBags.Check(space.Schema, FieldSource.Item, "item-fields");
        var bags = EntityBags.Of(space, FieldSource.Item, BagScale.None);
        var counts = bags.CountColumns();
        var weights = Array.ConvertAll(counts, count => count == 0 ? 0 : (float)Math.Pow(Math.Log((double)Shape.Items / count), options.RarityExponent));
        var values = bags.Values.ToArray();
        for (var item = 0; item < bags.RowCount; item++)
        {
            var own = values.AsSpan(bags.Offsets[item], bags.Length(item));
            for (var entry = 0; entry < own.Length; entry++)
            {
                own[entry] *= weights[bags[item][entry]];
            }

            var length = MathF.Sqrt(Vectors.Dot(own, own));
            foreach (ref var value in own)
            {
                value = length == 0 ? 0 : value / length;
            }
        }

        byItem = new SparseRows([.. bags.Offsets], [.. bags.Columns], bags.ColumnCount, values);
        byColumn = byItem.Transpose();
        return null;
    }

    // A user without features in the history has nothing to go by: the answer is what is popular.
    private void ScoreCatalog(RequestBatch requests, Span<float> scores)
    {
        var histories = InteractionMatrix.Of(requests, Shape.Items, useValues: false);
        var profile = new float[byItem.ColumnCount];
        for (var request = 0; request < requests.Count; request++)
        {
            Array.Clear(profile);
            foreach (var item in histories[request])
            {
                SparseWeights.Scatter(byItem[item], byItem.RowValues(item), 1, profile);
            }

            var length = MathF.Sqrt(Vectors.Dot(profile, profile));
            var own = scores.Slice(request * Shape.Items, Shape.Items);
            own.Clear();
            for (var column = 0; column < profile.Length; column++)
            {
                if (profile[column] != 0)
                {
                    SparseWeights.Scatter(byColumn[column], byColumn.RowValues(column), profile[column] / length, own);
                }
            }
        }
    }
}
