using Tastemaker.Data;
using Tastemaker.Scoring;
using Tastemaker.Systems;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Recommending;

/// <summary>Scores requests by whoever can answer them: the model, or popularity. Thread-safe.</summary>
internal sealed class RequestScoring(SystemInfo info, Model model, RecommenderSnapshot snapshot)
{
    private readonly int items = snapshot.Items.Count;

    /// <summary>Who is to answer each request.</summary>
    /// <exception cref="ArgumentException">A user or item index is outside the vocabularies.</exception>
    public RequestPlan Plan(RequestBatch requests) => RequestPlan.Of(requests, snapshot, info.Answers, AbsentValue);

    /// <summary>What an item of a history counts that has no value where others have one.</summary>
    public float AbsentValue => info.PredictsRatings || model is IRatingModel ? model.Shape.MaximumValue : 1;

    /// <summary>Fills <paramref name="scores"/> [requests, items], all finite, and tells who answered each request in the end.</summary>
    /// <exception cref="InvalidOperationException">The model gave something else than numbers.</exception>
    public AnswerSource[] Score(RequestBatch requests, RequestPlan plan, Span<float> scores)
    {
        var strategies = plan.Strategies.ToArray();
        if (ReferenceEquals(plan.Answerable, requests))
        {
            ScoreByModel(requests, scores, row => strategies[row] = AnswerSource.Popularity);
            return strategies;
        }

        for (var request = 0; request < requests.Count; request++)
        {
            if (strategies[request] == AnswerSource.Popularity)
            {
                ByPopularity(requests.Features(request), scores.Slice(request * items, items));
            }
        }

        if (plan.Answerable is { } answerable)
        {
            // Where all are answered, only their histories had to be completed: the rows are the same.
            var apart = answerable.Count < requests.Count;
            var answers = apart ? new float[answerable.Count * items] : scores;
            ScoreByModel(answerable, answers, row => strategies[plan.Rows[row]] = AnswerSource.Popularity);
            for (var row = 0; apart && row < answerable.Count; row++)
            {
                answers.Slice(row * items, items).CopyTo(scores[(plan.Rows[row] * items)..]);
            }
        }

        return strategies;
    }

    /// <summary>The same, ready to be scored part by part; null where the model cannot. See <see cref="IPartialScorer.Begin"/>.</summary>
    public IPartialScores? Begin(RequestBatch requests, RequestPlan plan)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var answers = plan.Answerable is { } answerable ? model.BeginScoring(answerable) : null;
        return plan.Rows.Count == requests.Count ? answers
            : answers is null && plan.Rows.Count > 0 ? null
            : new PlannedScores(requests.Count, plan.Rows, answers, Popular(requests, plan));
    }

    // What scores the requests that popularity answers, those that their features tell apart each by itself.
    private Func<int, ReadOnlyMemory<float>> Popular(RequestBatch requests, RequestPlan plan)
    {
        var everyone = Array.ConvertAll(snapshot.Popularity, count => (float)count);
        var apart = new Dictionary<int, float[]>();
        for (var request = 0; request < requests.Count && snapshot.Segments.All.Count > 0; request++)
        {
            if (plan.Strategies[request] == AnswerSource.Popularity && snapshot.Segments.Describe(requests.Features(request)) is not null)
            {
                ByPopularity(requests.Features(request), apart[request] = new float[items]);
            }
        }

        return request => apart.TryGetValue(request, out var own) ? own : everyone;
    }

    private void ScoreByModel(RequestBatch requests, Span<float> scores, Action<int> foundFlat)
    {
        if (requests.Count == 0)
        {
            return;
        }

        using var scope = NewDisposeScope();
        using var grad = no_grad();
        model.Score(requests, scores);
        if (!FiniteScores.Are(scores))
        {
            throw new InvalidOperationException($"{info.Name} gave a score that is not a number: its weights have diverged. Train it with a smaller learning rate.");
        }

        // Neighbors and linear models score nothing for a history that shares no item with another: popularity beats the order of the catalog.
        for (var row = 0; row < requests.Count; row++)
        {
            var own = scores.Slice(row * items, items);
            if (own.Length > 1 && !own.ContainsAnyExcept(own[0]))
            {
                ByPopularity(requests.Features(row), own);
                foundFlat(row);
            }
        }
    }

    // What is popular, among similar users where features say who they are.
    private void ByPopularity(IReadOnlyDictionary<string, string>? features, Span<float> scores)
    {
        if (snapshot.Segments.Write(features, snapshot.Popularity, snapshot.Users.Count, scores))
        {
            return;
        }

        for (var item = 0; item < scores.Length; item++)
        {
            scores[item] = snapshot.Popularity[item];
        }
    }
}
