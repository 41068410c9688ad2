using Tastemaker.Data;
using Tastemaker.Catalog;
using Tastemaker.Data.Splits;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Serving.Tests;
using Tastemaker.Systems;
using Tastemaker.Tests.Conformance;
using Tastemaker.Training;

namespace Tastemaker.Onnx.Tests;

/// <summary>ONNX Runtime's scores of every system that can be exported are ours.</summary>
public sealed class EqualityTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public static TheoryData<string> Exportable => [.. OnnxRecommender.Systems];

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Exportable))]
    public void Scores_are_those_of_the_recommender_alone_and_in_batches(string id)
    {
        using var ours = SystemCases.Train(id, ConformanceData.Split(SystemCatalog.Find(id).Needs));
        AreEqual(ours);
    }

    [Theory]
    [InlineData("ease", "use-values=true")]
    [InlineData("slim", "use-values=true", "l1=0.1", "l2=1")]
    [InlineData("item-knn", "last-items=3")]
    [InlineData("item-knn", "last-items=3", "use-values=true")]
    [InlineData("multi-dae", "hidden=[12]", "latent=6", "epochs=3", "batch-size=10")]
    [InlineData("multi-vae", "hidden=[]", "latent=6", "epochs=3", "batch-size=10")]
    [InlineData("cdae", "user-node=false", "dimension=8", "epochs=3")]
    [InlineData("cdae", "corruption=1", "hidden=identity", "dimension=8", "epochs=3")]
    [InlineData("cdae", "tied=true", "dimension=8", "epochs=3")]
    [InlineData("mlp", "hidden=[]", "embedding-dimension=8", "epochs=3")]
    [InlineData("neumf", "pretraining-epochs=0", "hidden=[8]", "epochs=3")]
    [InlineData("u-autorec", "hidden=[9, 5]", "activation=relu", "output-activation=logistic", "epochs=3")]
    [InlineData("i-autorec", "hidden=[9, 5]", "activation=tanh", "output-activation=tanh", "epochs=3")]
    [InlineData("u-rbm-cf", "hidden=9", "factors=4", "conditional=true", "epochs=3")]
    [InlineData("i-rbm-cf", "hidden=9", "factors=4", "hidden-units=gaussian", "epochs=3")]
    [InlineData("u-cf-nade", "hidden=[9, 5]", "factors=4", "shares-weights=true", "epochs=3")]
    [InlineData("i-cf-nade", "hidden=[9]", "factors=4", "shares-weights=true", "epochs=3")]
    [InlineData("u-cf-nade", "hidden=[9]", "shares-weights=false", "epochs=3")]
    [InlineData("gru4rec", "input=one-hot", "layers=[12, 7]", "epochs=3", "batch-size=10", "samples=16")]
    [InlineData("gru4rec", "input=separate", "embedding-dimension=9", "layers=[12, 7]", "epochs=3", "batch-size=10", "samples=16")]
    [InlineData("sasrec", "heads=2", "blocks=2", "max-length=3", "dimension=8", "epochs=3", "batch-size=10")]
    [InlineData("sasrec", "loss=binary", "blocks=1", "max-length=60", "dimension=6", "epochs=2", "batch-size=10")]
    [InlineData("gru4rec", "input=shared", "layers=[12]", "epochs=3", "batch-size=10", "samples=16")]
    public void Options_that_change_a_graph_change_the_exported_one_too(string id, params string[] settings)
    {
        var info = SystemCatalog.Find(id);
        var options = SystemCases.Options(info, new Dictionary<string, string[]> { [id] = settings });
        var needs = settings.Contains("use-values=true") ? [.. info.Needs, "values"] : info.Needs;
        using var ours = Recommender.Train(id, Rated(ConformanceData.Split(needs)), options, new TrainingOptions { Threads = 1, Patience = 0, Seed = 5 });
        AreEqual(ours);
    }

    // More than two values, so that levels and sums are told apart.
    private static Split Rated(Split split)
    {
        var all = split.Train.Interactions;
        return !all.HasValues ? split : split with
        {
            Train = new TrainingSet(split.Train.Data with
            {
                Interactions = new Interactions(all.Users.ToArray(), all.Items.ToArray(), [.. all.Values.ToArray().Select((value, row) => value == 5 ? 4 + (row % 2) : 1 + (row % 3))], all.Times.ToArray()),
            }),
        };
    }

    private void AreEqual(IRecommender ours)
    {
        var export = OnnxRecommender.Export(ours, folder.At("model.onnx"));
        export.LargestDifference.ShouldBeLessThanOrEqualTo(OnnxRecommender.Tolerance);
        export.Requests.ShouldBeGreaterThan(10);
        using var exported = OnnxRecommender.Load(folder.At("model.onnx"));
        var answers = ((TrainedRecommender)exported).Info.Answers;

        // Where the graph reads no histories it knows its users by those they were trained with.
        var requests = answers.HasFlag(Capabilities.Histories)
            ? ConformanceData.MixedRequests()
            : new RequestBatch([0, 1, 7, ConformanceData.Side - 1, -1], SparseRows.FromRows([[], [], [], [], []], ours.Items.Count));
        var expected = ConformanceData.Scores(ours, requests);
        Near(ConformanceData.Scores(exported, requests), expected);
        for (var request = 0; request < requests.Count; request++)
        {
            Near(ConformanceData.Scores(exported, requests.Slice(request, 1)), expected.AsSpan(request * ours.Items.Count, ours.Items.Count).ToArray());
        }
    }

    private static void Near(float[] scores, float[] expected)
    {
        scores.Length.ShouldBe(expected.Length);
        for (var place = 0; place < scores.Length; place++)
        {
            Math.Abs(scores[place] - expected[place]).ShouldBeLessThanOrEqualTo(1e-5f * Math.Max(1, Math.Abs(expected[place])), $"score {place}");
        }
    }
}
