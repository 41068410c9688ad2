namespace Tastemaker.Training;

/// <summary>A model that also predicts values; <see cref="Tastemaker.Recommending.IRatingPredictor"/> without clipping.</summary>
internal interface IRatingModel
{
    /// <summary>Predicts one value a pair; index -1 means unknown, whose terms are dropped.</summary>
    void Predict(ReadOnlySpan<int> users, ReadOnlySpan<int> items, Span<float> values);
}
