using System.Runtime.InteropServices;
using Tastemaker.Data;
using Tastemaker.Nn;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Models.Recurrent;

/// <summary>The inputs of an LSTM, one token per step: the ratings of the step before, whether the step is the first, and the clocks of this step and the step before.</summary>
/// <param name="others">Number of items for the tokens of users, of users for those of items.</param>
internal sealed class RrnTokens(int others)
{
    private readonly List<int> offsets = [0];
    private readonly List<int> columns = [];
    private readonly List<float> ratings = [];
    private readonly List<float> clock = [];

    /// <summary>Number of tokens.</summary>
    public int Count => offsets.Count - 1;

    /// <summary>Adds a token.</summary>
    /// <param name="steps">The steps.</param>
    /// <param name="before">The step before, whose ratings are read; -1 for the first token of a user or item.</param>
    /// <param name="stretch">The stretch of the calendar that the token belongs to.</param>
    /// <param name="scale">Mean and standard deviation of the clock.</param>
    /// <param name="otherwise">The rating of an entry without a value.</param>
    /// <param name="center">Subtracted from ratings.</param>
    public void Add(RatingSteps steps, int before, long stretch, (double Mean, double Deviation) scale, float otherwise, float center)
    {
        if (before >= 0)
        {
            columns.AddRange(steps.Others(before));
            var given = steps.Ratings(before);
            ratings.AddRange((given.IsEmpty ? Enumerable.Repeat(otherwise, steps.Others(before).Length) : given.ToArray()).Select(rating => rating - center));
        }

        var (now, last) = (Scaled(stretch), Scaled(before >= 0 ? steps.Stretch(before) : stretch));
        clock.AddRange([before < 0 ? 1 : 0, now, last]);
        offsets.Add(columns.Count);

        float Scaled(long at) => (float)((at - scale.Mean) / scale.Deviation);
    }

    /// <summary>Adds padding: a token of zeros after the last step of a shorter sequence.</summary>
    public void AddNothing()
    {
        clock.AddRange([0, 0, 0]);
        offsets.Add(columns.Count);
    }

    /// <summary>The ratings as a matrix [tokens, others].</summary>
    public CsrMatrix Ratings() => new(new SparseRows([.. offsets], [.. columns], others), [.. ratings]);

    /// <summary>The clock [tokens, 3]: first, now, last.</summary>
    public Tensor Clock(Device device) => tensor(CollectionsMarshal.AsSpan(clock).ToArray(), device: device).view(-1, 3);
}

/// <summary>The LSTM over the steps of users, or of items, and the layer that makes dynamic vectors of its states.</summary>
internal sealed class RrnSide : nn.Module
{
    private readonly Parameter words; // W_embed of ratings [others, E], one column per item, multiplied by the rating
    private readonly Parameter clock; // W_embed of first, now and last [3, E]
    private readonly LstmCell cell;
    private readonly Dense vector; // W_user and b_user

    public RrnSide(int others, int embedding, int units, int dimension)
        : base(nameof(RrnSide))
    {
        words = nn.Parameter(empty(others, embedding));
        clock = nn.Parameter(empty(3, embedding));
        cell = new LstmCell(embedding, units);
        vector = new Dense(units, dimension, Initializers.GlorotUniform);
        using (no_grad())
        {
            Initializers.Uniform(Math.Sqrt(6.0 / (others + embedding)))(words);
            Initializers.GlorotUniform(clock);
        }

        RegisterComponents();
    }

    /// <summary>The device of the weights.</summary>
    public Device Device => words.device;

    /// <summary>Initializes the first columns of W_embed of ratings with vectors [others, k].</summary>
    public void BeginAt(Tensor vectors)
    {
        using var grad = no_grad();
        var width = Math.Min(words.shape[1], vectors.shape[1]);
        words.narrow(1, 0, width).copy_(vectors.narrow(1, 0, width));
    }

    /// <summary>W_embed of tokens [tokens, E].</summary>
    public Tensor Embed(RrnTokens tokens)
    {
        var ratings = tokens.Ratings();
        return ratings.Times(words) + tokens.Clock(words.device).matmul(clock);
    }

    /// <summary>The states h and c after each token [sequences x steps, units]. The tokens lie sequence after sequence; all sequences have the same length.</summary>
    public (Tensor H, Tensor C) States(RrnTokens tokens, int sequences)
    {
        var gates = cell.Gates(Embed(tokens)).view(sequences, -1, 4 * cell.Begin(0).H.shape[1]);
        var state = cell.Begin(sequences);
        List<Tensor> h = [], c = [];
        foreach (var step in gates.unbind(1)) // one backward pass for all steps
        {
            state = cell.Step(step, state);
            h.Add(state.H);
            c.Add(state.C);
        }

        return (stack(h, 1).flatten(0, 1), stack(c, 1).flatten(0, 1));
    }

    /// <summary>The next states of some sequences, given a token for each.</summary>
    public (Tensor H, Tensor C) Advance(RrnTokens tokens, (Tensor H, Tensor C) states) => cell.Step(cell.Gates(Embed(tokens)), states);

    /// <summary>The dynamic vectors of states [n, d].</summary>
    public Tensor Vectors(Tensor h) => vector.forward(h);
}
