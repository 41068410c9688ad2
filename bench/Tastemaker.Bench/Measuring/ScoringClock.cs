using System.Diagnostics;
using Tastemaker.Data;
using Tastemaker.Recommending;

namespace Tastemaker.Bench.Measuring;

/// <summary>
/// A recommender that counts the wall-clock time during which it was scoring, however many threads called it: what is left of an
/// evaluation's time is ranking and metrics.
/// </summary>
internal sealed class ScoringClock(IRecommender recommender) : IRecommender, IPartialScorer
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
        Begin();
        try
        {
            recommender.Score(requests, scores);
        }
        finally
        {
            End();
        }
    }

    public IPartialScores? Begin(RequestBatch requests)
    {
        Begin();
        try
        {
            return recommender.As<IPartialScorer>()?.Begin(requests) is { } parts ? new TimedParts(this, parts) : null;
        }
        finally
        {
            End();
        }
    }

    public RecommendationList Recommend(Request request, int count, CandidateFilter? filter = null) => recommender.Recommend(request, count, filter);

    public RecommendationList Similar(string item, int count) => recommender.Similar(item, count);

    public IReadOnlyList<string> FindItems(params IReadOnlyList<string> names) => recommender.FindItems(names);

    /// <summary>Leaves the recommender to its owner.</summary>
    public void Dispose()
    {
    }

    private void Begin()
    {
        lock (gate)
        {
            scoring++;
            clock.Start();
        }
    }

    private void End()
    {
        lock (gate)
        {
            if (--scoring == 0)
            {
                clock.Stop();
            }
        }
    }

    private sealed class TimedParts(ScoringClock clock, IPartialScores parts) : IPartialScores
    {
        public void Fill(Range requests, int first, int count, Span<float> scores, int stride)
        {
            clock.Begin();
            try
            {
                parts.Fill(requests, first, count, scores, stride);
            }
            finally
            {
                clock.End();
            }
        }
    }
}
