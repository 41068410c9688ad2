using Tastemaker.Data;
using Tastemaker.Recommending;

namespace Tastemaker.Training;

/// <summary>A model that also predicts values; <see cref="Tastemaker.Recommending.IRatingPredictor"/> without clipping.</summary>
public interface IRatingModel
{
    /// <summary>Whether users and items without training ratings can be told apart, by their features; where they cannot they come as unknown.</summary>
    bool PredictsUnrated => false;

    /// <summary>Predicts one value a pair; index -1 means unknown, whose terms are dropped.</summary>
    void Predict(ReadOnlySpan<int> users, ReadOnlySpan<int> items, Span<float> values);

    /// <summary>The same at a time each (<see cref="Timestamps"/>), for models whose predictions change over time; empty for the end of the training data.</summary>
    void Predict(ReadOnlySpan<int> users, ReadOnlySpan<int> items, ReadOnlySpan<long> times, Span<float> values) => Predict(users, items, values);
}

/// <summary>A model that predicts how likely impressions are to be positive: <see cref="Tastemaker.Recommending.IClickPredictor"/> behind its checks.</summary>
internal interface IClickProbabilityModel
{
    /// <summary>Predicts one probability a row. Called as <see cref="Model.Score"/> is.</summary>
    /// <param name="impressions">The rows.</param>
    /// <param name="histories">A row a user: the positives in training, oldest first.</param>
    /// <param name="probabilities">Receives the predictions.</param>
    void PredictClicks(Dataset impressions, SparseRows histories, Span<float> probabilities);
}

/// <summary>A model that predicts what showing an item is expected to be worth: <see cref="Tastemaker.Recommending.IExpectedValuePredictor"/> behind its checks.</summary>
internal interface IExpectedValueModel
{
    /// <summary>Predicts one number a row. Called as <see cref="Model.Score"/> is.</summary>
    /// <param name="impressions">The rows.</param>
    /// <param name="histories">A row a user: the positives in training, oldest first.</param>
    /// <param name="worth">Receives the predictions.</param>
    void PredictWorth(Dataset impressions, SparseRows histories, Span<float> worth);
}

/// <summary>A model that follows users and items from event to event: <see cref="IEventPredictor"/> behind its checks.</summary>
internal interface IEventModel
{
    /// <summary>Everyone as after the last training event.</summary>
    IEventStream Begin();

    /// <summary>Everyone as after the history of a request, as far as it is newer than the training events.</summary>
    IEventStream After(RequestBatch requests, int request);
}

/// <summary>What a field of features does to an item's score.</summary>
/// <param name="Field">The field, as options name it, such as "item.genres".</param>
/// <param name="Value">What the row holds there, in words; null where that has none.</param>
/// <param name="Weight">By how much the logit falls when the field is left blank.</param>
internal readonly record struct FieldEffect(string Field, string? Value, float Weight);
