using Tastemaker.Data;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Scoring;
using Tastemaker.Training;

namespace Tastemaker.Onnx.Tests;

/// <summary>A model whose weights change after its vectors were asked for the first time: as good as a graph, made before the change, that is a little wrong.</summary>
internal sealed class Wrong : Model
{
    public Wrong(TrainedRecommender right)
        : base(nameof(Wrong), right.Model.Shape, right.Model.HyperParameters)
    {
        var (vectors, asked) = ((InnerProduct)right.Model.Scorer, 0);
        Scorer = new InnerProduct(vectors.Length, hasBiases: false, requests => Queries(requests, asked++ > 0 ? 1e-4f : 0), Items);

        Queries Queries(RequestBatch requests, float shift)
        {
            var (found, constants) = (new float[requests.Count * vectors.Length], new float[requests.Count]);
            vectors.WriteQueries(requests, found, constants);
            constants[^1] += shift * Math.Max(1, Math.Abs(constants[^1]));
            return new Queries(found, constants);
        }

        ItemTable Items()
        {
            var found = new float[Shape.Items * vectors.Length];
            vectors.WriteItems(0, found);
            return new ItemTable(found, []);
        }
    }

    public override EpochPlan Plan => EpochPlan.Once;

    public override Scorer Scorer { get; }

    public override ITraining Begin(TrainingSet train, TrainingOptions run) => new SolverTraining(_ => null);
}
