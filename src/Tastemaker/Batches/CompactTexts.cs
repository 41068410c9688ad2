using static TorchSharp.torch;

namespace Tastemaker.Batches;

/// <summary>Texts one after the other, without padding, whose words are numbered among the distinct ones of all these texts: what a network computes of a word by itself, it computes once.</summary>
internal sealed class CompactTexts : ITextBlock
{
    private readonly Dictionary<int, int> numbers = [];
    private int[] distinct = [];
    private int[] words = [];
    private int[] offsets = [];

    /// <summary>The distinct words [D], int32.</summary>
    public Tensor Distinct { get; private set; } = null!;

    /// <summary>The words of all texts, numbered as <see cref="Distinct"/> has them [all words], int32.</summary>
    public Tensor Words { get; private set; } = null!;

    /// <summary>Where each text begins among <see cref="Words"/> [texts + 1], int32.</summary>
    public Tensor Offsets { get; private set; } = null!;

    /// <inheritdoc/>
    public void Fill(int count, PaddedTexts.TextOfPlace text)
    {
        numbers.Clear();
        offsets = new int[count + 1];
        for (var place = 0; place < count; place++)
        {
            offsets[place + 1] = offsets[place] + text(place).Length;
        }

        (words, var write) = (new int[offsets[count]], 0);
        List<int> known = [];
        for (var place = 0; place < count; place++)
        {
            foreach (var word in text(place))
            {
                if (!numbers.TryGetValue(word, out var number))
                {
                    numbers[word] = number = known.Count;
                    known.Add(word);
                }

                words[write++] = number;
            }
        }

        distinct = [.. known];
    }

    /// <inheritdoc/>
    public void Load(Device device)
    {
        Distinct = tensor(distinct, device: device);
        Words = tensor(words, device: device);
        Offsets = tensor(offsets, device: device);
    }
}
