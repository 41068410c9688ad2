using Tastemaker.Models.Modern;
using Tastemaker.Tests.Nn;
using TorchSharp;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Models.Features;

public sealed class AutoIntTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void A_field_is_the_mean_of_all_fields_weighted_by_attention_in_each_head()
    {
        const int heads = 2, dimension = 3, fields = 4;
        using var layer = new InteractingLayer(5, heads, dimension);
        var state = layer.state_dict();
        var x = randn(2, fields, 5);

        var y = layer.forward(x);

        for (var row = 0; row < 2; row++)
        {
            for (var field = 0; field < fields; field++)
            {
                var parts = new List<Tensor>();
                for (var head = 0; head < heads; head++)
                {
                    Tensor Mapped(string map, int of) => x[row, of].matmul(state[map].narrow(1, head * dimension, dimension));
                    var scores = stack(Enumerable.Range(0, fields).Select(other => Mapped("query", field).dot(Mapped("key", other)))).softmax(0);
                    parts.Add(Enumerable.Range(0, fields).Select(other => scores[other] * Mapped("value", other)).Aggregate((a, b) => a + b));
                }

                y[row, field].ShouldBeClose((cat(parts, 0) + x[row, field].matmul(state["residual"])).relu(), 1e-4);
            }
        }
    }

    [Fact]
    public void The_official_layer_has_biases_relu_scaled_attention_and_layer_normalization()
    {
        const int heads = 2, dimension = 3, fields = 4;
        using var layer = new InteractingLayer(5, heads, dimension, isOfficial: true);
        var state = layer.state_dict();
        using (no_grad())
        {
            foreach (var name in new[] { "biases", "scale", "shift" })
            {
                state[name].normal_();
            }
        }

        var x = randn(5 * fields).view(1, fields, 5);
        Tensor Mapped(string map, int bias) => (x[0].matmul(state[map]) + state["biases"][bias]).relu(); // [F, heads x d]
        var (q, k, v, r) = (Mapped("query", 0), Mapped("key", 1), Mapped("value", 2), Mapped("residual", 3));
        var attended = Enumerable.Range(0, heads).Select(head =>
        {
            Tensor Of(Tensor all) => all.narrow(1, head * dimension, dimension);
            return (Of(q).matmul(Of(k).t()) / MathF.Sqrt(dimension)).softmax(1).matmul(Of(v));
        });
        var joined = (cat([.. attended], 1) + r).relu();
        var centered = joined - joined.mean([1], keepdim: true);
        var expected = (centered / (centered.square().mean([1], keepdim: true) + 1e-8).sqrt() * state["scale"]) + state["shift"];

        layer.forward(x)[0].ShouldBeClose(expected, 1e-4);
    }

    [Fact]
    public void The_official_layer_drops_attention_in_training_alone()
    {
        using var layer = new InteractingLayer(5, 2, 3, isOfficial: true, dropout: 0.5);
        var x = randn(6, 4, 5);

        layer.forward(x).allclose(layer.forward(x)).ShouldBeFalse();
        layer.eval();
        layer.forward(x).ShouldBeClose(layer.forward(x), 0);
    }

    [Fact]
    public void The_parameters_of_the_official_layer_are_trained()
    {
        var data = Rows.Data();
        var shape = Rows.Shape(data);
        using var model = new AutoInt(shape, new AutoIntOptions { Dimension = 4, Layers = 2, HeadDimension = 4, InitialDeviation = 0.5, OfficialLayer = true });

        model.Loss(Rows.Batch(data, shape, 100)).backward();

        foreach (var (name, parameter) in model.named_parameters())
        {
            parameter.grad!.abs().max().item<float>().ShouldBeGreaterThan(0, name);
        }
    }

    [Fact]
    public void Fields_in_another_order_give_their_vectors_in_that_order()
    {
        using var layer = new InteractingLayer(5, 2, 3);
        var x = randn(6, 4, 5);
        var order = tensor(new long[] { 2, 0, 3, 1 });

        layer.forward(x.index_select(1, order)).ShouldBeClose(layer.forward(x).index_select(1, order));
    }

    [Fact]
    public void A_deep_part_is_added_where_it_has_layers()
    {
        var data = Rows.Data();
        var shape = Rows.Shape(data);
        var batch = Rows.Batch(data, shape, 50);
        using var plain = new AutoInt(shape, new AutoIntOptions { InitialDeviation = 0.5 });
        using var joint = new AutoInt(shape, new AutoIntOptions { InitialDeviation = 0.5, Hidden = [8] });
        using (no_grad())
        {
            foreach (var (name, weights) in plain.state_dict())
            {
                joint.state_dict()[name].copy_(weights);
            }
        }

        (joint.Logits(batch) - plain.Logits(batch)).abs().max().item<float>().ShouldBeGreaterThan(0.01f);
        using (no_grad())
        {
            joint.state_dict()["deepOutput.weight"].zero_();
        }

        joint.Logits(batch).ShouldBeClose(plain.Logits(batch), 0);
    }
}
