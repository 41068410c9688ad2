using System.Runtime.InteropServices;

namespace Tastemaker.Features;

/// <summary>Puts rows together from their parts, crosses included. Thread-safe.</summary>
internal sealed class RowReader
{
    private readonly FeatureSchema schema;
    private readonly (FieldSource Source, int Place)[] categories;
    private readonly (FieldSource Source, int Place)[] many;
    private readonly (FieldSource Source, int Place)[] numbers;
    private readonly (bool IsMany, int Place)[][] categoryCrosses;
    private readonly (bool IsMany, int Place)[][] manyCrosses;

    /// <summary>A reader of rows of a schema.</summary>
    public RowReader(FeatureSchema schema)
    {
        this.schema = schema;
        categories = Places(FieldKind.Category, schema.Categories);
        many = Places(FieldKind.Categories, schema.Many);
        numbers = Places(FieldKind.Number, schema.Numbers);
        categoryCrosses = [.. schema.Categories.Select(Crossed)];
        manyCrosses = [.. schema.Many.Select(Crossed)];
    }

    /// <summary>Fills the indexes of all category fields of a row.</summary>
    public void Categories(in RowParts parts, Span<int> indexes)
    {
        for (var field = 0; field < categories.Length; field++)
        {
            if (categories[field].Source is not FieldSource.Cross)
            {
                var (rows, row) = parts.Of(categories[field].Source);
                indexes[field] = rows.CategoriesOf(row)[categories[field].Place];
            }
        }

        Span<int> crossed = stackalloc int[8];
        for (var field = 0; field < categories.Length; field++)
        {
            if (categories[field].Source is FieldSource.Cross)
            {
                var of = categoryCrosses[field];
                for (var part = 0; part < of.Length; part++)
                {
                    crossed[part] = indexes[of[part].Place];
                }

                indexes[field] = schema.Categories[field].Cross!.IndexOf(crossed[..of.Length]);
            }
        }
    }

    /// <summary>Fills the numbers of a row.</summary>
    public void Numbers(in RowParts parts, Span<float> values)
    {
        for (var field = 0; field < numbers.Length; field++)
        {
            var (rows, row) = parts.Of(numbers[field].Source);
            values[field] = rows.NumbersOf(row)[numbers[field].Place];
        }
    }

    /// <summary>Adds the indexes and weights of a many-valued field of a row to two lists.</summary>
    /// <param name="parts">The row.</param>
    /// <param name="field">Place among the many-valued fields.</param>
    /// <param name="rowCategories">What <see cref="Categories"/> gave.</param>
    /// <param name="indexes">Receives indexes.</param>
    /// <param name="weights">Receives as many weights.</param>
    public void Many(in RowParts parts, int field, ReadOnlySpan<int> rowCategories, List<int> indexes, List<float> weights)
    {
        switch (many[field].Source)
        {
            case FieldSource.History:
                AddHistory(parts.History, schema.Many[field], indexes, weights);
                break;
            case FieldSource.Cross:
                AddCombinations(parts, field, rowCategories, indexes, weights);
                break;
            default:
                var (rows, row) = parts.Of(many[field].Source);
                indexes.AddRange(rows.Many[many[field].Place][row]);
                weights.AddRange(rows.Many[many[field].Place].RowValues(row));
                break;
        }
    }

    private static void AddHistory(ReadOnlySpan<int> history, FeatureField field, List<int> indexes, List<float> weights)
    {
        var newest = history.Length > field.Last ? history[^field.Last..] : history;
        var known = newest.Length - newest.Count(0);
        foreach (var item in newest)
        {
            if (item > 0)
            {
                indexes.Add(item);
                weights.Add(field.IsMean ? 1f / known : 1);
            }
        }
    }

    // All combinations of active values, each counting 1; the row's category fields have one active value each.
    private void AddCombinations(in RowParts parts, int field, ReadOnlySpan<int> rowCategories, List<int> indexes, List<float> weights)
    {
        var of = manyCrosses[field];
        var active = new int[of.Length][];
        for (var part = 0; part < of.Length; part++)
        {
            active[part] = of[part].IsMany ? ActiveOf(parts, of[part].Place, rowCategories) : [rowCategories[of[part].Place]];
            if (active[part].Length == 0)
            {
                return;
            }
        }

        var cross = schema.Many[field].Cross!;
        Span<int> chosen = stackalloc int[8];
        Span<int> places = stackalloc int[8];
        places.Clear();
        while (true)
        {
            for (var part = 0; part < of.Length; part++)
            {
                chosen[part] = active[part][places[part]];
            }

            if (cross.IndexOf(chosen[..of.Length]) is > 0 and var index)
            {
                indexes.Add(index);
                weights.Add(1);
            }

            var turning = of.Length - 1;
            while (turning >= 0 && ++places[turning] == active[turning].Length)
            {
                places[turning--] = 0;
            }

            if (turning < 0)
            {
                return;
            }
        }
    }

    private int[] ActiveOf(in RowParts parts, int field, ReadOnlySpan<int> rowCategories)
    {
        var (indexes, weights) = (new List<int>(), new List<float>());
        Many(parts, field, rowCategories, indexes, weights);
        return CollectionsMarshal.AsSpan(indexes).ToArray();
    }

    private (FieldSource Source, int Place)[] Places(FieldKind kind, IReadOnlyList<FeatureField> fields) =>
        [.. fields.Select(field => (field.Source, schema.Of(field.Source, kind).ToList().IndexOf(field)))];

    private (bool IsMany, int Place)[] Crossed(FeatureField field) => field.Cross is null ? [] :
    [
        .. field.Cross.Fields.Select(place => schema.Fields[place]).Select(part => part.Kind is FieldKind.Category
            ? (false, schema.Categories.ToList().IndexOf(part))
            : (true, schema.Many.ToList().IndexOf(part))),
    ];
}
