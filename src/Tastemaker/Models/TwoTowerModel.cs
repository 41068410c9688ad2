using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Features;
using Tastemaker.Inputs;
using Tastemaker.Native;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Scoring;
using Tastemaker.Solvers;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Models;

/// <summary>
/// A system that gives requests and items a vector each: candidate generation. A score is the inner product of the two. What a system says of
/// itself are the vectors and the loss; the vectors of the catalog are computed once after training. Requests of which nothing is known have
/// the vector 0, so that popularity answers them.
/// </summary>
internal abstract class TwoTowerModel : Model
{
    private const int RowsAtOnce = 4096;

    private readonly FieldOptions options;

    /// <summary>A model of the fields of a shape.</summary>
    protected TwoTowerModel(string name, ModelShape shape, FieldOptions options)
        : base(name, shape, options)
    {
        Space = shape.Get<FittedFields>().Space;
        this.options = options;
    }

    /// <inheritdoc/>
    public sealed override EpochPlan Plan => new(options.Epochs);

    /// <inheritdoc/>
    public sealed override Scorer Scorer => field ??= new InnerProduct(VectorLength, hasBiases: false, requests => new Queries(QueryVectors(requests)), () => ItemTable.Of(CatalogVectors(0, Shape.Items)));

    /// <summary>Length of the vectors.</summary>
    public abstract int VectorLength { get; }

    /// <inheritdoc/>
    public override Tensor? ItemVectors => CatalogVectors(0, Shape.Items);

    /// <summary>The fields.</summary>
    protected FeatureSpace Space { get; }

    /// <summary>Vectors of the query side of rows [B, d].</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="ages">See <see cref="RetrievalBatch.Ages"/>; 0 at serving [B].</param>
    public abstract Tensor RequestVectors(FeatureBatch rows, Tensor ages);

    /// <summary>Vectors of some items [count, d].</summary>
    protected abstract Tensor CatalogVectors(int first, int count);

    /// <summary>Whether a field says something about the item of a row, rather than about who asks.</summary>
    /// <exception cref="InputException">The field crosses both: such a number belongs to neither vector.</exception>
    protected static bool IsOfItem(FeatureSchema schema, FeatureField field)
    {
        if (field.Cross is not { } cross)
        {
            return field.Source is FieldSource.Item;
        }

        var ofItem = cross.Fields.Count(part => schema.Fields[part].Source is FieldSource.Item);
        return ofItem == 0 || ofItem == cross.Fields.Count
            ? ofItem > 0
            : throw new InputException($"'{field.Name}' crosses fields of the item with others; where requests and items have a vector each, a cross must belong to one of the two.");
    }

    /// <inheritdoc/>
    public sealed override GradientTraining<RetrievalBatch> Begin(TrainingSet train, TrainingOptions run) => new(this, options, run, Batches(train), Loss);

    /// <summary>The examples it learns from.</summary>
    protected abstract IBatchSource<RetrievalBatch> Batches(TrainingSet train);

    /// <summary>The loss of a batch.</summary>
    public abstract Tensor Loss(RetrievalBatch batch);

    private float[] QueryVectors(RequestBatch requests)
    {
        var queries = new float[requests.Count * VectorLength];
        var rows = new QueryEncoder(Space, requests);
        var batch = new FeatureBatch(Space, Math.Min(RowsAtOnce, requests.Count));
        for (var first = 0; first < requests.Count; first += RowsAtOnce)
        {
            var block = queries.AsSpan(first * VectorLength, Math.Min(RowsAtOnce, requests.Count - first) * VectorLength);
            Fill(block, rows, batch, first);
        }

        return queries;
    }

    private void Fill(Span<float> queries, QueryEncoder rows, FeatureBatch batch, int first)
    {
        using var scope = NewDisposeScope();
        batch.Clear();
        for (var request = first; request < first + (queries.Length / VectorLength); request++)
        {
            batch.Add(rows.With(request, 0), 0, 0);
        }

        var device = parameters().First().device;
        batch.Load(device);
        RequestVectors(batch, zeros(batch.Count, device: device)).CopyValues<float>(queries);
        for (var row = 0; row < batch.Count; row++)
        {
            if (!rows.HasAnything(first + row))
            {
                queries.Slice(row * VectorLength, VectorLength).Clear();
            }
        }
    }
}
