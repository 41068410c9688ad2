using Tastemaker.Data.Syntax;

namespace Tastemaker.Data.Splits;

/// <summary>
/// Holds out users: systems learn from whole rows of other users and must answer cold-start users by part of their history (Liang et al. 2018,
/// Multi-VAE). The catalog is what training users have; of each held-out user a random share is asked for and the rest is told.
/// </summary>
/// <param name="Test">Share of users, or number of users where 1 or more. <value>0.1</value></param>
/// <param name="Validation">Share or number of users; 0 for none. <value>0.1</value></param>
/// <param name="Targets">Share of a held-out user's items that are asked for, rounded down. <value>0.2</value></param>
public sealed record StrongGeneralization(decimal Test = 0.1m, decimal Validation = 0.1m, decimal Targets = 0.2m) : Splitter
{
    /// <summary>Held-out users with fewer items of the catalog are not measured.</summary>
    public const int LeastItems = 5;

    /// <inheritdoc/>
    protected override Split Divide(Dataset data, ulong seed)
    {
        Check(data);
        var order = new UserTimelines(data.Interactions, data.Users.Count);
        int[] active = [.. Enumerable.Range(0, data.Users.Count).Where(user => order[user].Length > 0)];
        var (test, validation) = (Count(Test, active.Length), Count(Validation, active.Length));
        if (test == 0 || (Validation > 0 && validation == 0) || test + validation >= active.Length)
        {
            throw new InputException(
                $"The split '{this}' takes {test} users for testing and {validation} for validation of the {active.Length} users of '{data.Name}'; each part, and training, needs some. Change the shares or counts.");
        }

        new SeededRandom(seed).Shuffle<int>(active);
        Array.Sort(active, 0, test);
        Array.Sort(active, test, validation);
        var train = HeldOutUsers.TrainOn(data, active.AsSpan(test + validation), $"training part of {Describe(seed)}", shrink: true);
        var users = new HeldOutUsers(data, order, train, user => HeldOutUsers.RandomShare(Targets, new SeededRandom(seed, 1, (ulong)user)));
        List<string> notes = [];
        return new Split
        {
            Description = Describe(seed),
            Train = train,
            Validation = validation == 0 ? null : users.Hold(active.AsSpan(test, validation), "validation", Describe(seed), notes),
            Test = users.Hold(active.AsSpan(0, test), "test", Describe(seed), notes),
            Notes = notes,
        };
    }

    /// <inheritdoc/>
    public override string ToString() => SyntaxCall.Print("strong-generalization", ("test", Test), ("validation", Validation), ("targets", Targets));

    internal override bool DividesLabelled => false;

    internal override bool CanIncludeSeen => false;

    internal override IEnumerable<string> Problems()
    {
        if (Test <= 0 || (Test >= 1 && Test % 1 != 0))
        {
            yield return FormattableString.Invariant($"test must be a share between 0 and 1 or a whole number of users, not {Test}.");
        }

        if (Validation < 0 || (Validation >= 1 && Validation % 1 != 0))
        {
            yield return FormattableString.Invariant($"validation must be a share, a whole number of users, or 0 for none, not {Validation}.");
        }

        if (Targets is <= 0 or >= 1)
        {
            yield return FormattableString.Invariant($"targets must be a share between 0 and 1, not {Targets}.");
        }
    }

    private static int Count(decimal shareOrCount, int users) =>
        shareOrCount < 1 ? shareOrCount.Of(users) : (int)Math.Min(shareOrCount, int.MaxValue / 2);
}
