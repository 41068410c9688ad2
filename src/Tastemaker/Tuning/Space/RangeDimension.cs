using System.Globalization;
using Tastemaker.Configuration;
using Tastemaker.Data;

namespace Tastemaker.Tuning.Space;

/// <summary>
/// A range of numbers, both ends included, seen by samplers as a coordinate in [0, 1] in which the search is uniform: of the value or of its
/// logarithm. Whole numbers own the interval that rounds to them, so that the ends are as likely as their neighbors.
/// </summary>
internal sealed record RangeDimension(OptionInfo Option, double Low, double High, bool IsLog) : SearchDimension(Option)
{
    /// <summary>Whether values are whole numbers.</summary>
    public bool IsInteger => Option.Kind == OptionKind.Integer;

    /// <inheritdoc/>
    public override string Text => string.Create(CultureInfo.InvariantCulture, $"{Low:R}..{High:R}{(IsLog ? ":log" : "")}");

    /// <inheritdoc/>
    public override IReadOnlyList<string>? Values =>
        IsInteger && High - Low < 64 ? [.. Enumerable.Range(0, (int)(High - Low) + 1).Select(step => OptionText.Of((long)Low + step))] : null;

    private double From => Scale(IsInteger ? Low - 0.5 : Low);

    private double To => Scale(IsInteger ? High + 0.5 : High);

    /// <inheritdoc/>
    public override string Draw(SeededRandom random) => At(random.NextDouble());

    /// <summary>The value at a coordinate; numbers have four significant digits, which is more than a search can tell apart.</summary>
    public string At(double coordinate)
    {
        var scaled = From + (coordinate * (To - From));
        var value = IsLog ? Math.Exp(scaled) : scaled;
        return IsInteger
            ? OptionText.Of((long)Math.Clamp(Math.Round(value), Low, High))
            : OptionText.Of(Math.Clamp(double.Parse(value.ToString("G4", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture), Low, High));
    }

    /// <summary>The coordinate of a value; null where it is outside the range, as a default may be.</summary>
    public double? Coordinate(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= Low && value <= High
            ? Math.Clamp((Scale(value) - From) / (To - From), 0, 1)
            : null;

    private double Scale(double value) => IsLog ? Math.Log(value) : value;
}
