using System.Globalization;
using Tastemaker.Data.Syntax;

namespace Tastemaker.Data.Splits;

/// <summary>
/// Buckets by a hash of the raw numeric ids of user and item: the same partition in any programming language, whatever the order of the
/// file and without a seed. Made for comparing with results computed elsewhere.
/// </summary>
/// <param name="Mod">Number of buckets. <value>5</value></param>
/// <param name="Test">The bucket that is tested. <value>0</value></param>
/// <param name="Validation">The bucket for validation; null for none. <value>1</value></param>
/// <param name="MinimumItems">Users with fewer distinct items are only trained on. <value>0: all users are tested</value></param>
public sealed record HashSplit(int Mod = 5, int Test = 0, int? Validation = 1, int MinimumItems = 0) : Splitter
{
    /// <inheritdoc/>
    protected override Split Divide(Dataset data, ulong seed)
    {
        Check(data);
        var users = Raw(data, data.Users, "user");
        var items = Raw(data, data.Items, "item");
        var all = MinimumItems > 0 ? new TrainingSet(data).Seen : null;
        var parts = new SplitPart[data.Interactions.Count];
        for (var row = 0; row < parts.Length; row++)
        {
            if (all?.Length(data.Interactions.Users[row]) < MinimumItems)
            {
                continue; // as it is: training
            }

            var bucket = Bucket(users[data.Interactions.Users[row]], items[data.Interactions.Items[row]], Mod);
            parts[row] = bucket == Test ? SplitPart.Test : bucket == Validation ? SplitPart.Validation : SplitPart.Train;
        }

        return new InteractionSplit(ToString(), data, parts, LookAhead.Note(data)) { HasValidation = Validation is not null, IncludeSeen = IncludeSeen }.Build();
    }

    /// <inheritdoc/>
    public override string ToString() => SyntaxCall.Print(
        "hash", ("mod", Mod), ("test", Test), ("validation", (object?)Validation ?? "none"), ("minimum-items", MinimumItems > 0 ? MinimumItems : null));

    /// <summary>The bucket of a pair of raw ids; all arithmetic wraps at 32 bits.</summary>
    internal static int Bucket(uint user, uint item, int mod)
    {
        unchecked
        {
            var hash = (user * 2654435761u) + (item * 2246822519u);
            hash ^= hash >> 15;
            hash *= 2654435761u;
            hash ^= hash >> 13;
            return (int)(hash % (uint)mod);
        }
    }

    internal override IEnumerable<string> Problems()
    {
        if (Mod < 2)
        {
            yield return $"mod must be at least 2, not {Mod}.";
            yield break;
        }

        if (MinimumItems < 0)
        {
            yield return $"minimum-items must be 0 or more, not {MinimumItems}.";
        }

        if (Test < 0 || Test >= Mod)
        {
            yield return $"test must be a bucket from 0 to {Mod - 1}, not {Test}.";
        }

        if (Validation < 0 || Validation >= Mod)
        {
            yield return $"validation must be a bucket from 0 to {Mod - 1}, or none, not {Validation}.";
        }

        if (Validation == Test || (Validation is not null && Mod == 2))
        {
            yield return "test and validation must be different buckets and leave one to train on.";
        }
    }

    private uint[] Raw(Dataset data, Vocabulary ids, string kind)
    {
        var raw = new uint[ids.Count];
        for (var index = 0; index < raw.Length; index++)
        {
            if (!uint.TryParse(ids[index], NumberStyles.None, CultureInfo.InvariantCulture, out raw[index]))
            {
                throw new InputException($"The split '{this}' needs whole numbers as ids, but '{data.Name}' has the {kind} '{ids[index]}'. Use random or ratio-by-user.");
            }
        }

        return raw;
    }
}
