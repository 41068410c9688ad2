namespace Tastemaker.Training;

/// <summary>A model that also predicts values; <see cref="Tastemaker.Recommending.IRatingPredictor"/> without clipping.</summary>
public interface IRatingModel
{
    /// <summary>Whether users and items without training ratings can be told apart, by their features; where they cannot they come as unknown.</summary>
    bool PredictsUnrated => false;

    /// <summary>Predicts one value a pair; index -1 means unknown, whose terms are dropped.</summary>
    void Predict(ReadOnlySpan<int> users, ReadOnlySpan<int> items, Span<float> values);
}
