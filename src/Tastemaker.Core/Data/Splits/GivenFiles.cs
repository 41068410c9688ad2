using Tastemaker.Data.Syntax;

namespace Tastemaker.Data.Splits;

/// <summary>
/// The parts that files name, for published or externally made splits. A file has columns user (or session), item and, where present,
/// value and time, in the identifiers of the data set. Rows that the data set has are taken from it; held-out rows that it lacks, from the file.
/// </summary>
/// <param name="Test">The file of the test part.</param>
public sealed record GivenFiles(string Test) : Splitter
{
    private const string Counted = "counted-lines";

    /// <summary>The file of the training part; null for all of the data set that is in no other file.</summary>
    public string? Train { get; init; }

    /// <summary>
    /// The file of the validation part; or "leave-one-out" (a random training interaction of each user) or "ratio:0.1" (a random share of
    /// each user's) to take one from training, for cold-start users "users:2500" or "users:0.1" (random users, whole); null for none.
    /// </summary>
    public string? Validation { get; init; }

    /// <summary>A file of candidates for each test user, lines "(user,item)" and items, separated by tabs; null to rank the catalog.</summary>
    public string? Negatives { get; init; }

    /// <summary>What the rows are. <value>interactions</value></summary>
    public GivenKind Kind { get; init; }

    /// <summary>
    /// How the files of interactions are laid out. Counted lines of equal length look like a table of users and items, so such files are refused next to
    /// counted lines until it is said. <value>recognized</value>
    /// </summary>
    public GivenLayout Layout { get; init; }

    /// <summary>What to do with users and items the data set lacks. <value>error</value> For sessions and cold-start users, items that training lacks always leave.</summary>
    public UnknownIds Unknown { get; init; }

    /// <summary>For cold-start users, the share of a user's items that are asked for, rounded down. <value>0.2</value></summary>
    public decimal Targets { get; init; } = 0.2m;

    /// <inheritdoc/>
    protected override Split Divide(Dataset data, ulong seed)
    {
        Check(data);
        return Kind switch
        {
            GivenKind.Sessions => GivenSessions.Split(this, data, Describe(seed)),
            GivenKind.Users => GivenColdUsers.Split(this, data, seed, Describe(seed)),
            _ => Interactions(data, seed),
        };
    }

    /// <inheritdoc/>
    public override string ToString() => SyntaxCall.Print(
        "given", ("train", Train), ("test", Test), ("validation", Validation), ("negatives", Negatives), ("kind", Kind),
        ("layout", Layout == GivenLayout.Auto ? null : Counted),
        ("unknown", Kind == GivenKind.Users ? null : Unknown), ("targets", Kind == GivenKind.Users ? Targets : null));

    // Candidates are drawn for a positive target.
    internal override bool DividesLabelled => Kind == GivenKind.Interactions && Negatives is null;

    internal override bool CanIncludeSeen => Kind != GivenKind.Users && Negatives is null;

    internal override IEnumerable<string> Problems()
    {
        foreach (var problem in Kind == GivenKind.Users ? GivenColdUsers.Problems(this) : [])
        {
            yield return problem;
        }

        if (Kind != GivenKind.Users && Validation?.StartsWith(GivenColdUsers.Users, StringComparison.Ordinal) == true)
        {
            yield return $"validation={Validation} holds out whole users, which only kind=users can.";
        }

        if (Kind == GivenKind.Sessions && Negatives is not null)
        {
            yield return "negatives are not supported for kind=sessions.";
        }

        if (Kind == GivenKind.Sessions && ValidationCarving.Parse(Validation) is not null)
        {
            yield return "for kind=sessions, validation must be a file.";
        }

        if (Kind != GivenKind.Interactions && Layout != GivenLayout.Auto)
        {
            yield return "layout is for files of interactions only.";
        }

        foreach (var problem in ValidationCarving.Parse(Validation)?.Problems() ?? [])
        {
            yield return problem;
        }
    }

    // Whether the files are counted lines: all of them, or none.
    private bool AreCounted(params ReadOnlySpan<string?> files)
    {
        if (Layout == GivenLayout.CountedLines)
        {
            return true;
        }

        var recognized = files.ToArray().OfType<string>().ToLookup(GivenFile.IsCounted);
        return recognized.Count < 2 ? recognized.Contains(true) : throw new InputException(
            $"'{recognized[true].First()}' holds a line per user that begins with the number of its items, and '{recognized[false].First()}' may be a table. "
            + $"Say layout={Counted} if both are such lines; otherwise bring them into one layout.");
    }

    private Split Interactions(Dataset data, ulong seed)
    {
        var carving = ValidationCarving.Parse(Validation);
        var given = new GivenParts(data, Train is not null);
        var validation = carving is null ? Validation : null;
        var counted = AreCounted(Test, validation, Train);
        foreach (var (path, part) in new[] { (Test, SplitPart.Test), (validation, SplitPart.Validation), (Train, SplitPart.Train) })
        {
            if (path is not null)
            {
                given.Add(counted ? GivenFile.ReadCounted(path) : GivenFile.Read(path, bySession: false), part, Unknown);
            }
        }

        var (whole, parts) = given.Build();
        carving?.Apply(whole, parts, seed);
        var negatives = Negatives is null ? null : NegativesFile.Read(Negatives, user => user, item => item);
        return new InteractionSplit(Describe(seed), whole, parts, given.Notes)
        {
            HasValidation = Validation is not null,
            IncludeSeen = IncludeSeen,
            Shape = (part, users, hold) => negatives is null || part != SplitPart.Test ? hold : negatives.Narrow(hold, users, whole),
        }.Build();
    }
}

/// <summary>What the rows of given files are.</summary>
public enum GivenKind
{
    /// <summary>Interactions of users: what a user has in the test file is asked of that user.</summary>
    Interactions,

    /// <summary>Events of sessions: each event but the first is asked for, given the events before it.</summary>
    Sessions,

    /// <summary>Whole users that are not in the data set: part of what each has is told, the rest is asked for.</summary>
    Users,
}

/// <summary>How given files are laid out.</summary>
public enum GivenLayout
{
    /// <summary>Recognized, file by file.</summary>
    Auto,

    /// <summary>A line per user: the number of its items, and the items. Users are the numbers of their lines, from 0.</summary>
    CountedLines,
}

/// <summary>What to do with users and items of given files that the data set does not have.</summary>
public enum UnknownIds
{
    /// <summary>Refuse, and say which.</summary>
    Error,

    /// <summary>Leave their rows out, and note how many.</summary>
    Drop,
}
