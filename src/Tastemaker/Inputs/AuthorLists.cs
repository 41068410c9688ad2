using System.Text.Json;
using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Features;
using Tastemaker.Native;
using Tastemaker.Options;
using static TorchSharp.torch;

namespace Tastemaker.Inputs;

/// <summary>
/// The first authors of each user's text and of each item, in their order. Names are separated by ; or | and compared by their first initial and last name, "Ada M. Lovelace" and "Lovelace, A." alike: who shares both counts as one
/// author. Known are those of users and items that occur in training; all others are one unknown author.
/// </summary>
internal sealed class AuthorLists : IRequestInput
{
    private const string Name = "authors";

    private AuthorLists(string userColumn, Vocabulary known, SparseRows users, SparseRows items, int most) => (UserColumn, Known, Users, Items, Most) = (userColumn, known, users, items, most);

    /// <summary>The authors; one's index in a list is one more than here, 0 is padding, and the index after these is the unknown author's.</summary>
    public Vocabulary Known { get; }

    /// <summary>Number of indexes, padding and the unknown author included: the rows of a table of vectors.</summary>
    public int Size => Known.Count + 2;

    /// <summary>A row per user: the authors who cite.</summary>
    public SparseRows Users { get; }

    /// <summary>A row per item: the authors who are cited.</summary>
    public SparseRows Items { get; }

    private string UserColumn { get; }

    private int Most { get; }

    /// <summary>The authors of two columns; one that is null has none.</summary>
    public static AuthorLists Of(TrainingSet train, FeatureColumn? users, FeatureColumn? items, int most)
    {
        var (citing, cited) = (Names(users, train.UserCount, most), Names(items, train.ItemCount, most));
        var trained = train.Interactions.Users.ToArray().Distinct().SelectMany(user => citing[user]).Concat(train.Interactions.Items.ToArray().Distinct().SelectMany(item => cited[item]));
        var known = new Vocabulary(trained.Distinct().Order(StringComparer.Ordinal));
        return new AuthorLists(users?.Name ?? "", known, Rows(citing, known), Rows(cited, known), most);
    }

    /// <summary>The citing authors of a request: what it says, else those of the known user.</summary>
    public int[] Of(RequestBatch requests, int request)
    {
        foreach (var (name, text) in requests.Features(request) ?? new Dictionary<string, string>())
        {
            if (IsNamed(name))
            {
                return Encode(Names(text, Most), Known);
            }
        }

        return requests.Users[request] >= 0 ? Users[requests.Users[request]].ToArray() : [];
    }

    /// <summary>Whether a feature of a request names the citing authors.</summary>
    public bool IsNamed(string feature) => UserColumn.Length > 0 && FieldSyntax.IsNamed(feature, FieldSource.User, UserColumn);

    /// <summary>First initial and last name of the authors of a text.</summary>
    public static string[] Names(string text, int most) => [.. text.Split([';', '|'], StringSplitOptions.RemoveEmptyEntries).Select(Token).Where(token => token.Length > 0).Take(most)];

    /// <inheritdoc/>
    public void Save(SavedInputs saved)
    {
        saved.Write($"{Name}.json", JsonSerializer.Serialize(new SavedAuthors(UserColumn, Most, Known.Ids)) + "\n");
        foreach (var (side, rows) in new[] { ("users", Users), ("items", Items) })
        {
            saved.Tensors[$"{Name}.{side}.offsets"] = tensor(rows.Offsets.ToArray());
            saved.Tensors[$"{Name}.{side}.indexes"] = tensor(rows.Columns.ToArray());
        }
    }

    /// <summary>What <see cref="Save"/> wrote; null where there is nothing.</summary>
    public static AuthorLists? Restore(SavedInputs saved)
    {
        if (saved.Read($"{Name}.json") is not { } text)
        {
            return null;
        }

        var told = JsonSerializer.Deserialize<SavedAuthors>(text)!;
        SparseRows Side(string side) => new(saved.Tensors[$"{Name}.{side}.offsets"].ToValues<int>(), saved.Tensors[$"{Name}.{side}.indexes"].ToValues<int>(), told.Names.Count + 2);
        return new AuthorLists(told.Column, new Vocabulary(told.Names), Side("users"), Side("items"), told.Most);
    }

    private static string Token(string name)
    {
        var parts = name.ToLowerInvariant().Split(',', 2);
        var words = string.Join(' ', parts.Reverse()).Split([' ', '.', '*'], StringSplitOptions.RemoveEmptyEntries); // what follows a comma are first names
        return words.Length < 2 ? string.Concat(words) : $"{words[0][0]} {words[^1]}";
    }

    private static string[][] Names(FeatureColumn? column, int rows, int most) => [.. Enumerable.Range(0, rows).Select(row => column is null ? [] : Names(column.Describe(row), most))];

    private static SparseRows Rows(string[][] names, Vocabulary known) => SparseRows.FromRows(Array.ConvertAll(names, own => Encode(own, known)), known.Count + 2);

    private static int[] Encode(string[] names, Vocabulary known) => Array.ConvertAll(names, name => known.IndexOf(name) is >= 0 and var index ? index + 1 : known.Count + 1);

    private sealed record SavedAuthors(string Column, int Most, IReadOnlyList<string> Names);
}

/// <summary>Which columns name authors.</summary>
/// <param name="Users">The column of users; "" for none.</param>
/// <param name="Items">The column of items; "" for none.</param>
/// <param name="Most">Authors of a list at most, the first ones.</param>
internal sealed record AuthorColumns(string Users, string Items, int Most);

/// <summary>Authors of users and items, fitted as <see cref="AuthorLists"/>; null where the options name no column.</summary>
/// <typeparam name="TOptions">The options of the system.</typeparam>
/// <param name="columns">What the options say.</param>
/// <param name="names">The options that name the columns of users and of items.</param>
internal sealed class AuthorsOf<TOptions>(Func<TOptions, AuthorColumns> columns, (string Users, string Items) names) : IInput
    where TOptions : ModelOptions
{
    /// <inheritdoc/>
    public string? Text => "authors of users and of items";

    /// <inheritdoc/>
    public bool IsRequired => false;

    /// <inheritdoc/>
    public bool IsOfFeatures => true;

    /// <inheritdoc/>
    public IEnumerable<string> Problems(TrainingSet train, ModelOptions options, string system)
    {
        var chosen = columns((TOptions)options);
        foreach (var (side, whose, column, option) in new[] { (FieldSource.User, "users", chosen.Users, names.Users), (FieldSource.Item, "items", chosen.Items, names.Items) })
        {
            var table = FieldSyntax.Table(train.Data, side);
            if (column.Length > 0 && table?.Find(column) is null)
            {
                var others = table?.Columns.Select(other => other.Name).ToList() ?? [];
                yield return $"The {whose} of '{train.Data.Name}' have no column '{column}' that names authors ({option}). {(others.Count == 0 ? "They have no columns: import a file of them, or leave the option out." : $"There is {string.Join(", ", others)}.")}";
            }
        }
    }

    /// <inheritdoc/>
    public IFittedInput? Fit(TrainingSet train, ModelOptions options)
    {
        var chosen = columns((TOptions)options);
        FeatureColumn? Column(FieldSource side, string name) => name.Length == 0 ? null : FieldSyntax.Table(train.Data, side)?.Find(name);
        return chosen is { Users: "", Items: "" } ? null : AuthorLists.Of(train, Column(FieldSource.User, chosen.Users), Column(FieldSource.Item, chosen.Items), chosen.Most);
    }

    /// <inheritdoc/>
    public IFittedInput? Restore(SavedInputs saved) => AuthorLists.Restore(saved);
}
