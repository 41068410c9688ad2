using System.Text.RegularExpressions;
using Tastemaker.Data;
using Tastemaker.Naming;

namespace Tastemaker.Recommending;

/// <summary>
/// Finds items as people name them: by id, by title, by title without case, year or inverted article ("matrix", "The Matrix" and
/// "Matrix, The (1999)" are one), by a beginning or a part of the title that only one item has. Items without a title go by their id as others by their title.
/// </summary>
internal sealed partial class ItemFinder(Vocabulary items, string?[]? titles)
{
    private const int MostListed = 8;

    private readonly Lazy<string[]> normal = new(() => [.. items.Ids.Select((id, item) => titles?[item] is { } title ? Normalize(title) : id.ToLowerInvariant())]);

    /// <summary>The indexes of the items that texts name, in order.</summary>
    /// <exception cref="InputException">Some match no item, or several: all such texts at once.</exception>
    public int[] FindAll(IEnumerable<string> texts)
    {
        var found = new List<int>();
        var problems = new List<string>();
        foreach (var text in texts)
        {
            var matches = Matches(text);
            if (matches.Count == 1)
            {
                found.Add(matches[0]);
            }
            else
            {
                problems.Add(matches.Count == 0
                    ? $"No item has the id{(titles is null ? "" : " or title")} '{text}'.{Suggestion(text)}"
                    : $"'{text}' could be any of {matches.Count} items: {Listing(matches)}. Give {(titles is null ? "the whole id" : "the id or more of the title")}.");
            }
        }

        return problems.Count == 0 ? [.. found] : throw new InputException(problems);
    }

    /// <summary>
    /// The items of a comma-separated list. Titles may hold commas themselves: the longest run of pieces that is one id or title wins.
    /// </summary>
    /// <exception cref="InputException">Some match no item, or several.</exception>
    public int[] FindList(string list)
    {
        var pieces = list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var texts = new List<string>();
        for (var start = 0; start < pieces.Length;)
        {
            var length = pieces.Length - start;
            while (length > 1 && WholeMatches(string.Join(", ", pieces, start, length)).Count == 0)
            {
                length--;
            }

            texts.Add(string.Join(", ", pieces, start, length));
            start += length;
        }

        return FindAll(texts);
    }

    /// <summary>" Did you mean ...?" with the id or title nearest to a text, or nothing.</summary>
    public string Suggestion(string text)
    {
        var matches = Matches(text);
        if (matches.Count > 0)
        {
            return $" Did you mean {Listing(matches)}?";
        }

        var nearest = NearestName.Of(Normalize(text), normal.Value.Concat(items.Ids));
        var item = nearest is null ? -1 : Array.IndexOf(normal.Value, nearest) is >= 0 and var byTitle ? byTitle : items.IndexOf(nearest);
        return item < 0 ? "" : $" Did you mean {Describe(item)}?";
    }

    private List<int> Matches(string text)
    {
        var whole = WholeMatches(text);
        if (whole.Count > 0 || text.Length == 0)
        {
            return whole;
        }

        var wanted = Normalize(text);
        var beginnings = Where(title => title.StartsWith(wanted, StringComparison.Ordinal));
        return beginnings.Count > 0 ? beginnings : Where(title => title.Contains(wanted, StringComparison.Ordinal));
    }

    private List<int> WholeMatches(string text)
    {
        if (items.IndexOf(text) is >= 0 and var item)
        {
            return [item];
        }

        foreach (var comparison in new[] { StringComparison.Ordinal, StringComparison.OrdinalIgnoreCase })
        {
            var same = Enumerable.Range(0, titles?.Length ?? 0).Where(index => string.Equals(titles![index], text, comparison)).ToList();
            if (same.Count > 0)
            {
                return same;
            }
        }

        var wanted = Normalize(text);
        return Where(title => title == wanted);
    }

    private List<int> Where(Func<string, bool> matches) =>
        [.. Enumerable.Range(0, normal.Value.Length).Where(index => matches(normal.Value[index]))];

    private string Listing(List<int> matches) =>
        string.Join("; ", matches.Take(MostListed).Select(Describe)) + (matches.Count > MostListed ? $" and {matches.Count - MostListed} more" : "");

    private string Describe(int item) => titles?[item] is { } title ? $"'{title}' (id {items[item]})" : $"'{items[item]}'";

    private static string Normalize(string title)
    {
        var text = Year().Replace(title.Trim(), "").ToLowerInvariant();
        var match = InvertedArticle().Match(text);
        return match.Success ? $"{match.Groups[2].Value} {match.Groups[1].Value}" : text;
    }

    [GeneratedRegex(@"\s*\(\d{4}\)$")]
    private static partial Regex Year();

    [GeneratedRegex(@"^(.+), (the|a|an|la|le|les|il|el|der|die|das)$")]
    private static partial Regex InvertedArticle();
}
