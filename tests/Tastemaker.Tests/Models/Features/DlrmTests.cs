using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Models.Modern;
using Tastemaker.Nn;
using Tastemaker.Tests.Nn;
using TorchSharp;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Models.Features;

public sealed class DlrmTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly Dataset data = Rows.Data();

    public void Dispose() => scope.Dispose();

    [Theory]
    [InlineData(true, false, 4 + 15)]
    [InlineData(true, true, 4 + 21)]
    [InlineData(false, false, 6 * 4)]
    public void The_top_reads_the_numbers_vector_and_one_number_a_pair(bool interactions, bool self, int inputs)
    {
        // The numbers' vector and user, item, parity, hour, tags: six.
        using var model = new Dlrm(Rows.Shape(data), new DlrmOptions { Dimension = 4, Interactions = interactions, SelfInteractions = self });

        model.state_dict()["top.layers.0.weight"].shape[1].ShouldBe(inputs);
    }

    [Fact]
    public void Without_numbers_there_is_no_bottom()
    {
        using var model = new Dlrm(Rows.Shape(data, "user", "item", "hour"), new DlrmOptions { Dimension = 4 });

        model.state_dict().Keys.ShouldAllBe(name => !name.StartsWith("bottom"));
        model.state_dict()["top.layers.0.weight"].shape[1].ShouldBe(3);
    }

    [Fact]
    public void Pairs_are_the_dot_products_and_move_with_the_fields()
    {
        using var model = new Dlrm(Rows.Shape(data, "user", "item", "hour"), new DlrmOptions { Dimension = 4 });
        var (vectors, dense) = (randn(5, 3, 4), randn(5, 4));
        Tensor Dot(Tensor one, Tensor other) => (one * other).sum([1]);
        Tensor[] all = [dense, vectors.select(1, 0), vectors.select(1, 1), vectors.select(1, 2)];

        var read = model.Interact(vectors, dense);
        var swapped = model.Interact(vectors.index_select(1, tensor(new long[] { 1, 0, 2 })), dense);

        read.narrow(1, 0, 4).ShouldBeClose(dense, 0);
        read.narrow(1, 4, 6).ShouldBeClose(
            stack([Dot(all[1], all[0]), Dot(all[2], all[0]), Dot(all[2], all[1]), Dot(all[3], all[0]), Dot(all[3], all[1]), Dot(all[3], all[2])], 1));
        swapped.narrow(1, 4, 6).ShouldBeClose(read.narrow(1, 4, 6).index_select(1, tensor(new long[] { 1, 0, 2, 3, 5, 4 })));
    }

    [Fact]
    public void A_set_can_be_added_up_and_an_empty_one_is_0()
    {
        var shape = Rows.Shape(data, "item", "tags(pool=sum)");
        using var layer = new FieldEmbeddings(shape.Features!.Schema, 3, Initializers.Normal(1));
        var vectors = layer.forward(Rows.Batch(data, shape, 100));
        var tags = shape.Features!.Items.Many[0];
        var start = shape.Features!.Schema.Categories[0].Size;

        for (var row = 0; row < 100; row++)
        {
            var expected = zeros(3);
            foreach (var tag in tags[data.Interactions.Items[row]])
            {
                expected += layer.Table.Weight[start + tag];
            }

            vectors[row, 1].ShouldBeClose(expected);
        }

        Enumerable.Range(0, 100).Count(row => tags[data.Interactions.Items[row]].Length == 0).ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Vectors_begin_within_the_inverse_root_of_the_number_of_their_fields_values()
    {
        var shape = Rows.Shape(data, "user", "hour");
        using var model = new Dlrm(shape, new DlrmOptions { Dimension = 200 });
        var weights = model.state_dict()["vectors.table.weight"];

        weights.narrow(0, 0, 21).abs().max().item<float>().ShouldBeInRange(0.95f / MathF.Sqrt(21), 1 / MathF.Sqrt(21));
        weights.narrow(0, 21, 4).abs().max().item<float>().ShouldBeInRange(0.95f / 2, 1f / 2);
    }

    [Fact]
    public void A_single_field_has_no_pairs_and_the_top_reads_its_vector()
    {
        using var model = new Dlrm(Rows.Shape(data, "user"), new DlrmOptions { Dimension = 4 });
        var vectors = randn(5, 1, 4);

        model.Interact(vectors, null).ShouldBeClose(vectors.squeeze(1), 0);
    }
}
