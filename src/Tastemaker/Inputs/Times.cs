using Tastemaker.Data;
using Tastemaker.Options;

namespace Tastemaker.Inputs;

/// <summary>The order in which things happened: times, or the order of the source where the data says that it is that of time.</summary>
public sealed class Times : IInput
{
    /// <summary>What systems that read sequences list.</summary>
    public static Times Required { get; } = new();

    /// <inheritdoc/>
    public string Text => "times";

    /// <inheritdoc/>
    public bool IsRequired => true;

    /// <inheritdoc/>
    public IEnumerable<string> Problems(TrainingSet train, ModelOptions options, string system)
    {
        if (!train.Interactions.HasTimes && !train.Data.IsOrdered)
        {
            yield return $"{system} learns from the order in time and '{train.Data.Name}' has no times: name the column that holds them on import, "
                + "or, where each user's rows are in order of time, use the split leave-one-out(by=order).";
        }
    }
}
