namespace Tastemaker.Tests.Models.Baselines;

/// <summary>Numerical derivatives, for checking one step of gradient descent against the loss it descends.</summary>
internal static class Gradient
{
    /// <summary>What a step of gradient descent should lead to: the point less step times the central differences of the loss.</summary>
    public static double[] Descend(double[] point, double step, Func<double[], double> loss) => [.. point.Select((value, index) =>
    {
        double At(double shift) => loss([.. point.Select((other, position) => position == index ? other + shift : other)]);
        return value - (step * (At(1e-5) - At(-1e-5)) / 2e-5);
    })];
}
