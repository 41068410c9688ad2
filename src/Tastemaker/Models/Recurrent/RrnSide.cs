using System.Runtime.InteropServices;
using Tastemaker.Data;
using Tastemaker.Nn;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Models.Recurrent;

/// <summary>What the LSTM of one side reads at some steps: ratings of the step before, whether it is the first, and two readings of the clock.</summary>
/// <param name="others">Number of those who can be rated.</param>
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
    /// <param name="stretch">The stretch that the token is of.</param>
    /// <param name="scale">Mean and deviation of the clock.</param>
    /// <param name="otherwise">The rating of an entry without one.</param>
    /// <param name="center">What is taken from ratings.</param>
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

    /// <summary>Adds a token that stands for nothing: behind the last step of a shorter sequence.</summary>
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

/// <summary>The LSTM over the steps of users, or of items, and the vector that a state gives.</summary>
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

    /// <summary>Where the weights lie.</summary>
    public Device Device => words.device;

    /// <summary>Overwrites the first numbers of W_embed of ratings with vectors [others, k].</summary>
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

    /// <summary>States h and c after each token [sequences x steps, units], sequence after sequence, all of one length.</summary>
    /// <param name="tokens">The tokens.</param>
    /// <param name="sequences">How many sequences they are.</param>
    /// <param name="before">The states before them [sequences, units]; null for zeros.</param>
    public (Tensor H, Tensor C) States(RrnTokens tokens, int sequences, (Tensor H, Tensor C)? before = null)
    {
        var gates = cell.Gates(Embed(tokens)).view(sequences, -1, 4 * cell.Begin(0).H.shape[1]);
        var state = before ?? cell.Begin(sequences);
        List<Tensor> h = [], c = [];
        for (var step = 0; step < gates.shape[1]; step++)
        {
            state = cell.Step(gates.select(1, step), state);
            h.Add(state.H);
            c.Add(state.C);
        }

        return (stack(h, 1).flatten(0, 1), stack(c, 1).flatten(0, 1));
    }

    /// <summary>One more step of states by a token each.</summary>
    public (Tensor H, Tensor C) Advance(RrnTokens tokens, (Tensor H, Tensor C) states) => cell.Step(cell.Gates(Embed(tokens)), states);

    /// <summary>The vectors that states give [n, d].</summary>
    public Tensor Vectors(Tensor h) => vector.forward(h);
}
