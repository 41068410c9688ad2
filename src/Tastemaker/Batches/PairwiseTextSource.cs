using Tastemaker.Data;
using Tastemaker.Inputs;
using static TorchSharp.torch;

namespace Tastemaker.Batches;

/// <summary>Users with an item that they chose and one that they did not. Each distinct item is there once, with its text and labels, so that a text is encoded once however often it occurs.</summary>
internal sealed class PairwiseTextBatch : Batch
{
    private readonly List<int> items = [];
    private readonly List<int> labelItems = [];
    private readonly List<int> labels = [];

    /// <summary>The users [B].</summary>
    public int[] UserBuffer { get; private set; } = [];

    /// <summary>The distinct items [D].</summary>
    public IReadOnlyList<int> ItemBuffer => items;

    /// <summary>The texts of the distinct items.</summary>
    public PaddedTexts Texts { get; } = new();

    /// <summary>User indexes [B], int32.</summary>
    public Tensor Users { get; private set; } = null!;

    /// <summary>The distinct items [D], int32.</summary>
    public Tensor Items { get; private set; } = null!;

    /// <summary>Chosen items as places among the distinct items [B], int32.</summary>
    public Tensor Positives { get; private set; } = null!;

    /// <summary>Items not chosen as places among the distinct items [B], int32.</summary>
    public Tensor Negatives { get; private set; } = null!;

    /// <summary>The item of each label, as a place among the distinct items [n], int32.</summary>
    public Tensor LabelItems { get; private set; } = null!;

    /// <summary>The labels [n], int32.</summary>
    public Tensor Labels { get; private set; } = null!;

    private int[] PositiveBuffer { get; set; } = [];

    private int[] NegativeBuffer { get; set; } = [];

    /// <summary>Gathers triples and what belongs to their items.</summary>
    /// <param name="users">The users.</param>
    /// <param name="positives">An item each that they chose.</param>
    /// <param name="negatives">An item each that they did not.</param>
    /// <param name="texts">The texts of all items.</param>
    /// <param name="labelsOfItems">The labels of all items; null for none.</param>
    public void Fill(ReadOnlySpan<int> users, ReadOnlySpan<int> positives, ReadOnlySpan<int> negatives, SparseRows texts, SparseRows? labelsOfItems)
    {
        Count = users.Length;
        items.Clear();
        labelItems.Clear();
        labels.Clear();
        var places = new Dictionary<int, int>();
        (UserBuffer, PositiveBuffer, NegativeBuffer) = (users.ToArray(), Array.ConvertAll(positives.ToArray(), Place), Array.ConvertAll(negatives.ToArray(), Place));
        Texts.Fill(items.Count, place => texts[items[place]]);
        for (var place = 0; labelsOfItems is not null && place < items.Count; place++)
        {
            labels.AddRange(labelsOfItems[items[place]]);
            labelItems.AddRange(Enumerable.Repeat(place, labelsOfItems.Length(items[place])));
        }

        int Place(int item)
        {
            if (places.TryAdd(item, items.Count))
            {
                items.Add(item);
            }

            return places[item];
        }
    }

    /// <inheritdoc/>
    public override void Load(Device device)
    {
        (Users, Items, Positives, Negatives) = (Ids(UserBuffer, device), Ids(items.ToArray(), device), Ids(PositiveBuffer, device), Ids(NegativeBuffer, device));
        (LabelItems, Labels) = (Ids(labelItems.ToArray(), device), Ids(labels.ToArray(), device));
        Texts.Load(device);
    }
}

/// <summary>
/// Users, each alike, with one of their items and one that they lack, drawn uniformly from the items that training users have: a cold item is nobody's negative, for nobody could choose it. An epoch has as many
/// draws as there are pairs.
/// </summary>
/// <param name="train">The pairs.</param>
/// <param name="texts">The texts of items.</param>
/// <param name="labels">The labels of items; null for none.</param>
/// <param name="batchSize">Users per batch.</param>
internal sealed class PairwiseTextSource(TrainingSet train, EntityTexts texts, SparseRows? labels, int batchSize) : IBatchSource<PairwiseTextBatch>
{
    private readonly PairwiseSource triples = new(train, batchSize, visit: PairOrder.UsersAlike, onlyMet: true);
    private readonly bool[] isWarm = Array.ConvertAll(train.Seen.CountColumns(), users => users > 0);
    private readonly BatchPool<PairwiseTextBatch> pool = new(() => new PairwiseTextBatch());

    /// <inheritdoc/>
    public int BatchesAnEpoch => triples.BatchesAnEpoch;

    /// <inheritdoc/>
    public IEnumerable<PairwiseTextBatch> Epoch(SeededRandom random)
    {
        foreach (var drawn in triples.Epoch(random))
        {
            // A user who has all warm items is given a cold one.
            int[] kept = [.. Enumerable.Range(0, drawn.Count).Where(triple => isWarm[drawn.NegativeBuffer[triple]])];
            if (kept.Length > 0)
            {
                var batch = pool.Rent();
                batch.Fill(Of(drawn.UserBuffer), Of(drawn.PositiveBuffer), Of(drawn.NegativeBuffer), texts.Rows, labels);
                yield return batch;
            }

            drawn.Dispose();
            int[] Of(int[] buffer) => Array.ConvertAll(kept, triple => buffer[triple]);
        }
    }
}
