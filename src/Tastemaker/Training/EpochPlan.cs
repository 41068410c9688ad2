namespace Tastemaker.Training;

/// <summary>The epochs of a model, known before it is trained.</summary>
/// <param name="Epochs">Maximum number of epochs.</param>
/// <param name="FirstMeasured">The first epoch (from 0) after which early stopping and the choice of the best epoch may apply; later than 0 after pre-training stages.</param>
/// <param name="KeepsBest">Whether the weights of the best validated epoch are worth keeping apart; false for solvers that only improve.</param>
internal sealed record EpochPlan(int Epochs, int FirstMeasured = 0, bool KeepsBest = true)
{
    /// <summary>One pass: closed forms, neighborhoods, counts.</summary>
    public static EpochPlan Once { get; } = new(1, KeepsBest: false);
}
