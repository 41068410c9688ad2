using Tastemaker.Batches;
using Tastemaker.Nn;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Nn;

public class BidirectionalGruTests
{
    [Fact]
    public void The_backward_layer_begins_at_the_last_word_and_reads_towards_the_first()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(2);
        using var layer = new BidirectionalGru(3, 2);
        var (texts, one) = (Padded([1, 2], [3, 4, 5, 6]), Padded([1, 2]));
        var beside = randn(2, 4, 3);
        var states = layer.States(beside, texts); // [2, 4, 2 x 2]

        states[0].narrow(0, 0, 2).allclose(layer.States(beside.narrow(0, 0, 1).narrow(1, 0, 2), one)[0], 1e-6, 1e-6).ShouldBeTrue();
        var changed = beside.clone();
        changed[1, 0] = randn(3);
        var other = layer.States(changed, texts);
        other[1, 3, 2].item<float>().ShouldBe(states[1, 3, 2].item<float>()); // at the last word, the backward layer has read nothing else
        other[1, 3, 0].item<float>().ShouldNotBe(states[1, 3, 0].item<float>());
        other[1, 0, 2].item<float>().ShouldNotBe(states[1, 0, 2].item<float>());
        texts.Reversed(texts.Reversed(beside)).equal(beside).all().item<bool>().ShouldBeTrue();
    }

    private static PaddedTexts Padded(params int[][] texts)
    {
        var padded = new PaddedTexts();
        padded.Fill(texts.Length, place => texts[place]);
        padded.Load(CPU);
        return padded;
    }
}
