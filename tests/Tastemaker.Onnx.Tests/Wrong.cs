using Tastemaker.Recommending;
using Tastemaker.Training;

namespace Tastemaker.Onnx.Tests;

/// <summary>A model whose scores are a little more than the inner products of its vectors: as good as a graph that is a little wrong.</summary>
internal sealed class Wrong(TrainedRecommender right) : Model(nameof(Wrong), right.Model.Shape), IVectorModel
{
    private readonly IVectorModel vectors = (IVectorModel)right.Model;

    public override int Epochs => 1;

    public int VectorLength => vectors.VectorLength;

    public override double? TrainEpoch(EpochContext context) => null;

    public void WriteItemVectors(int first, Span<float> numbers) => vectors.WriteItemVectors(first, numbers);

    public void WriteRequestVectors(RequestBatch requests, Span<float> numbers, Span<float> constants) => vectors.WriteRequestVectors(requests, numbers, constants);

    public override void Score(RequestBatch requests, Span<float> scores)
    {
        right.Model.Score(requests, scores);
        scores[^1] += 1e-4f * Math.Max(1, Math.Abs(scores[^1]));
    }
}
