using Tastemaker.Data;

namespace Tastemaker.Features;

/// <summary>
/// A fitted schema with the encoded users and items: all that a model needs to read features, in training and, from the artifact, at serving.
/// Immutable; thread-safe.
/// </summary>
internal sealed class FeatureSpace
{
    /// <summary>A space of encoded users and items.</summary>
    public FeatureSpace(FeatureSchema schema, EncodedFeatures users, EncodedFeatures items, int[] historyIndexes)
    {
        Schema = schema;
        Users = users;
        Items = items;
        HistoryIndexes = historyIndexes;
        Reader = new RowReader(schema);
        Nobody = Unknown(FieldSource.User);
        NoContext = Unknown(FieldSource.Context);
    }

    /// <summary>The fields.</summary>
    public FeatureSchema Schema { get; }

    /// <summary>The users of the vocabulary.</summary>
    public EncodedFeatures Users { get; }

    /// <summary>The items of the vocabulary.</summary>
    public EncodedFeatures Items { get; }

    /// <summary>The index of each item in the history field; 0 for those that are unknown in it. Empty where there is no such field.</summary>
    public int[] HistoryIndexes { get; }

    /// <summary>Puts rows together.</summary>
    public RowReader Reader { get; }

    /// <summary>One row: a user of whom nothing is known.</summary>
    public EncodedFeatures Nobody { get; }

    /// <summary>One row: a context of which nothing is known.</summary>
    public EncodedFeatures NoContext { get; }

    /// <summary>Most items of a history that a field reads; 0 where none does.</summary>
    public int HistoryLength => Schema.Fields.Where(one => one.Source is FieldSource.History).Select(one => one.Last).DefaultIfEmpty(0).Max();

    /// <summary>Encodes the context of rows.</summary>
    /// <exception cref="InputException">A column is missing, or is of another kind than in training.</exception>
    public EncodedFeatures Contexts(Dataset rows) => new FieldEncoder(Schema, FieldSource.Context).Encode(rows.InteractionFeatures, null, rows.Interactions.Count);

    /// <summary>Encodes what requests say of their user (over what is known of it) and of their context.</summary>
    /// <param name="users">User index of each request; -1 for a cold-start user.</param>
    /// <param name="features">Texts by feature name, a request each; null where nothing is said.</param>
    /// <exception cref="InputException">A number is none.</exception>
    public (EncodedFeatures Users, EncodedFeatures Contexts) Requests(ReadOnlySpan<int> users, IReadOnlyList<IReadOnlyDictionary<string, string>?> features)
    {
        var known = users.ToArray();
        var texts = new FeatureTexts(Schema, features);
        var said = new FieldEncoder(Schema, FieldSource.User).Encode(texts.Table(FieldSource.User), null, known.Length);
        return (
            texts.Over(said, Users, known),
            new FieldEncoder(Schema, FieldSource.Context).Encode(texts.Table(FieldSource.Context), null, known.Length));
    }

    private EncodedFeatures Unknown(FieldSource source) => new(
        1,
        new int[Schema.Of(source, FieldKind.Category).Count()],
        [.. Schema.Of(source, FieldKind.Categories).Select(field => new SparseRows([0, 0], [], field.Size, []))],
        new float[Schema.Of(source, FieldKind.Number).Count()]);

    /// <summary>What a row holds in a field, in words: its category, or the first of several; null where it holds none, and for numbers and crosses.</summary>
    public string? InWords(FeatureField field, in RowParts parts)
    {
        const int MostNamed = 3;
        if (field.Vocabulary is not { Buckets: 0 } vocabulary || field.Kind is FieldKind.Number)
        {
            return null;
        }

        var categories = new int[Schema.Categories.Count];
        Reader.Categories(parts, categories);
        var (indexes, weights) = (new List<int>(), new List<float>());
        if (field.Kind is FieldKind.Category)
        {
            indexes.Add(categories[Schema.Categories.ToList().IndexOf(field)]);
        }
        else
        {
            Reader.Many(parts, Schema.Many.ToList().IndexOf(field), categories, indexes, weights);
        }

        string[] known = [.. indexes.Where(index => index > 0).Take(MostNamed).Select(index => vocabulary.Known[index - 1])];
        return known.Length == 0 ? null : string.Join(", ", known);
    }
}
