using System.ComponentModel.DataAnnotations;
using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Features;
using Tastemaker.Inputs;
using Tastemaker.Nn;
using Tastemaker.Options;
using Tastemaker.Systems;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Models.Mlp;

/// <summary>What YouTube DNN is trained to predict.</summary>
public enum YouTubeLabels
{
    /// <summary>The next positive of a user, from what came before ("rollback"); of data without times or order the same as <see cref="HeldOut"/>.</summary>
    Next,

    /// <summary>What was held out at random, from all other positives of the user, later or earlier: the custom that the paper found worse.</summary>
    HeldOut,
}

/// <summary>Hyper-parameters of <see cref="YouTubeRanking"/>. Fields: by default identifiers and all columns that are no text, but for <see cref="Weight"/>.</summary>
public sealed record YouTubeRankingOptions : FeatureModelOptions
{
    /// <summary>The defaults.</summary>
    public YouTubeRankingOptions() => (Epochs, BatchSize, LearningRate) = (10, 1024, 1e-3);

    /// <summary>
    /// The numeric column of interactions that says what taking an item up was worth, such as the minutes watched: positives count as much in the loss. Not read as a
    /// field. Null to count all alike, which is logistic regression of clicks.
    /// </summary>
    public string? Weight { get; init; }

    /// <summary>Weights above this count as this, so that a few long items do not dominate; 0 for no bound.</summary>
    [Range(0.0, 1e9)]
    public double MaximumWeight { get; init; }

    /// <summary>
    /// Whether every row with label 1 counts once more with label 0. The odds exp(s) are then exactly the weight a row, sum of weights / rows, rather than
    /// sum of weights / rows with label 0, which is close only where few rows have label 1.
    /// </summary>
    public bool CountPositivesAsNegatives { get; init; }

    /// <summary>Length of the vectors of all fields; 0 for lengths in proportion to the log of the number of categories.</summary>
    [Range(0, 4096)]
    public int EmbeddingDimension { get; init; }

    /// <summary>Length of a field's vectors for each unit of the natural log of its number of categories, where <see cref="EmbeddingDimension"/> is 0.</summary>
    [Range(0.1, 100.0)]
    public double DimensionPerLog { get; init; } = 3;

    /// <summary>Widths of the ReLU layers; empty for a linear model.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [1024, 512, 256];

    /// <summary>Whether squares and roots of numbers are read beside them.</summary>
    public bool Powers { get; init; } = true;

    internal override NumericTransform NumberTransform => NumericTransform.Quantile;

    internal override IReadOnlyList<string> DefaultFields(Dataset data) =>
        [.. base.DefaultFields(data).Where(field => !IsWeight(field[(field.IndexOf('.', StringComparison.Ordinal) + 1)..]) || !field.StartsWith(FeatureSchema.Context, StringComparison.Ordinal))];

    internal bool IsWeight(string? column) => Weight is not null && string.Equals(column, Weight, StringComparison.OrdinalIgnoreCase);
}

/// <summary>
/// Ranking at YouTube (Covington et al. 2016, section 4): a tower of ReLU layers over vectors of categories, whose lengths follow the log of their
/// number, and over quantile-normalized numbers with their squares and roots; weighted logistic regression, in which a positive weighs
/// what it was worth. The odds exp(s) are then the expected worth of showing an item. Fields of one space share a table; unknown
/// categories are the vector 0.
/// </summary>
internal sealed class YouTubeRanking : FeatureModel, IExpectedValueModel
{
    private readonly YouTubeRankingOptions options;
    private readonly FieldInput input;
    private readonly Tower tower;
    private readonly Dense output;

    /// <summary>A model.</summary>
    /// <exception cref="InputException">The weight is among the fields.</exception>
    public YouTubeRanking(YouTubeRankingOptions options, ModelShape shape)
        : base(nameof(YouTubeRanking), shape, options)
    {
        this.options = options;
        if (Space.Schema.Fields.FirstOrDefault(field => field.Source is FieldSource.Context && options.IsWeight(field.Column)) is { } leak)
        {
            throw new InputException($"The field '{leak.Name}' is the weight: it is known only after a positive. Leave it out of fields.");
        }

        input = new FieldInput(Space.Schema, _ => true, Dimension, length => Initializers.Normal(1 / Math.Sqrt(length)), options.Powers);
        tower = new Tower(input.Width, options.Hidden, x => x.relu(), activatesLast: true, Initializers.GlorotUniform);
        output = new Dense(options.Hidden.Count > 0 ? options.Hidden[^1] : input.Width, 1, Initializers.GlorotUniform);
        RegisterComponents();
    }

    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = new SystemInfo<YouTubeRankingOptions>((options, shape) => new YouTubeRanking(options, shape))
    {
        Id = "youtube-ranking",
        Name = "YouTube ranking",
        Family = "Mlp",
        Summary = "Orders impressions by what they are expected to be worth, such as minutes watched: the second stage after candidate generation.",
        Paper = "P. Covington, J. Adams, E. Sargin: Deep neural networks for YouTube recommendations. RecSys 2016.",
        Answers = Capabilities.KnownUsers | Capabilities.Features,
        Inputs = [Fields.Named],
    };

    /// <inheritdoc/>
    public override Tensor Logits(FeatureBatch batch) => output.forward(tower.forward(input.forward(batch))).squeeze(1);

    /// <inheritdoc/>
    public override Tensor Loss(FeatureBatch batch) =>
        Losses.WeightedLogistic(Logits(batch), batch.Labels, batch.Weights, options.CountPositivesAsNegatives);

    /// <inheritdoc/>
    public void PredictWorth(Dataset impressions, SparseRows histories, Span<float> worth) => Predict(impressions, histories, logits => logits.exp(), worth);

    /// <inheritdoc/>
    protected override IBatchSource<FeatureBatch> Batches(TrainingSet train) =>
        new FeatureRowSource(train, Space, options.ExamplesPerUpdate, options.Negatives, options.Weight is { } column ? Weights(train.Data, column) : null);

    private int Dimension(FeatureField field) =>
        options.EmbeddingDimension > 0 ? options.EmbeddingDimension : Math.Max(1, (int)Math.Ceiling(options.DimensionPerLog * Math.Log(field.Size)));

    // What is missing where nothing is positive is not read.
    private float[] Weights(Dataset data, string column)
    {
        var columns = data.InteractionFeatures?.Columns.OfType<NumericColumn>().ToList() ?? [];
        var found = columns.Find(candidate => options.IsWeight(candidate.Name)) ?? throw new InputException(
            $"There is no numeric column '{column}' of interactions in '{data.Name}' to weigh positives. {(columns.Count == 0 ? "It has none." : $"It has {string.Join(", ", columns.Select(one => one.Name))}.")}");
        var weights = found.Values.ToArray();
        for (var row = 0; row < weights.Length; row++)
        {
            var isPositive = !data.IsLabelled || data.Interactions.Values[row] > 0;
            if (isPositive && !(weights[row] >= 0 && float.IsFinite(weights[row])))
            {
                throw new InputException($"Row {row + 1} of '{data.Name}' is positive, but its '{column}' is {(float.IsNaN(weights[row]) ? "missing" : weights[row])}: weights are numbers from 0.");
            }

            weights[row] = !isPositive ? 1 : options.MaximumWeight > 0 ? Math.Min(weights[row], (float)options.MaximumWeight) : weights[row];
        }

        return weights;
    }
}
