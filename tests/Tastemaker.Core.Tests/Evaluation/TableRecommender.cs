using Tastemaker.Data;
using Tastemaker.Recommending;

namespace Tastemaker.Core.Tests.Evaluation;

/// <summary>Gives each user the scores of a table, and optionally predicts values from another.</summary>
internal class TableRecommender(float[][] scores) : IRecommender
{
    public string System => "table";

    public Vocabulary Users { get; } = new(Enumerable.Range(0, scores.Length).Select(user => $"u{user}"));

    public Vocabulary Items { get; } = new(Enumerable.Range(0, scores[0].Length).Select(item => $"i{item}"));

    public bool RecommendsSeen => false;

    public int Calls { get; private set; }

    public virtual void Score(RequestBatch requests, Span<float> result)
    {
        result.Length.ShouldBe(requests.Count * Items.Count);
        Calls++;
        for (var request = 0; request < requests.Count; request++)
        {
            scores[requests.Users[request]].CopyTo(result[(request * Items.Count)..]);
        }
    }

    public RecommendationList Recommend(Request request, int count, CandidateFilter? filter = null) => throw new NotSupportedException();

    public RecommendationList Similar(string item, int count) => throw new NotSupportedException();

    public IReadOnlyList<string> FindItems(params IReadOnlyList<string> names) => throw new NotSupportedException();

    public void Dispose()
    {
    }
}

internal sealed class TablePredictor(float[][] scores, float[][] values, float minimum, float maximum) : TableRecommender(scores), IRatingPredictor
{
    public (float Minimum, float Maximum) RatingScale => (minimum, maximum);

    public void Predict(ReadOnlySpan<int> users, ReadOnlySpan<int> items, Span<float> ratings)
    {
        for (var pair = 0; pair < users.Length; pair++)
        {
            ratings[pair] = values[users[pair]][items[pair]];
        }
    }
}
