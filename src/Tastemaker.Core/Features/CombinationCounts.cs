using System.Runtime.InteropServices;

namespace Tastemaker.Features;

/// <summary>Counts the combinations of the fields of a cross in rows.</summary>
/// <param name="space">The fields without crosses.</param>
/// <param name="cross">The cross, not yet listed.</param>
/// <param name="counts">Receives rows by key.</param>
internal sealed class CombinationCounts(FeatureSpace space, CrossVocabulary cross, Dictionary<ulong, int> counts)
{
    private readonly int[] categories = new int[space.Schema.Categories.Count];
    private readonly int[] places = [.. cross.Fields.Select(field => Place(space.Schema, space.Schema.Fields[field]))];
    private readonly bool[] isMany = [.. cross.Fields.Select(field => space.Schema.Fields[field].Kind is FieldKind.Categories)];
    private readonly List<int>[] active = [.. cross.Fields.Select(_ => new List<int>())];
    private readonly List<float> weights = [];
    private readonly int[] chosen = new int[cross.Fields.Count];

    /// <summary>Counts the combinations of a row.</summary>
    public void Add(in RowParts parts)
    {
        space.Reader.Categories(parts, categories);
        for (var part = 0; part < active.Length; part++)
        {
            active[part].Clear();
            if (isMany[part])
            {
                space.Reader.Many(parts, places[part], categories, active[part], weights);
            }
            else
            {
                active[part].Add(categories[places[part]]);
            }
        }

        weights.Clear();
        Combine(0);
    }

    private void Combine(int part)
    {
        if (part == active.Length)
        {
            if (!chosen.AsSpan().Contains(0))
            {
                CollectionsMarshal.GetValueRefOrAddDefault(counts, cross.Key(chosen), out _)++;
            }

            return;
        }

        foreach (var index in active[part])
        {
            chosen[part] = index;
            Combine(part + 1);
        }
    }

    private static int Place(FeatureSchema schema, FeatureField field) =>
        (field.Kind is FieldKind.Category ? schema.Categories : schema.Many).ToList().IndexOf(field);
}
