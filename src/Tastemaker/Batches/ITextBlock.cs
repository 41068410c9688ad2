using Tastemaker.Data;
using Tastemaker.Inputs;
using static TorchSharp.torch;

namespace Tastemaker.Batches;

/// <summary>Some texts side by side.</summary>
internal interface ITextBlock
{
    /// <summary>Gathers texts.</summary>
    /// <param name="count">Number of texts.</param>
    /// <param name="text">The word indexes of each, by place from 0 on; may be empty.</param>
    void Fill(int count, PaddedTexts.TextOfPlace text);

    /// <summary>Makes the tensors on a device.</summary>
    void Load(Device device);

    /// <summary>Reads the texts of requests in blocks: the vectors that <paramref name="read"/> gives of each block [B, d], one after the other.</summary>
    static Tensor Read<TBlock>(EntityTexts texts, RequestBatch requests, int atOnce, Device device, Func<TBlock, Tensor> read)
        where TBlock : ITextBlock, new()
    {
        int[][] all = [.. Enumerable.Range(0, requests.Count).Select(request => texts.Of(requests, request))];
        return Read(all.Length, place => all[place], atOnce, device, read);
    }

    /// <summary>Reads many texts in blocks: the vectors that <paramref name="read"/> gives of each block [B, d], one after the other.</summary>
    static Tensor Read<TBlock>(int count, PaddedTexts.TextOfPlace text, int atOnce, Device device, Func<TBlock, Tensor> read)
        where TBlock : ITextBlock, new()
    {
        List<Tensor> found = [];
        for (var first = 0; first < count; first += atOnce)
        {
            using var scope = NewDisposeScope();
            var (start, block) = (first, new TBlock());
            block.Fill(Math.Min(atOnce, count - first), place => text(start + place));
            block.Load(device);
            found.Add(read(block).MoveToOuterDisposeScope());
        }

        return cat(found);
    }
}
