using Tastemaker.Nn;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Nn;

public sealed class SparseLinearTests
{
    private static readonly int[] Columns = [0, 3, 4, 1, 4];
    private static readonly int[] Offsets = [0, 3, 3, 5];
    private static readonly float[] Values = [0.5f, -1f, 2f, 1f, 3f];

    private static Tensor Dense => tensor(new float[,] { { 0.5f, 0, 0, -1, 2 }, { 0, 0, 0, 0, 0 }, { 0, 1, 0, 0, 3 } });

    [Fact]
    public void Equals_the_dense_product_in_output_and_gradients()
    {
        using var scope = NewDisposeScope();
        using var layer = Layer();
        var target = randn(3, 2);
        var sparse = layer.Forward(tensor(Columns), tensor(Offsets), tensor(Values));
        (sparse * target).sum().backward();

        var weight = layer.Weight.detach().clone().requires_grad_();
        var bias = layer.Bias.detach().clone().requires_grad_();
        var dense = Dense.matmul(weight) + bias;
        (dense * target).sum().backward();

        sparse.ShouldBeClose(dense);
        layer.Weight.grad!.ShouldBeClose(weight.grad!);
        layer.Bias.grad!.ShouldBeClose(bias.grad!);
    }

    [Fact]
    public void An_empty_row_gives_the_bias()
    {
        using var scope = NewDisposeScope();
        using var layer = Layer();
        layer.Forward(tensor(Columns), tensor(Offsets), tensor(Values))[1].ShouldBeClose(layer.Bias);
        layer.Forward(tensor(Array.Empty<int>()), tensor(new[] { 0, 0 }), tensor(Array.Empty<float>()))[0].ShouldBeClose(layer.Bias);
    }

    [Fact]
    public void Repeated_columns_add_up_in_any_order()
    {
        using var scope = NewDisposeScope();
        using var layer = Layer();
        var twice = layer.Forward(tensor(new[] { 2, 1, 2 }), tensor(new[] { 0, 3 }), tensor(new[] { 1f, 5f, 3f }));
        var once = layer.Forward(tensor(new[] { 1, 2 }), tensor(new[] { 0, 2 }), tensor(new[] { 5f, 4f }));
        twice.ShouldBeClose(once);
    }

    [Fact]
    public void Rows_do_not_depend_on_the_batch_they_are_in()
    {
        using var scope = NewDisposeScope();
        using var layer = Layer();
        var all = layer.Forward(tensor(Columns), tensor(Offsets), tensor(Values));
        var last = layer.Forward(tensor(Columns[3..]), tensor(new[] { 0, 2 }), tensor(Values[3..]));
        last[0].ShouldBeClose(all[2], 1e-6);
    }

    [Fact]
    public void A_tower_on_sparse_rows_is_the_tower_on_dense_rows()
    {
        using var scope = NewDisposeScope();
        using var tower = new SparseTower(5, [4, 3], x => x.tanh(), activatesLast: false, Initializers.GlorotUniform, Initializers.Normal(0.1));
        var weights = tower.Weights.ToArray();
        var biases = tower.named_parameters().Where(parameter => parameter.parameter.dim() == 1).Select(parameter => parameter.parameter).ToArray();
        var dense = (Dense.matmul(weights[0]) + biases[0]).tanh().matmul(weights[1].t()) + biases[1];
        tower.Forward(tensor(Columns), tensor(Offsets), tensor(Values)).ShouldBeClose(dense);
    }

    private static SparseLinear Layer() => new(5, 2, Initializers.GlorotUniform, Initializers.Normal(0.1));
}
