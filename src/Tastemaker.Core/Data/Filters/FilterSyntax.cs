using Tastemaker.Data.Syntax;

namespace Tastemaker.Data.Filters;

/// <summary>Reads and lists the filters by the names used on command lines and in recipes, e.g. "k-core(5)".</summary>
public static class FilterSyntax
{
    private static readonly Grammar<DataFilter> Grammar = new(
        "filter",
        filter => filter.Problems(),
        (new("min-value", "min-value(4)", "Keeps interactions of at least this value."), arguments => new MinimumValue(arguments.Number("value", 0))),
        (new("max-value", "max-value(5)", "Keeps interactions of at most this value."), arguments => new MaximumValue(arguments.Number("value", 0))),
        (new("deduplicate", "deduplicate(keep=last)", "Leaves one interaction of each user with each item: first, last, max, or the sum of values."),
            arguments => new Deduplicate(arguments.Choice("keep", DuplicatePolicy.Last, 0))),
        (new("drop-repeats", "drop-repeats", "Drops an interaction with the same item as the one before in the session."), _ => new DropRepeats()),
        (new("k-core", "k-core(5) or k-core(users=5,items=10)", "Drops users and items with fewer interactions, until none is left."), MakeKCore),
        (new("min-count", "min-count(users=1,items=1)", "Drops users and items with fewer interactions, once."),
            arguments => new MinimumCount(arguments.Integer("users", 1), arguments.Integer("items", 1))),
        (new("drop", "drop(user=NA)", "Drops the interactions of a user, or with an item."), arguments => new DropIds(arguments.Text("user"), arguments.Text("item"))),
        (new("sample-users", "sample-users(interactions=200000,seed=42)", "Keeps random users, with all they did, until there are so many interactions."),
            arguments => new SampleUsers(arguments.Integer("interactions", 0, 0), arguments.Seed("seed", 42))),
        (new("time-range", "time-range(from=2019-01-01,to=2020-01-01)", "Keeps interactions from a time until before another."),
            arguments => new TimeRange(arguments.Moment("from"), arguments.Moment("to"))),
        (new("order-by", "order-by(column=milliseconds)", "Orders interactions of equal time by a numeric column."), MakeOrderBy),
        (new("binarize", "binarize", "Forgets the values: what happened counts 1."), _ => new Binarize()),
        (new("label", "label(at-least=4)", "Makes 0/1 labels of values: 1 from a threshold on."), arguments => new LabelByValue(arguments.Number("at-least", 0))),
        (new("negatives", "negatives(per-positive=2,seed=42)", "Adds rows with label 0: for each interaction, items its user never has."),
            arguments => new Negatives(arguments.Integer("per-positive", 2, 0), arguments.Seed("seed", 42))),
        (new("shuffle-features", "shuffle-features(of=items,seed=42)", "Deals the features of items (or users) out anew among them: a control."),
            arguments => new ShuffleFeatures(arguments.Choice("of", FeatureSide.Items, 0), arguments.Seed("seed", 42))),
        (new("positives", "positives", "Keeps the rows with label 1, and forgets the labels."), _ => new Positives()));

    /// <summary>All filters with usage and a one-line description, for help.</summary>
    public static IReadOnlyList<SyntaxForm> Forms => Grammar.Forms;

    /// <summary>The filter for a text.</summary>
    /// <exception cref="InputException">The name or an argument is unknown or out of range; names the nearest valid one.</exception>
    public static DataFilter Parse(string text) => Grammar.Parse(text);

    /// <summary>The filters for several texts, in their order.</summary>
    /// <exception cref="InputException">All that is wrong with any of them.</exception>
    public static IReadOnlyList<DataFilter> ParseAll(IEnumerable<string> texts) => Grammar.ParseAll(texts);

    private static OrderBy MakeOrderBy(CallArguments arguments)
    {
        var column = arguments.Text("column", position: 0);
        if (column is null)
        {
            arguments.Problems.Add("the column is missing.");
        }

        return new OrderBy(column ?? "");
    }

    private static KCore MakeKCore(CallArguments arguments)
    {
        var both = arguments.OptionalInteger("minimum", 0);
        var (users, items) = (arguments.OptionalInteger("users"), arguments.OptionalInteger("items"));
        if (both is not null && (users ?? items) is not null)
        {
            arguments.Problems.Add("give one minimum for both sides, or users and items.");
        }
        else if (arguments.Problems.Count == 0 && (both ?? users ?? items) is null)
        {
            arguments.Problems.Add("the minimum is missing.");
        }

        return new KCore(both ?? users ?? 1, both ?? items ?? 1);
    }
}
