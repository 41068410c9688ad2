using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Scoring;
using Tastemaker.Systems;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Recommending;

/// <summary>Options of <see cref="FixedModel"/>.</summary>
public sealed record FixedOptions : ModelOptions;

/// <summary>Scores item i of a request by user u with history h as 1000 u + 10 |h| + i (u = -1 for strangers), so that answers tell what was asked.</summary>
internal class FixedModel(ModelShape shape) : Model(nameof(FixedModel), shape, new FixedOptions())
{
    public int Calls { get; private set; }

    public RequestBatch? Last { get; private set; }

    public static SystemInfo Info(Capabilities answers) => new SystemInfo<FixedOptions>((_, shape) => new FixedModel(shape))
    {
        Id = "fixed", Name = "Fixed", Family = "Tests", Summary = "Fixed scores.", Paper = "None.", Answers = answers,
    };

    public override EpochPlan Plan => EpochPlan.Once;

    public override Scorer Scorer => field ??= new CatalogScorer(ScoreCatalog);

    public override ITraining Begin(TrainingSet train, TrainingOptions run) => new SolverTraining(_ => null);

    private void ScoreCatalog(RequestBatch requests, Span<float> scores)
    {
        Calls++;
        Last = requests;
        for (var request = 0; request < requests.Count; request++)
        {
            for (var item = 0; item < Shape.Items; item++)
            {
                scores[(request * Shape.Items) + item] = (1000 * requests.Users[request]) + (10 * requests.History(request).Length) + item;
            }
        }
    }

    public override IReadOnlyDictionary<string, Tensor> State() => new Dictionary<string, Tensor>();

    protected override void Take(IReadOnlyDictionary<string, Tensor> state)
    {
    }
}

/// <summary>A model that also predicts values: 100 user + item.</summary>
internal sealed class FixedRatingModel(ModelShape shape) : FixedModel(shape), IRatingModel
{
    public void Predict(ReadOnlySpan<int> users, ReadOnlySpan<int> items, Span<float> values)
    {
        for (var pair = 0; pair < values.Length; pair++)
        {
            values[pair] = (100 * users[pair]) + items[pair];
        }
    }
}
