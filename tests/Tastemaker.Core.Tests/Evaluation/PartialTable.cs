using Tastemaker.Data;
using Tastemaker.Recommending;

namespace Tastemaker.Core.Tests.Evaluation;

/// <summary>The scores of a table, part by part; <see cref="TableRecommender.Calls"/> tells how often whole catalogs were asked for.</summary>
internal sealed class PartialTable(float[][] scores) : TableRecommender(scores), IPartialScorer
{
    private readonly float[][] scores = scores;

    public IPartialScores? Begin(RequestBatch requests) => new Parts(requests, scores);

    private sealed class Parts(RequestBatch batch, float[][] scores) : IPartialScores
    {
        public void Fill(Range requests, int first, int count, Span<float> target, int stride)
        {
            var (start, length) = requests.GetOffsetAndLength(batch.Count);
            if (first % IPartialScores.Grain != 0)
            {
                throw new ArgumentException($"Item {first} begins no part.", nameof(first));
            }

            for (var request = 0; request < length; request++)
            {
                scores[batch.Users[start + request]].AsSpan(first, count).CopyTo(target[(request * stride)..]);
            }
        }
    }
}
