using System.Globalization;

namespace Tastemaker.Data.Splits;

/// <summary>Takes a validation part out of training where files give none: "leave-one-out" (a random one a user) or "ratio:0.1".</summary>
/// <param name="Share">Share of each user's training interactions; null for one.</param>
internal sealed record ValidationCarving(decimal? Share)
{
    private const string One = "leave-one-out";
    private const string Ratio = "ratio:";

    /// <summary>The carving for a text; null where the text is none, and so a file.</summary>
    public static ValidationCarving? Parse(string? text) => text switch
    {
        One => new ValidationCarving((decimal?)null),
        _ when text?.StartsWith(Ratio, StringComparison.Ordinal) == true
            && decimal.TryParse(text.AsSpan(Ratio.Length), NumberStyles.Float, CultureInfo.InvariantCulture, out var share) => new ValidationCarving(share),
        _ => null,
    };

    /// <summary>What is out of range.</summary>
    public IEnumerable<string> Problems() =>
        Share is <= 0 or >= 1 ? [FormattableString.Invariant($"the ratio for validation must be between 0 and 1, not {Share}.")] : [];

    /// <summary>Moves training interactions into validation. Users keep at least one.</summary>
    public void Apply(Dataset data, SplitPart[] parts, ulong seed)
    {
        var order = new UserTimelines(data.Interactions, data.Users.Count);
        for (var user = 0; user < order.UserCount; user++)
        {
            int[] rows = [.. order[user].ToArray().Where(row => parts[row] == SplitPart.Train)];
            var count = Share?.Of(rows.Length) ?? (rows.Length > 1 ? 1 : 0);
            new SeededRandom(seed, (ulong)user).Shuffle<int>(rows);
            SplitFractions.Deal(rows, 0, count, parts);
        }
    }
}
