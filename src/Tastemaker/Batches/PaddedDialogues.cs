using static TorchSharp.torch;

namespace Tastemaker.Batches;

/// <summary>Dialogues side by side: all their turns as texts, and which turns each has, padded on the right to the most turns.</summary>
internal sealed class PaddedDialogues : ITextBlock
{
    private long[] places = [];

    /// <summary>B: number of dialogues.</summary>
    public int Count { get; private set; }

    /// <summary>T: turns of the dialogue with most, at least 1.</summary>
    public int Length { get; private set; }

    /// <summary>The turns of all dialogues, N with an empty one before them, which stands for padding.</summary>
    public PaddedTexts Turns { get; } = new();

    /// <summary>The turns of each dialogue in their order [B, T], int64: places among <see cref="Turns"/>; 0 for padding.</summary>
    public Tensor Places { get; private set; } = null!;

    /// <summary>1 for turns and 0 for padding [B, T], float32.</summary>
    public Tensor IsTurn { get; private set; } = null!;

    /// <inheritdoc/>
    public void Fill(int count, PaddedTexts.TextOfPlace text)
    {
        List<(int Dialogue, int Start, int Length)> turns = [(-1, 0, 0)];
        var (most, of) = (1, new int[count]);
        for (var place = 0; place < count; place++)
        {
            var dialogue = text(place);
            foreach (var turn in dialogue.Split(0))
            {
                if (turn.Start.Value < turn.End.Value)
                {
                    turns.Add((place, turn.Start.Value, turn.End.Value - turn.Start.Value));
                    of[place]++;
                }
            }

            most = Math.Max(most, of[place]);
        }

        (Count, Length, places) = (count, most, new long[count * most]);
        for (var (turn, at) = (1, 0); turn < turns.Count; turn++)
        {
            at = turns[turn].Dialogue == turns[turn - 1].Dialogue ? at + 1 : 0;
            places[(turns[turn].Dialogue * most) + at] = turn;
        }

        Turns.Fill(turns.Count, turn => turn == 0 ? [] : text(turns[turn].Dialogue).Slice(turns[turn].Start, turns[turn].Length));
    }

    /// <inheritdoc/>
    public void Load(Device device)
    {
        Turns.Load(device);
        Places = tensor(places, [Count, Length], device: device);
        IsTurn = Places.ne(0).to(float32);
    }
}
