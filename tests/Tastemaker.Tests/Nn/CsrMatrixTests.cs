using Tastemaker.Data;
using Tastemaker.Nn;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Nn;

public class CsrMatrixTests
{
    [Theory]
    [InlineData(5, 4, 3, 0.5)]
    [InlineData(1, 1, 1, 1.0)]
    [InlineData(7, 3, 17, 0.1)]
    [InlineData(400, 300, 64, 0.05)]
    public void Products_and_their_gradients_are_those_of_the_dense_matrix(int rows, int columns, int width, double density)
    {
        using var scope = NewDisposeScope();
        var (sparse, dense) = Random(rows, columns, density);
        var (table, other) = (randn(columns, width, requires_grad: true), randn(rows, width, requires_grad: true));
        var (weight, otherWeight) = (randn(rows, width), randn(columns, width));

        ((sparse.Times(table) * weight).sum() + (sparse.Transpose.Times(other) * otherWeight).sum()).backward();

        sparse.Times(table).allclose(dense.matmul(table), 1e-4, 1e-4).ShouldBeTrue();
        sparse.Transpose.Times(other).allclose(dense.t().matmul(other), 1e-4, 1e-4).ShouldBeTrue();
        table.grad!.allclose(dense.t().matmul(weight), 1e-4, 1e-4).ShouldBeTrue();
        other.grad!.allclose(dense.matmul(otherWeight), 1e-4, 1e-4).ShouldBeTrue();
        sparse.Transpose.Transpose.ShouldBeSameAs(sparse);
        sparse.Times(table.to(float64)).allclose(dense.matmul(table).to(float64), 1e-4, 1e-4).ShouldBeTrue(); // the way without a kernel
        sparse.Dispose();
    }

    [Fact]
    public void Rows_without_entries_are_0_also_at_both_ends()
    {
        using var scope = NewDisposeScope();
        var rows = new SparseRows([0, 0, 0, 2, 2, 3, 3], [0, 1, 1], 2);
        var product = new CsrMatrix(rows, [1, 2, 3]).Times(tensor([1f, 10f], [2, 1]));

        product.data<float>().ToArray().ShouldBe([0, 0, 21, 0, 30, 0]);
    }

    [Fact]
    public void The_values_of_rows_are_the_entries_and_rows_without_values_are_refused()
    {
        using var scope = NewDisposeScope();
        var rows = new SparseRows([0, 1, 3], [1, 0, 1], 2, [2, 3, 4]);

        new CsrMatrix(rows).Times(tensor([1f, 10f], [2, 1])).data<float>().ToArray().ShouldBe([20, 43]);
        new CsrMatrix(rows).Transpose.Times(tensor([1f, 10f], [2, 1])).data<float>().ToArray().ShouldBe([30, 42]);
        new CsrMatrix(rows, [1, 1, 1]).Times(tensor([1f, 10f], [2, 1])).data<float>().ToArray().ShouldBe([10, 11]);
        Should.Throw<ArgumentException>(() => new CsrMatrix(new SparseRows([0, 1], [0], 1)));
    }

    [Fact]
    public void Products_do_not_depend_on_the_number_of_threads()
    {
        using var scope = NewDisposeScope();
        var (sparse, _) = Random(500, 400, 0.1);
        var table = randn(400, 33);
        var threads = get_num_threads();
        try
        {
            set_num_threads(1);
            var one = sparse.Times(table);
            set_num_threads(4);
            sparse.Times(table).Equals(one).ShouldBeTrue();
        }
        finally
        {
            set_num_threads(threads);
        }
    }

    private static (CsrMatrix Sparse, Tensor Dense) Random(int rows, int columns, double density)
    {
        var random = new SeededRandom(3);
        List<int>[] entries = [.. Enumerable.Range(0, rows).Select(_ => Enumerable.Range(0, columns).Where(_ => random.NextDouble() < density).ToList())];
        var pattern = SparseRows.FromRows(entries, columns);
        float[] weights = [.. Enumerable.Range(0, pattern.EntryCount).Select(_ => (float)random.NextDouble() - 0.3f)];
        var dense = new float[rows * columns];
        for (var row = 0; row < rows; row++)
        {
            for (var entry = pattern.Offsets[row]; entry < pattern.Offsets[row + 1]; entry++)
            {
                dense[(row * columns) + pattern.Columns[entry]] = weights[entry];
            }
        }

        return (new CsrMatrix(pattern, weights), tensor(dense, [rows, columns]));
    }
}
