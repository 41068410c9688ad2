namespace Tastemaker.Models.Boltzmann;

/// <summary>How far an update goes.</summary>
/// <param name="Rate">Learning rate; sums over cases are divided by their number.</param>
/// <param name="Momentum">Share of the previous step.</param>
/// <param name="Decay">Weight decay.</param>
/// <param name="ConditionRate">Learning rate of the weights of conditions, in learning rates.</param>
internal readonly record struct RbmStep(float Rate, float Momentum, float Decay, float ConditionRate);
