using System.Globalization;
using Tastemaker.Data;
using Tastemaker.Data.Features;

namespace Tastemaker.Features;

/// <summary>
/// What requests say in words, as the columns that training read: one category, several separated by |, a number, or a text. What is not said is missing.
/// Names are those of columns, with or without "user." or "context." before them.
/// </summary>
/// <param name="schema">The fields.</param>
/// <param name="requests">Texts by name, a request each; null where nothing is said.</param>
internal sealed class FeatureTexts(FeatureSchema schema, IReadOnlyList<IReadOnlyDictionary<string, string>?> requests)
{
    /// <summary>Names that a schema reads from requests.</summary>
    public static IReadOnlyList<string> Names(FeatureSchema schema) =>
        [.. schema.Fields.Where(field => field is { Source: FieldSource.User or FieldSource.Context, Column: not null }).Select(field => field.Column!).Distinct()];

    /// <summary>Categories that a request names and training did not know, each with the field's column and what it knows.</summary>
    public static IEnumerable<(string Column, string Category, IReadOnlyList<string> Known)> Unknown(FeatureSchema schema, IReadOnlyDictionary<string, string> said)
    {
        var texts = new FeatureTexts(schema, [said]);
        foreach (var field in schema.Fields.Where(field => field is { Source: FieldSource.User or FieldSource.Context, Column: not null, Words: null, Scale: null, Vocabulary.Buckets: 0 }).DistinctBy(field => field.Column))
        {
            var text = texts.Text(0, field);
            var categories = text is null ? [] : field.Kind is FieldKind.Categories ? text.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) : [text];
            foreach (var category in categories.Where(category => field.Vocabulary!.Known.IndexOf(category) < 0))
            {
                yield return (field.Column!, category, field.Vocabulary!.Known.Ids);
            }
        }
    }

    /// <summary>The columns of a source, a row a request.</summary>
    /// <exception cref="InputException">A number is none.</exception>
    public FeatureTable Table(FieldSource source)
    {
        var fields = schema.Fields.Where(field => field.Source == source && field.Column is not null).DistinctBy(field => field.Column);
        return new FeatureTable(requests.Count, [.. fields.Select(Column)]);
    }

    /// <summary>What is said over what is known: a request's user keeps the known fields that the request does not name.</summary>
    /// <param name="said">What <see cref="Table"/> gave, encoded.</param>
    /// <param name="known">The known users.</param>
    /// <param name="users">User index of each request; -1 for a cold-start user.</param>
    public EncodedFeatures Over(EncodedFeatures said, EncodedFeatures known, int[] users)
    {
        var categories = Merge(FieldKind.Category, said.Categories, known.Categories, users);
        var numbers = Merge(FieldKind.Number, said.Numbers, known.Numbers, users);
        var fields = schema.Of(FieldSource.User, FieldKind.Categories).ToList();
        var many = fields.Select((field, place) => Many(field, said.Many[place], known.Many[place], users));
        return new EncodedFeatures(users.Length, categories, [.. many], numbers);
    }

    private T[] Merge<T>(FieldKind kind, T[] said, T[] known, int[] users)
    {
        var fields = schema.Of(FieldSource.User, kind).ToList();
        var merged = said.ToArray();
        for (var request = 0; request < users.Length; request++)
        {
            for (var field = 0; field < fields.Count; field++)
            {
                if (users[request] >= 0 && !Says(request, fields[field]))
                {
                    merged[(request * fields.Count) + field] = known[(users[request] * fields.Count) + field];
                }
            }
        }

        return merged;
    }

    private SparseRows Many(FeatureField field, SparseRows said, SparseRows known, int[] users)
    {
        var (offsets, indexes, weights) = (new int[users.Length + 1], new List<int>(), new List<float>());
        for (var request = 0; request < users.Length; request++)
        {
            var (rows, row) = users[request] >= 0 && !Says(request, field) ? (known, users[request]) : (said, request);
            indexes.AddRange(rows[row]);
            weights.AddRange(rows.RowValues(row));
            offsets[request + 1] = indexes.Count;
        }

        return new SparseRows(offsets, [.. indexes], field.Size, [.. weights]);
    }

    private bool Says(int request, FeatureField field) => field.Column is not null && Text(request, field) is not null;

    private FeatureColumn Column(FeatureField field)
    {
        string?[] texts = [.. Enumerable.Range(0, requests.Count).Select(request => Text(request, field))];
        if (field.Scale is not null)
        {
            return new NumericColumn(field.Column!, Array.ConvertAll(texts, text => Number(field, text)));
        }

        if (field.Words is { IsText: true })
        {
            return new TextColumn(field.Column!, texts);
        }

        var cells = texts.Select(text => text is null ? [] : field.Kind is FieldKind.Categories ? text.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) : [text]).ToList();
        var categories = new Vocabulary(cells.SelectMany(cell => cell).Distinct());
        var offsets = new int[cells.Count + 1];
        for (var row = 0; row < cells.Count; row++)
        {
            offsets[row + 1] = offsets[row] + cells[row].Length;
        }

        return field.Kind is FieldKind.Category
            ? new CategoricalColumn(field.Column!, categories, [.. cells.Select(cell => cell.Length == 0 ? -1 : categories.IndexOf(cell[0]))])
            : new MultiCategoricalColumn(field.Column!, categories, new SparseRows(
                offsets, [.. cells.SelectMany(cell => cell).Select(text => categories.IndexOf(text))], categories.Count));
    }

    private string? Text(int request, FeatureField field)
    {
        foreach (var (name, text) in requests[request] ?? new Dictionary<string, string>())
        {
            if (string.Equals(name, field.Column, StringComparison.OrdinalIgnoreCase) || string.Equals(name, $"{FieldSyntax.Prefix(field.Source)}.{field.Column}", StringComparison.OrdinalIgnoreCase))
            {
                return text;
            }
        }

        return null;
    }

    private static float Number(FeatureField field, string? text) => text is null ? float.NaN
        : float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number
        : throw new InputException($"The feature '{field.Column}' is a number, and '{text}' is none.");
}
