using System.Numerics;

namespace Tastemaker.Training.Optimizers;

/// <summary>How an optimizer updates the numbers of a touched row, some of them at a time.</summary>
internal interface IRowRule
{
    /// <summary>Updates weights and state in place.</summary>
    /// <param name="weight">The weights.</param>
    /// <param name="first">State of the first slot beside them; means nothing where the optimizer has none.</param>
    /// <param name="second">State of the second slot; means nothing where the optimizer has none.</param>
    /// <param name="gradient">Their gradient.</param>
    void Update(ref Vector<float> weight, ref Vector<float> first, ref Vector<float> second, Vector<float> gradient);
}
