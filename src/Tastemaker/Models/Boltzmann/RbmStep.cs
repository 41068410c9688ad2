namespace Tastemaker.Models.Boltzmann;

/// <summary>How far an update goes.</summary>
/// <param name="Rate">Step size; sums over cases are divided by their number.</param>
/// <param name="Momentum">Share of the previous step.</param>
/// <param name="Decay">Weight decay.</param>
/// <param name="ConditionRate">Step size of the weights of conditions, in step sizes.</param>
internal readonly record struct RbmStep(float Rate, float Momentum, float Decay, float ConditionRate);
