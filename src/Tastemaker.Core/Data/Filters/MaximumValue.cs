using Tastemaker.Data.Syntax;

namespace Tastemaker.Data.Filters;

/// <summary>Keeps interactions whose value is at most a threshold: dislikes only, or plays below a robot's count.</summary>
/// <param name="Value">The largest value that stays.</param>
public sealed record MaximumValue(float Value) : DataFilter
{
    /// <inheritdoc/>
    public override Dataset Apply(Dataset data)
    {
        Check();
        NeedValues(data);
        return Retain(data, row => data.Interactions.Values[row] <= Value, "Raise the threshold.");
    }

    /// <inheritdoc/>
    public override string ToString() => SyntaxCall.Print("max-value", (null, Value));

    internal override IEnumerable<string> Problems() => float.IsFinite(Value) ? [] : ["the threshold must be a finite number."];
}
