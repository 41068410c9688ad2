using Tastemaker.Nn;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Nn;

public sealed class EmbeddingTableTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Looks_up_vectors_in_the_shape_of_the_ids(bool byRow)
    {
        using var scope = NewDisposeScope();
        using var table = Counting();
        table.RowMode = byRow;

        var vectors = table.forward(tensor(new[] { 3, 1, 3, 0, 0, 2 }).view(3, 2));

        vectors.shape.ShouldBe([3, 2, 2]);
        vectors.flatten().data<float>().ToArray().ShouldBe([6, 7, 2, 3, 6, 7, 0, 1, 0, 1, 4, 5]);
        vectors.requires_grad.ShouldBeTrue();
    }

    [Fact]
    public void Row_mode_records_distinct_rows_whose_gradients_are_summed()
    {
        using var scope = NewDisposeScope();
        using var table = Counting();
        table.RowMode = true;
        (table.forward(tensor(new[] { 3, 1, 3 })) * tensor(new[] { 1f, 10f, 100f }).unsqueeze(1)).sum().backward();

        var lookup = table.Lookups.ShouldHaveSingleItem();
        lookup.Rows.data<long>().ToArray().ShouldBe([3, 1]);
        lookup.Vectors.grad!.data<float>().ToArray().ShouldBe([101, 101, 10, 10]);
        table.Weight.grad.ShouldBeNull();
        table.ForgetLookups();
        table.Lookups.ShouldBeEmpty();
    }

    [Fact]
    public void Nothing_is_recorded_when_scoring()
    {
        using var scope = NewDisposeScope();
        using var table = Counting();
        table.RowMode = true;
        using (no_grad())
        {
            table.forward(tensor(new[] { 1 }));
        }

        table.eval();
        table.forward(tensor(new[] { 1 }));
        table.Lookups.ShouldBeEmpty();
    }

    [Fact]
    public void The_weight_is_saved_under_a_plain_name()
    {
        using var table = Counting();
        table.state_dict().Keys.ShouldBe(["weight"]);
    }

    private static EmbeddingTable Counting() => new(4, 2, weights => weights.copy_(arange(8, float32).view(4, 2)));
}
