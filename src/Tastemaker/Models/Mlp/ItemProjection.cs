using Tastemaker.Data;
using Tastemaker.Features;
using Tastemaker.Nn;
using static TorchSharp.torch;

namespace Tastemaker.Models.Mlp;

/// <summary>
/// f(x) of CML+F (Hsieh et al. 2017, section 3.3): where an item's features put it. One hidden layer with ReLU and dropout over a sparse row of
/// features. Weights begin normal, of such size that vectors begin well inside the ball whatever the number of features.
/// </summary>
internal sealed class ItemProjection : nn.Module
{
    private const int ItemsAtOnce = 8192;

    private readonly SparseLinear hidden; // fields, because state_dict names parameters by their fields
    private readonly Dense output;
    private readonly SparseRows bags;
    private readonly double dropout;

    /// <summary>A network over the item features of a space.</summary>
    public ItemProjection(FeatureSpace space, int hidden, int dimension, double dropout)
        : base(nameof(ItemProjection))
    {
        EntityBags.Check(space.Schema, FieldSource.Item, "item-fields");
        bags = EntityBags.Of(space, FieldSource.Item, BagScale.UnitLength);
        this.dropout = dropout;
        this.hidden = new SparseLinear(bags.ColumnCount, hidden, Initializers.Normal(1 / Math.Sqrt(hidden)), Initializers.Zeros);
        output = new Dense(hidden, dimension, Initializers.Normal(1 / Math.Sqrt(dimension)));
        RegisterComponents();
    }

    /// <summary>f(x) of some items [n, dimension].</summary>
    public Tensor Forward(ReadOnlySpan<int> items)
    {
        var rows = bags.Gather(items);
        var device = output.Weight.device;
        var active = hidden.Forward(tensor(rows.Columns.ToArray(), device: device), tensor(rows.Offsets.ToArray(), device: device), tensor(rows.Values.ToArray(), device: device)).relu(); // [n, hidden]
        return output.forward(dropout > 0 ? nn.functional.dropout(active, dropout, training) : active);
    }

    /// <summary>Where the features put all items, inside the ball [items, dimension]; without a gradient and without dropout.</summary>
    public Tensor Everything()
    {
        using var grad = no_grad();
        var before = training;
        eval();
        var places = new List<Tensor>();
        for (var first = 0; first < bags.RowCount; first += ItemsAtOnce)
        {
            int[] items = [.. Enumerable.Range(first, Math.Min(ItemsAtOnce, bags.RowCount - first))];
            places.Add(UnitBall.Inside(Forward(items)));
        }

        train(before);
        return cat(places);
    }
}
