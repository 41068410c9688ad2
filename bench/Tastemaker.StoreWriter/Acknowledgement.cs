using System.Globalization;

namespace Tastemaker.StoreWriter;

/// <summary>What the writer prints of a call that is stored.</summary>
/// <param name="Call">The call's number.</param>
/// <param name="Last">The number of its last interaction in the store.</param>
public sealed record Acknowledgement(int Call, long Last)
{
    /// <summary>Reads a line of the writer's output; null for half a line.</summary>
    public static Acknowledgement? Parse(string line) =>
        line.Split(' ') is [var call, var last, "."] ? new Acknowledgement(int.Parse(call, CultureInfo.InvariantCulture), long.Parse(last, CultureInfo.InvariantCulture)) : null;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Call} {Last} .");
}
