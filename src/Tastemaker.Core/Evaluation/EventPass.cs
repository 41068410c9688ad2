using Tastemaker.Data;
using Tastemaker.Data.Splits;
using Tastemaker.Evaluation.Metrics;
using Tastemaker.Recommending;

namespace Tastemaker.Evaluation;

/// <summary>
/// Walks the events after training in order of time: each is predicted, where it is of the measured part, then observed by systems that follow events. Others
/// score a user's request once, whatever has happened since. Events of users without training are left out: nothing is learned of them.
/// </summary>
/// <param name="train">What the recommender was trained on.</param>
/// <param name="recommender">What is measured.</param>
/// <param name="events">What happened.</param>
internal sealed class EventPass(TrainingSet train, IRecommender recommender, HeldOutEvents events)
{
    /// <summary>Predictions for all measured events of known users.</summary>
    public static EventPredictions Predict(TrainingSet train, IRecommender recommender, HoldOut holdOut, CancellationToken cancellation)
    {
        var pass = new EventPass(train, recommender, holdOut.Events?.Invoke() ?? new HeldOutEvents(holdOut.Requests, holdOut.Targets, null));
        return recommender.As<IEventPredictor>()?.Begin() is { } stream ? pass.Follow(stream, cancellation) : pass.ScoreOnce(cancellation);
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

    private EventPredictions Follow(IEventStream stream, CancellationToken cancellation)
    {
        var (ranks, errors, scores) = (new List<double>(), new List<double>(), new float[recommender.Items.Count]);
        foreach (var (user, item, time, isMeasured) in InOrderOfTime())
        {
            cancellation.ThrowIfCancellationRequested();
            if (isMeasured)
            {
                stream.Score(user, time, scores);
                ranks.Add(Rank(scores, item));
                errors.Add(Math.Abs(time - stream.Last(user, item) - stream.Wait(user, item)));
            }

            stream.Observe(user, item, time);
        }

        return new EventPredictions([.. ranks], [.. errors]);
    }

    private EventPredictions ScoreOnce(CancellationToken cancellation)
    {
        var (ranks, scores) = (new List<double>(), new float[recommender.Items.Count]);
        foreach (var request in KnownRequests())
        {
            cancellation.ThrowIfCancellationRequested();
            recommender.Score(events.Requests.Slice(request, 1), scores);
            foreach (var item in events.Predicted[request])
            {
                ranks.Add(Rank(scores, item));
            }
        }

        return new EventPredictions([.. ranks], []);
    }

    private IEnumerable<int> KnownRequests() => Enumerable.Range(0, events.Requests.Count).Where(request => events.Requests.Users[request] >= 0);

    // Of one time, what was known before comes first.
    private IEnumerable<(int User, int Item, long Time, bool IsMeasured)> InOrderOfTime() =>
        (from user in Enumerable.Range(0, events.Observed?.RowCount ?? 0)
         where train.ByUser.Length(user) > 0
         from place in Enumerable.Range(events.Observed!.Offsets[user], events.Observed!.Length(user))
         select (User: user, Item: events.Observed!.Columns[place], Time: events.Observed!.Times[place], IsMeasured: false))
        .Concat(
            from request in KnownRequests()
            from place in Enumerable.Range(events.Predicted.Offsets[request], events.Predicted.Length(request))
            select (User: events.Requests.Users[request], Item: events.Predicted.Columns[place], Time: events.Predicted.Times[place], IsMeasured: true))
        .OrderBy(of => of.Time);
}
