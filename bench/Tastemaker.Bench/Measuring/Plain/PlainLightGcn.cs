using Tastemaker.Data;
using Tastemaker.Models.Graph;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Bench.Measuring.Plain;

/// <summary>LightGCN by torch's product of a sparse matrix of all users and items with one table, as the official code has it, and dense Adam.</summary>
internal sealed class PlainLightGcn : PlainLoop
{
    private readonly LightGcnOptions options;
    private readonly int userCount;
    private readonly Tensor graph; // [users + items, users + items]
    private readonly Tensor users;
    private readonly Tensor positives;
    private readonly Tensor negatives;
    private readonly Embedding table;

    public PlainLightGcn(LightGcnOptions options, TrainingSet train, int[] users, int[] positives, int[] negatives)
    {
        (this.options, userCount) = (options, train.UserCount);
        (this.users, this.positives, this.negatives) = (tensor(users, ScalarType.Int64), tensor(positives, ScalarType.Int64), tensor(negatives, ScalarType.Int64));
        table = nn.Embedding(train.UserCount + train.ItemCount, options.Dimension);
        graph = Graph(train.Seen);
    }

    protected override IEnumerable<Parameter> Parameters => table.parameters();

    protected override IEnumerable<Tensor> Batch => [graph, users, positives, negatives];

    protected override Tensor Loss()
    {
        var (layer, sum) = ((Tensor)table.weight!, (Tensor)table.weight!);
        for (var k = 0; k < options.Layers; k++)
        {
            layer = graph.mm(layer);
            sum += layer;
        }

        var final = sum / (options.Layers + 1);
        var (u, own, other) = (final.index_select(0, users), final.index_select(0, positives + userCount), final.index_select(0, negatives + userCount));
        var squares = table.call(users).square().sum() + table.call(positives + userCount).square().sum() + table.call(negatives + userCount).square().sum();
        return nn.functional.softplus((u * other).sum(1) - (u * own).sum(1)).mean() + (options.Regularization / 2 / users.shape[0] * squares);
    }

    private static Tensor Graph(SparseRows seen)
    {
        using var scope = NewDisposeScope();
        var owners = tensor(Enumerable.Range(0, seen.RowCount).SelectMany(user => Enumerable.Repeat((long)user, seen.Length(user))).ToArray());
        var items = tensor(seen.Columns.ToArray(), ScalarType.Int64) + seen.RowCount;
        var size = seen.RowCount + seen.ColumnCount;
        var (rows, columns) = (cat([owners, items]), cat([items, owners]));
        var degrees = bincount(rows, minlength: size).clamp_min(1).to(float32).rsqrt();
        return sparse_coo_tensor(stack([rows, columns]), degrees[rows] * degrees[columns], [size, size]).MoveToOuterDisposeScope();
    }
}
