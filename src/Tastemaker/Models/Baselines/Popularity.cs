using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Systems;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Models.Baselines;

/// <summary>Hyper-parameters of <see cref="Popularity"/>: none.</summary>
public sealed record PopularityOptions : ModelOptions;

/// <summary>Scores an item by the number of training users who have it: the floor of every table.</summary>
internal sealed class Popularity(ModelShape shape) : Model(nameof(Popularity), shape)
{
    private float[] counts = new float[shape.Items];

    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = new SystemInfo<PopularityOptions>((_, shape) => new Popularity(shape))
    {
        Id = "popularity",
        Name = "Popularity",
        Family = "Baselines",
        Summary = "The same list for everyone: the items most users have.",
        Paper = "No paper; the floor of every comparison.",
        Answers = Answers.Everyone,
    };

    /// <inheritdoc/>
    public override int Epochs => 1;

    /// <inheritdoc/>
    public override double? TrainEpoch(EpochContext context)
    {
        Array.Clear(counts);
        foreach (var item in context.Train.Seen.Columns)
        {
            counts[item]++;
        }

        return null;
    }

    /// <inheritdoc/>
    public override void Score(RequestBatch requests, Span<float> scores)
    {
        for (var request = 0; request < requests.Count; request++)
        {
            counts.CopyTo(scores[(request * counts.Length)..]);
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, Tensor> State() => new Dictionary<string, Tensor> { ["counts"] = tensor(counts) };

    /// <inheritdoc/>
    public override void Restore(IReadOnlyDictionary<string, Tensor> state) => counts = [.. state["counts"].data<float>()];
}
