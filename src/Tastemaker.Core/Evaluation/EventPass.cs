using Tastemaker.Data.Splits;
using Tastemaker.Evaluation.Metrics;
using Tastemaker.Recommending;

namespace Tastemaker.Evaluation;

/// <summary>Walks the held-out events in order of time: each is predicted, then observed by systems that follow events. Others score a user's request once, whatever has happened since.</summary>
internal static class EventPass
{
    /// <summary>Predictions for all targets of known users.</summary>
    public static EventPredictions Predict(IRecommender recommender, HoldOut holdOut, CancellationToken cancellation)
    {
        var events = (from request in Enumerable.Range(0, holdOut.Count)
                      where holdOut.Requests.Users[request] >= 0
                      from place in Enumerable.Range(holdOut.Targets.Offsets[request], holdOut.Targets.Length(request))
                      select (Request: request, Place: place)).OrderBy(e => holdOut.Targets.Times[e.Place]).ToList();
        var (ranks, errors) = (new double[events.Count], new List<double>());
        var stream = recommender.As<IEventPredictor>()?.Begin();
        var fixedScores = new Dictionary<int, float[]>();
        var scores = new float[recommender.Items.Count];
        for (var e = 0; e < ranks.Length; e++)
        {
            cancellation.ThrowIfCancellationRequested();
            var (user, item, time) = (holdOut.Requests.Users[events[e].Request], holdOut.Targets.Columns[events[e].Place], holdOut.Targets.Times[events[e].Place]);
            if (stream is null)
            {
                ranks[e] = Rank(Fixed(events[e].Request), item);
                continue;
            }

            stream.Score(user, time, scores);
            ranks[e] = Rank(scores, item);
            errors.Add(Math.Abs(time - stream.Last(user, item) - stream.Wait(user, item)));
            stream.Observe(user, item, time);
        }

        return new EventPredictions(ranks, [.. errors]);

        float[] Fixed(int request)
        {
            if (!fixedScores.TryGetValue(request, out var known))
            {
                fixedScores.Clear(); // one at a time is enough where events of a user follow each other, and memory is bounded where they do not
                recommender.Score(holdOut.Requests.Slice(request, 1), known = new float[recommender.Items.Count]);
                fixedScores[request] = known;
            }

            return known;
        }
    }

    /// <summary>The place of an item among all by its score, from 1; equal scores share the mean of their places.</summary>
    public static double Rank(ReadOnlySpan<float> scores, int item)
    {
        var (better, equal) = (0, 0);
        foreach (var score in scores)
        {
            better += score > scores[item] ? 1 : 0;
            equal += score == scores[item] ? 1 : 0;
        }

        return better + ((1 + equal) / 2.0);
    }
}
