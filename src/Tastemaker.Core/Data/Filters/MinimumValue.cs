using Tastemaker.Data.Syntax;

namespace Tastemaker.Data.Filters;

/// <summary>Keeps interactions whose value is at least a threshold: ratings of 4 and more, say.</summary>
/// <param name="Value">The least value that stays.</param>
public sealed record MinimumValue(float Value) : DataFilter
{
    /// <inheritdoc/>
    public override Dataset Apply(Dataset data)
    {
        Check();
        NeedValues(data);
        return Retain(data, row => data.Interactions.Values[row] >= Value, "Lower the threshold.");
    }

    /// <inheritdoc/>
    public override string ToString() => SyntaxCall.Print("min-value", (null, Value));

    internal override IEnumerable<string> Problems() => float.IsFinite(Value) ? [] : ["the threshold must be a finite number."];
}
