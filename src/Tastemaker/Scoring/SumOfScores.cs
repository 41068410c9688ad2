using System.Buffers;
using Tastemaker.Recommending;
using Tastemaker.Solvers;

namespace Tastemaker.Scoring;

/// <summary>Scores that are sums of two systems' scores of the same requests.</summary>
internal sealed class SumOfScores(IPartialScores left, IPartialScores right) : IPartialScores
{
    /// <inheritdoc/>
    public void Fill(Range requests, int first, int count, Span<float> scores, int stride)
    {
        left.Fill(requests, first, count, scores, stride);
        var length = requests.End.Value - requests.Start.Value;
        var rented = ArrayPool<float>.Shared.Rent(length * count);
        right.Fill(requests, first, count, rented, count);
        for (var request = 0; request < length; request++)
        {
            Vectors.AddScaled(scores.Slice(request * stride, count), 1, rented.AsSpan(request * count, count));
        }

        ArrayPool<float>.Shared.Return(rented);
    }
}
