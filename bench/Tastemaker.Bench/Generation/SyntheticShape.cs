namespace Tastemaker.Bench.Generation;

/// <summary>Size and seed of a generated data set. The defaults are those of MovieLens-20M.</summary>
internal sealed record SyntheticShape
{
    public int Interactions { get; init; } = 20_000_000;

    public int Users { get; init; } = 138_493;

    public int Items { get; init; } = 26_744;

    /// <summary>Groups of items that attract the same users: what a model can learn beyond popularity.</summary>
    public int Interests { get; init; } = 50;

    public ulong Seed { get; init; } = 42;

    /// <summary>Most interactions a user may have; a third of the catalog, as the busiest user of MovieLens-20M.</summary>
    public int MostPerUser => Math.Max(1, Items / 3);

    /// <summary>Fewest interactions a user has: a seventh of the mean (20 for MovieLens-20M).</summary>
    public int FewestPerUser => Math.Max(1, Interactions / Users / 7);

    /// <exception cref="InputException">No data set has this shape; lists every reason.</exception>
    public void Validate()
    {
        List<string> problems = [];
        if (Users < 1 || Items < 1 || Interests < 1)
        {
            problems.Add("--users, --items and --interests must be at least 1.");
        }
        else if (Interactions < Math.Max(Users, Items))
        {
            problems.Add($"--interactions {Interactions} is too few: every user and every item occurs, so {Math.Max(Users, Items)} is the least.");
        }
        else if (Interactions > (long)Users * MostPerUser)
        {
            problems.Add(
                $"--interactions {Interactions} is too many: a user has at most a third of the items, so {(long)Users * MostPerUser} is the most.");
        }

        if (problems.Count > 0)
        {
            throw new InputException(problems);
        }
    }
}
