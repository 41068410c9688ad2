using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Data.Splits;
using Tastemaker.Inputs;
using Tastemaker.Nn;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Scoring;
using Tastemaker.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Training;

internal sealed record ToyOptions : GradientModelOptions
{
    public double Dropout { get; init; } = 0.1;

    public static ToyOptions Quick { get; } = new() { Epochs = 6, BatchSize = 128, LearningRate = 0.02 };
}

/// <summary>Matrix factorization with dropout and a bias: small, but with everything that resuming must get right.</summary>
internal sealed class ToyModel : Model
{
    private readonly EmbeddingTable users;
    private readonly EmbeddingTable items;
    private readonly TorchSharp.Modules.Linear mix;
    private readonly ToyOptions options;

    public ToyModel(ToyOptions options, ModelShape shape)
        : base("toy", shape, options)
    {
        this.options = options;
        users = new EmbeddingTable(shape.Users, 8, weights => nn.init.normal_(weights, 0, 0.3));
        items = new EmbeddingTable(shape.Items, 8, weights => nn.init.normal_(weights, 0, 0.3));
        mix = nn.Linear(8, 8);
        RegisterComponents();
        Scorer = new CatalogScorer(requests => mix.forward(users.Weight[tensor(requests.Users.ToArray())]).matmul(items.Weight.t()));
    }

    public override EpochPlan Plan => new(options.Epochs);

    public override Scorer Scorer { get; }

    public int StepsPerEpoch { get; private set; }

    public override GradientTraining<PointwiseBatch> Begin(TrainingSet train, TrainingOptions run)
    {
        var training = new GradientTraining<PointwiseBatch>(this, options, run, new PointwiseSource(train, options.ExamplesPerUpdate, 1), Loss) { StepDone = step => StepDone(step) };
        StepsPerEpoch = training.StepsPerEpoch;
        return training;
    }

    /// <summary>Lets a test tamper with the loss of a step.</summary>
    public Func<Tensor, Tensor> Tamper { get; init; } = loss => loss;

    public Action<int> StepDone { get; set; } = _ => { };

    public Tensor Loss(PointwiseBatch batch)
    {
        var vectors = nn.functional.dropout(mix.forward(users.forward(batch.Users)), options.Dropout, training);
        var scores = (vectors * items.forward(batch.Items)).sum(1);
        return Tamper(nn.functional.binary_cross_entropy_with_logits(scores, batch.Labels));
    }

}

/// <summary>A recommender that only scores, for the trainer's validation.</summary>
internal class ToyRecommender(Model model, TrainingSet train) : IRecommender
{
    public string System => "toy";

    public Vocabulary Users => train.Data.Users;

    public Vocabulary Items => train.Data.Items;

    public bool RecommendsSeen => false;

    public void Score(RequestBatch requests, Span<float> scores)
    {
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        model.Score(requests, scores);
    }

    public RecommendationList Recommend(Request request, int count, CandidateFilter? filter = null) => throw new NotSupportedException();

    public RecommendationList Similar(string item, int count) => throw new NotSupportedException();

    public IReadOnlyList<string> FindItems(params IReadOnlyList<string> names) => throw new NotSupportedException();

    public void Dispose()
    {
    }
}

internal static class Toy
{
    /// <summary>A checkerboard of 50 users and 50 items: a user likes the items of the own parity, a fifth of which are held out.</summary>
    public static Split Checkerboard()
    {
        var (rows, held) = (new List<(int User, int Item)>(), new List<IReadOnlyList<int>>());
        for (var user = 0; user < 50; user++)
        {
            var own = Enumerable.Range(0, 25).Select(half => (2 * half) + (user % 2)).ToList();
            held.Add([.. own.Where(item => (item / 2 + user) % 5 == 0)]);
            rows.AddRange(own.Except(held[user]).Select(item => (user, item)));
        }

        var data = Data(50, 50, rows);
        var requests = new RequestBatch([.. Enumerable.Range(0, 50)], data.ByUser);
        var holdOut = new HoldOut { Requests = requests, Targets = SparseRows.FromRows(held, 50), Excluded = data.Seen };
        return new Split { Description = "checkerboard", Train = data, Validation = holdOut, Test = holdOut };
    }

    public static TrainingSet Data(int users, int items, IReadOnlyList<(int User, int Item)> pairs, float[]? values = null) => new(new Dataset
    {
        Name = "toy",
        Users = new Vocabulary(Enumerable.Range(0, users).Select(user => $"u{user}")),
        Items = new Vocabulary(Enumerable.Range(0, items).Select(item => $"i{item}")),
        Interactions = new Interactions([.. pairs.Select(pair => pair.User)], [.. pairs.Select(pair => pair.Item)], values),
    });

    public static ToyModel Model(ToyOptions? options = null, ulong seed = 1)
    {
        manual_seed((long)seed);
        return new ToyModel(options ?? ToyOptions.Quick, new ModelShape(50, 50));
    }
}
