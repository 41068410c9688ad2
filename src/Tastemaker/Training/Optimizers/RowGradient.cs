using static TorchSharp.torch;

namespace Tastemaker.Training.Optimizers;

/// <summary>The gradient of the rows of one table that a step touched.</summary>
/// <param name="Table">Index of the table in its <see cref="ParameterSet"/>.</param>
/// <param name="Rows">Distinct row indexes [n].</param>
/// <param name="Gradient">Their gradients [n, dimension].</param>
internal readonly record struct RowGradient(int Table, Tensor Rows, Tensor Gradient);
