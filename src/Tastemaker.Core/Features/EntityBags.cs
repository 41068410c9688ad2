using Tastemaker.Data;

namespace Tastemaker.Features;

/// <summary>All features of a user or an item as one sparse row: fields side by side, what is unknown left out.</summary>
internal static class EntityBags
{
    /// <summary>A row a user or an item; its columns are those of all fields, one field after the other.</summary>
    /// <param name="space">The encoded features.</param>
    /// <param name="source">Users or items.</param>
    /// <param name="scale">What each row is divided by.</param>
    public static SparseRows Of(FeatureSpace space, FieldSource source, BagScale scale)
    {
        var encoded = source is FieldSource.User ? space.Users : space.Items;
        var (offsets, columns, values) = (new int[encoded.RowCount + 1], new List<int>(), new List<float>());
        for (var row = 0; row < encoded.RowCount; row++)
        {
            Add(space.Schema, source, encoded, row, columns, values);
            Divide(values, offsets[row], scale);
            offsets[row + 1] = values.Count;
        }

        return new SparseRows(offsets, [.. columns], Width(space, source), [.. values]);
    }

    /// <summary>Number of columns; at least 1.</summary>
    public static int Width(FeatureSpace space, FieldSource source) =>
        Math.Max(1, space.Schema.Fields.Where(field => field.Source == source).Sum(Width));

    /// <summary>Refuses fields that are no features of the source.</summary>
    /// <param name="schema">The fields.</param>
    /// <param name="source">Users or items.</param>
    /// <param name="option">The option that names the fields, for the message.</param>
    /// <exception cref="InputException">A field is of another source, or an identifier.</exception>
    public static void Check(FeatureSchema schema, FieldSource source, string option)
    {
        var odd = schema.Fields.Where(field => field.Source != source || field.IsIdentifier).Select(field => field.Name).ToList();
        if (odd.Count > 0)
        {
            var (whose, example) = source is FieldSource.User ? ("users", "user.age") : ("items", "item.genres");
            throw new InputException(
                $"{option}: {string.Join(", ", odd)} {(odd.Count == 1 ? "is no feature" : "are no features")} of {whose}."
                + $" Name columns of the features of {whose}, such as {example}.");
        }
    }

    private static void Add(FeatureSchema schema, FieldSource source, EncodedFeatures rows, int row, List<int> columns, List<float> values)
    {
        var start = 0;
        foreach (var (place, field) in schema.Of(source, FieldKind.Category).Index())
        {
            Put(rows.CategoriesOf(row)[place] - 1, 1);
            start += Width(field);
        }

        foreach (var (place, field) in schema.Of(source, FieldKind.Categories).Index())
        {
            var many = rows.Many[place];
            for (var entry = 0; entry < many.Length(row); entry++)
            {
                Put(many[row][entry] - 1, many.RowValues(row)[entry]);
            }

            start += Width(field);
        }

        foreach (var (place, field) in schema.Of(source, FieldKind.Number).Index())
        {
            Put(0, rows.NumbersOf(row)[place]);
            start += Width(field);
        }

        void Put(int column, float value)
        {
            if (column >= 0 && value != 0)
            {
                columns.Add(start + column);
                values.Add(value);
            }
        }
    }

    private static void Divide(List<float> values, int first, BagScale scale)
    {
        var by = scale switch
        {
            BagScale.UnitLength => MathF.Sqrt(values.Skip(first).Sum(value => value * value)),
            BagScale.Maximum => values.Skip(first).Select(MathF.Abs).DefaultIfEmpty(1).Max(),
            BagScale.Sum => values.Skip(first).Sum() is var sum and not 0 ? sum : 1,
            _ => 1,
        };
        for (var entry = first; entry < values.Count; entry++)
        {
            values[entry] /= by;
        }
    }

    // Without the index of what is unknown.
    private static int Width(FeatureField field) => field.Kind is FieldKind.Number ? 1 : field.Size - 1;
}
