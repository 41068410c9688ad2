using System.Runtime.InteropServices;
using Tastemaker.Features;
using static TorchSharp.torch;

namespace Tastemaker.Batches;

/// <summary>
/// Rows of features with a label each, in the order of a <see cref="FeatureSchema"/>: an index of every category field, the indexes of
/// many-valued fields as one list of entries, and numbers.
/// </summary>
/// <param name="space">The fields.</param>
/// <param name="capacity">Most rows.</param>
internal sealed class FeatureBatch(FeatureSpace space, int capacity) : Batch
{
    private readonly int categoryCount = space.Schema.Categories.Count;
    private readonly int manyCount = space.Schema.Many.Count;
    private readonly int numberCount = space.Schema.Numbers.Count;
    private readonly int[] categories = new int[capacity * space.Schema.Categories.Count];
    private readonly float[] numbers = new float[capacity * space.Schema.Numbers.Count];
    private readonly List<int> entries = [];
    private readonly List<float> weights = [];
    private readonly List<int> slots = [];

    /// <summary>The label of each row.</summary>
    public float[] LabelBuffer { get; } = new float[capacity];

    /// <summary>The item of each row, for losses that ask which rows share one.</summary>
    public int[] ItemBuffer { get; } = new int[capacity];

    /// <summary>The importance of each row in the loss; 1 unless a source says otherwise.</summary>
    public float[] WeightBuffer { get; } = new float[capacity];

    /// <summary>Indexes of category fields [B, fields], int32; 0 where unknown.</summary>
    public Tensor Categories { get; private set; } = null!;

    /// <summary>Indexes of many-valued fields, all rows and fields in one list [nnz], int32.</summary>
    public Tensor Entries { get; private set; } = null!;

    /// <summary>Row x many-valued fields + field of each entry [nnz], int32.</summary>
    public Tensor EntrySlots { get; private set; } = null!;

    /// <summary>Weight of each entry [nnz].</summary>
    public Tensor EntryWeights { get; private set; } = null!;

    /// <summary>Transformed numbers [B, fields].</summary>
    public Tensor Numbers { get; private set; } = null!;

    /// <summary>Labels [B].</summary>
    public Tensor Labels { get; private set; } = null!;

    /// <summary>Item indexes [B], int32.</summary>
    public Tensor Items { get; private set; } = null!;

    /// <summary>Importance of rows [B].</summary>
    public Tensor Weights { get; private set; } = null!;

    /// <summary>Empties the batch.</summary>
    public void Clear()
    {
        Count = 0;
        entries.Clear();
        weights.Clear();
        slots.Clear();
    }

    /// <summary>Adds a row.</summary>
    /// <param name="parts">Where its parts lie.</param>
    /// <param name="item">Its item.</param>
    /// <param name="label">Its label.</param>
    /// <param name="weight">Its importance.</param>
    /// <param name="without">A field to be left blank, as if its value were missing; null for none.</param>
    public void Add(in RowParts parts, int item, float label, float weight = 1, FeatureField? without = null)
    {
        var row = Count++;
        var own = categories.AsSpan(row * categoryCount, categoryCount);
        space.Reader.Categories(parts, own);
        space.Reader.Numbers(parts, numbers.AsSpan(row * numberCount, numberCount));
        for (var field = 0; field < manyCount; field++)
        {
            if (!ReferenceEquals(space.Schema.Many[field], without))
            {
                space.Reader.Many(parts, field, own, entries, weights);
            }

            while (slots.Count < entries.Count)
            {
                slots.Add((row * manyCount) + field);
            }
        }

        Blank(own, space.Schema.Categories, without);
        Blank(numbers.AsSpan(row * numberCount, numberCount), space.Schema.Numbers, without);
        LabelBuffer[row] = label;
        ItemBuffer[row] = item;
        WeightBuffer[row] = weight;
    }

    /// <inheritdoc/>
    public override void Load(Device device)
    {
        Categories = Ids(categories, Count * categoryCount, device).view(Count, categoryCount);
        Numbers = Floats(numbers, Count * numberCount, device).view(Count, numberCount);
        Entries = Ids(CollectionsMarshal.AsSpan(entries), device);
        EntrySlots = Ids(CollectionsMarshal.AsSpan(slots), device);
        EntryWeights = Floats(CollectionsMarshal.AsSpan(weights), device);
        Labels = Floats(LabelBuffer, Count, device);
        Items = Ids(ItemBuffer, Count, device);
        Weights = Floats(WeightBuffer, Count, device);
    }

    private static void Blank<T>(Span<T> row, IReadOnlyList<FeatureField> fields, FeatureField? without)
        where T : struct
    {
        for (var field = 0; without is not null && field < row.Length; field++)
        {
            row[field] = ReferenceEquals(fields[field], without) ? default : row[field];
        }
    }
}
