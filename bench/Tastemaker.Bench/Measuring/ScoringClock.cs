using System.Diagnostics;
using Tastemaker.Data;
using Tastemaker.Recommending;

namespace Tastemaker.Bench.Measuring;

/// <summary>
/// A recommender that counts the wall-clock time during which it was scoring, however many threads called it: what is left of an
/// evaluation's time is ranking and metrics.
/// </summary>
internal sealed class ScoringClock(IRecommender recommender) : IRecommender
{
    private readonly Lock gate = new();
    private readonly Stopwatch clock = new();
    private int scoring;

    /// <summary>Time in which at least one thread was scoring.</summary>
    public TimeSpan Elapsed => clock.Elapsed;

    public string System => recommender.System;

    public Vocabulary Users => recommender.Users;

    public Vocabulary Items => recommender.Items;

    public bool RecommendsSeen => recommender.RecommendsSeen;

    public void Score(RequestBatch requests, Span<float> scores)
    {
        lock (gate)
        {
            scoring++;
            clock.Start();
        }

        try
        {
            recommender.Score(requests, scores);
        }
        finally
        {
            lock (gate)
            {
                if (--scoring == 0)
                {
                    clock.Stop();
                }
            }
        }
    }

    public RecommendationList Recommend(Request request, int count, CandidateFilter? filter = null) => recommender.Recommend(request, count, filter);

    public RecommendationList Similar(string item, int count) => recommender.Similar(item, count);

    public IReadOnlyList<string> FindItems(params IReadOnlyList<string> names) => recommender.FindItems(names);

    /// <summary>Leaves the recommender to its owner.</summary>
    public void Dispose()
    {
    }
}
