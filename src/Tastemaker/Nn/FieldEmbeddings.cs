using Tastemaker.Batches;
using Tastemaker.Features;
using static TorchSharp.torch;

namespace Tastemaker.Nn;

/// <summary>
/// One vector a field of a row: e_f = sum of x_i V_i over the active features of the field. A category field has one feature with x = 1, a
/// many-valued one several with their weights (an empty one gives 0), a number field one with x the number. The vector of unknown categories (index 0
/// of a field) begins at 0: where no training row has one it has no gradient and stays there, so that an unknown category adds nothing rather
/// than noise.
/// </summary>
internal sealed class FieldEmbeddings : nn.Module<FeatureBatch, Tensor>
{
    private readonly EmbeddingTable table; // all fields' vectors, field after field
    private readonly long[]? categoryPlaces; // which of the schema's fields; null for all
    private readonly long[]? manyPlaces;
    private readonly long[]? numberPlaces;
    private readonly int[] categoryStarts; // where each field begins in the table
    private readonly int[] manyStarts; // of all many-valued fields
    private readonly int[] numberRows;
    private readonly bool zeroUnknown;

    /// <summary>A layer over some fields of a schema.</summary>
    /// <param name="schema">The fields.</param>
    /// <param name="dimension">Length of a vector.</param>
    /// <param name="initialize">Fills the vectors of a space of the table [features, dimension] in place, space after space.</param>
    /// <param name="fields">Which of the schema's visible fields; null for all.</param>
    /// <param name="shareSpaces">Whether fields of one space (the item and the history) share their vectors.</param>
    /// <param name="zeroUnknown">Whether unknown categories have the vector 0, without a gradient.</param>
    public FieldEmbeddings(
        FeatureSchema schema, int dimension, Action<Tensor> initialize, Predicate<FeatureField>? fields = null, bool shareSpaces = false, bool zeroUnknown = false)
        : base(nameof(FieldEmbeddings))
    {
        this.zeroUnknown = zeroUnknown;
        Fields = [.. schema.Visible.Where(field => fields is null || fields(field))];
        var starts = new Dictionary<string, int>();
        var sizes = new List<long>();
        var unknown = new List<long>(); // rows of unknown categories
        var rows = 0;
        foreach (var field in Fields)
        {
            if (starts.TryAdd(Key(field), rows))
            {
                sizes.Add(field.Kind is FieldKind.Number ? 1 : field.Size);
                if (field.Kind is not FieldKind.Number)
                {
                    unknown.Add(rows);
                }

                rows += (int)sizes[^1];
            }
        }

        Dimension = dimension;
        long[] parts = sizes.Count == 0 ? [1] : [.. sizes];
        table = new EmbeddingTable(parts.Sum(), dimension, weights => Fill(weights, parts, unknown, initialize));
        (categoryPlaces, categoryStarts) = (Places(schema.Categories), [.. schema.Categories.Where(Fields.Contains).Select(Start)]);
        (manyPlaces, manyStarts) = (Places(schema.Many), [.. schema.Many.Select(Start)]);
        (numberPlaces, numberRows) = (Places(schema.Numbers), [.. schema.Numbers.Where(Fields.Contains).Select(Start)]);
        RegisterComponents();

        int Start(FeatureField field) => starts.GetValueOrDefault(Key(field));

        // Fields of one space that are listed or hashed in another way have other indexes for the same things, and share nothing.
        string Key(FeatureField field) => shareSpaces ? $"{field.Space} {field.Size}" : field.Name;
    }

    /// <summary>The fields, in the order of the vectors.</summary>
    public IReadOnlyList<FeatureField> Fields { get; }

    /// <summary>Length of a vector.</summary>
    public int Dimension { get; }

    /// <summary>The vectors of all fields [features, dimension].</summary>
    public EmbeddingTable Table => table;

    /// <summary>The vectors of rows [B, fields, dimension].</summary>
    public override Tensor forward(FeatureBatch batch)
    {
        var parts = new List<Tensor>(3);
        if (categoryStarts.Length > 0)
        {
            var chosen = Choose(batch.Categories, categoryPlaces);
            var vectors = table.forward(chosen + tensor(categoryStarts, device: chosen.device)); // [B, S, k]
            parts.Add(zeroUnknown ? vectors * chosen.ne(0).unsqueeze(2) : vectors);
        }

        if (manyStarts.Length > 0 && manyPlaces?.Length != 0)
        {
            parts.Add(Choose(Sums(batch), manyPlaces)); // [B, M, k]
        }

        if (numberRows.Length > 0)
        {
            var rows = table.forward(tensor(numberRows, device: batch.Numbers.device));
            parts.Add(Choose(batch.Numbers, numberPlaces).unsqueeze(2) * rows.unsqueeze(0)); // [B, N, k]
        }

        return parts.Count switch
        {
            0 => zeros([batch.Count, 0, Dimension], device: table.Weight.device),
            1 => parts[0],
            _ => cat(parts, 1),
        };
    }

    /// <summary>The sum of squares of each row's x [B]: 1 for each category field, the weights of many-valued fields, and numbers.</summary>
    public Tensor SquaredLengths(FeatureBatch batch)
    {
        var squares = full(batch.Count, categoryStarts.Length, device: table.Weight.device);
        if (manyStarts.Length > 0 && manyPlaces?.Length != 0)
        {
            var fields = manyStarts.Length;
            var sums = RowSums.Of(batch.EntrySlots.to_type(ScalarType.Int64), batch.EntryWeights.square().unsqueeze(1), batch.Count * (long)fields);
            squares += Choose(sums.view(batch.Count, fields), manyPlaces).sum(1);
        }

        return numberRows.Length > 0 ? squares + Choose(batch.Numbers, numberPlaces).square().sum(1) : squares;
    }

    private static void Fill(Tensor weights, long[] sizes, List<long> unknown, Action<Tensor> initialize)
    {
        foreach (var part in weights.split(sizes))
        {
            initialize(part);
        }

        foreach (var row in unknown)
        {
            weights[row].zero_();
        }
    }

    // Many-valued fields that are not chosen are summed with the rest, from wherever their entries point to, and then left out.
    private Tensor Sums(FeatureBatch batch)
    {
        var slots = batch.EntrySlots.to_type(ScalarType.Int64);
        var starts = tensor(manyStarts, device: slots.device).index_select(0, slots.remainder(manyStarts.Length));
        var vectors = table.forward((batch.Entries + starts).clamp_max(table.Rows - 1)) * batch.EntryWeights.unsqueeze(1); // [nnz, k]
        return RowSums.Of(slots, vectors, batch.Count * (long)manyStarts.Length).view(batch.Count, manyStarts.Length, Dimension);
    }

    private static Tensor Choose(Tensor columns, long[]? places) => places is null ? columns : columns.index_select(1, tensor(places, device: columns.device));

    private long[]? Places(IReadOnlyList<FeatureField> of)
    {
        long[] chosen = [.. Enumerable.Range(0, of.Count).Where(place => Fields.Contains(of[place])).Select(place => (long)place)];
        return chosen.Length == of.Count ? null : chosen;
    }
}
