using Tastemaker.Data;
using Tastemaker.Features;

namespace Tastemaker.Models.Mlp;

/// <summary>All features of an item as one sparse row of length 1 in the Euclidean sense: fields side by side, what is unknown left out.</summary>
internal static class ItemBags
{
    /// <summary>A row an item; its columns are those of all fields, one field after the other.</summary>
    /// <exception cref="InputException">A field is none of items' features.</exception>
    public static SparseRows Of(FeatureSpace space)
    {
        Check(space.Schema);
        var (offsets, columns, values) = (new int[space.Items.RowCount + 1], new List<int>(), new List<float>());
        var width = Math.Max(1, space.Schema.Fields.Sum(Width));
        for (var item = 0; item < space.Items.RowCount; item++)
        {
            Add(space, item, columns, values);
            var norm = MathF.Sqrt(values.Skip(offsets[item]).Sum(value => value * value));
            for (var entry = offsets[item]; entry < values.Count; entry++)
            {
                values[entry] /= norm;
            }

            offsets[item + 1] = values.Count;
        }

        return new SparseRows(offsets, [.. columns], width, [.. values]);
    }

    private static void Add(FeatureSpace space, int item, List<int> columns, List<float> values)
    {
        var start = 0;
        foreach (var (place, field) in space.Schema.Categories.Index())
        {
            Put(space.Items.CategoriesOf(item)[place] - 1, 1);
            start += Width(field);
        }

        foreach (var (place, field) in space.Schema.Many.Index())
        {
            var rows = space.Items.Many[place];
            for (var entry = 0; entry < rows.Length(item); entry++)
            {
                Put(rows[item][entry] - 1, rows.RowValues(item)[entry]);
            }

            start += Width(field);
        }

        foreach (var (place, field) in space.Schema.Numbers.Index())
        {
            Put(0, space.Items.NumbersOf(item)[place]);
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

    // Without the index of what is unknown.
    private static int Width(FeatureField field) => field.Kind is FieldKind.Number ? 1 : field.Size - 1;

    private static void Check(FeatureSchema schema)
    {
        var odd = schema.Fields.Where(field => field.Source is not FieldSource.Item || field.IsIdentifier).Select(field => field.Name).ToList();
        if (odd.Count > 0)
        {
            throw new InputException($"item-fields: {string.Join(", ", odd)} {(odd.Count == 1 ? "is no feature" : "are no features")} of items. Name columns of the item features, such as item.genres.");
        }
    }
}
