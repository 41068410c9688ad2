using System.Globalization;
using Tastemaker.Data.Syntax;

namespace Tastemaker.Data.Splits;

/// <summary>Reads and lists the splitters by the names used on command lines and in recipes, e.g. "leave-one-out(by=random)".</summary>
public static class SplitterSyntax
{
    private static readonly Grammar<Splitter> Grammar = new(
        "split",
        splitter => splitter.Problems(),
        (new(Automatic.Name, Automatic.Name, "By time where there are times, else a random share of each user's interactions: the default."), _ => new Automatic()),
        (new(NoHoldOut.Name, NoHoldOut.Name, "Nothing is held out: trains on everything, measures nothing."), _ => new NoHoldOut()),
        (new("random", "random(test=0.2,validation=0.1)", "Random interactions, regardless of user."),
            arguments => new RandomSplit(arguments.Decimal("test", 0.2m, 0), arguments.Decimal("validation", 0.1m, 1))),
        (new("ratio-by-user", "ratio-by-user(test=0.2,validation=0.1,by=random)", "A share of each user's interactions: random ones, or the newest (by=time)."),
            arguments => new RatioByUser(arguments.Decimal("test", 0.2m, 0), arguments.Decimal("validation", 0.1m, 1), arguments.Choice("by", HoldOutOrder.Random))),
        (new("leave-one-out", "leave-one-out(by=time,validation=yes)", "One interaction of each user: the newest, or a random one."),
            arguments => new LeaveOneOut(arguments.Choice("by", HoldOutOrder.Time, 0), arguments.Choice("validation", ValidationPart.Yes))),
        (new("temporal", "temporal(test=0.1,validation=0.1) or temporal(test-from=2020-01-01,validation-from=2019-12-01)", "The newest interactions of all users: no look-ahead."),
            MakeTemporal),
        (new("strong-generalization", "strong-generalization(test=0.1,validation=0.1,targets=0.2)", "Unseen users, asked by part of their history; counts or shares of users."),
            arguments => new StrongGeneralization(arguments.Decimal("test", 0.1m, 0), arguments.Decimal("validation", 0.1m, 1), arguments.Decimal("targets", 0.2m))),
        (new("sessions", "sessions(test-seconds=86400,validation-seconds=86400,by=last)", "Whole sessions of the last day: the next item given the items before."),
            arguments => new Sessions(arguments.Integer("test-seconds", Sessions.Day, 0), arguments.Integer("validation-seconds", Sessions.Day, 1), arguments.Choice("by", SessionTimestamp.Last))),
        (new("cold-items", "cold-items(share=0.1,validation=0.1,candidates=cold)", "Items without any training interaction."),
            arguments => new ColdItems(arguments.Decimal("share", 0.1m, 0), arguments.Decimal("validation", 0.1m, 1), arguments.Choice("candidates", CandidateScope.Cold))),
        (new("cold-users", "cold-users(share=0.1,validation=0.1,known=0,by=COLUMN)", "Users without any training interaction, asked by their first few."),
            arguments => new ColdUsers(arguments.Decimal("share", 0.1m, 0), arguments.Decimal("validation", 0.1m, 1), arguments.Integer("known", 0)) { By = arguments.Text("by") }),
        (new("k-fold", "k-fold(fold=0,of=5,validation=0)", "One of several random parts of equal size."),
            arguments => new KFold(arguments.Integer("fold", 0, 0), arguments.Integer("of", 5, 1), arguments.Decimal("validation", 0))),
        (new("hash", "hash(mod=5,test=0,validation=1,minimum-items=0)", "Buckets by a hash of numeric ids: equal in any language, without a seed."), MakeHash),
        (new("given", "given(train=FILE,test=FILE,validation=FILE|leave-one-out|ratio:0.1,negatives=FILE,kind=interactions,layout=auto|counted-lines,unknown=error,targets=0.2)", "The parts that files name."),
            MakeGiven),
        (new("given-column", "given-column(column=split,train=WORD,validation=WORD|leave-one-out|ratio:0.1,test=WORD)", "The parts that a column of the interactions names."),
            arguments => new GivenColumn(arguments.Text("column", "split", 0) ?? "") { Train = arguments.Text("train"), Validation = arguments.Text("validation"), Test = arguments.Text("test") }),
        (new("ncf", "ncf(folder=FOLDER,users-from=1,validation=leave-one-out|ratio:0.1)", "The published leave-one-out files with 99 negatives of Neural Collaborative Filtering."),
            arguments => new NcfFiles(Required(arguments, "folder")) { UsersFrom = arguments.OptionalInteger("users-from"), Validation = arguments.Text("validation") }));

    /// <summary>All splitters with usage and a one-line description, for help.</summary>
    public static IReadOnlyList<SyntaxForm> Forms => Grammar.Forms;

    /// <summary>The splitter for a text.</summary>
    /// <exception cref="InputException">The name or an argument is unknown or out of range; names the nearest valid one.</exception>
    public static Splitter Parse(string text) => Grammar.Parse(text);

    private static Temporal MakeTemporal(CallArguments arguments)
    {
        var byDate = arguments.Has("test-from") || arguments.Has("validation-from");
        if (byDate && (arguments.Has("test") || arguments.Has("validation")))
        {
            arguments.Problems.Add("give shares or dates, not both.");
        }

        return new Temporal
        {
            Test = arguments.Decimal("test", 0.1m, 0),
            Validation = arguments.Decimal("validation", 0.1m, 1),
            TestFrom = arguments.Moment("test-from"),
            ValidationFrom = arguments.Moment("validation-from"),
        };
    }

    private static HashSplit MakeHash(CallArguments arguments)
    {
        var validation = arguments.Text("validation", "1");
        int? bucket = null;
        if (validation != "none")
        {
            if (int.TryParse(validation, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                bucket = number;
            }
            else
            {
                arguments.Problems.Add($"validation must be a bucket or none, not '{validation}'.");
            }
        }

        return new HashSplit(arguments.Integer("mod", 5, 0), arguments.Integer("test", 0, 1), bucket, arguments.Integer("minimum-items", 0));
    }

    private static GivenFiles MakeGiven(CallArguments arguments)
    {
        var files = new GivenFiles(Required(arguments, "test"))
        {
            Train = arguments.Text("train"),
            Validation = arguments.Text("validation"),
            Negatives = arguments.Text("negatives"),
            Kind = arguments.Choice("kind", GivenKind.Interactions, formerly: ("strangers", GivenKind.Users)),
        };
        // Each of the two means nothing to the other kinds, and is unknown there.
        return files.Kind == GivenKind.Users
            ? files with { Targets = arguments.Decimal("targets", files.Targets) }
            : files with { Unknown = arguments.Choice("unknown", UnknownIds.Error), Layout = Layout(arguments) };
    }

    private static GivenLayout Layout(CallArguments arguments)
    {
        var text = arguments.Text("layout");
        if (text is not (null or "auto" or "counted-lines"))
        {
            arguments.Problems.Add($"layout is auto or counted-lines, not '{text}'.");
        }

        return text is "counted-lines" ? GivenLayout.CountedLines : GivenLayout.Auto;
    }

    private static string Required(CallArguments arguments, string name)
    {
        var text = arguments.Text(name, null, 0);
        if (string.IsNullOrEmpty(text))
        {
            arguments.Problems.Add($"{name} is missing.");
        }

        return text ?? "";
    }
}
