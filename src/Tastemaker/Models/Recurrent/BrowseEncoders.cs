using Tastemaker.Nn;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Models.Recurrent;

/// <summary>u_t = F(a_1, ..., a_t) of <see cref="YahooNews"/>: what a user is after each browsed article, and before the first one, where all users are alike.</summary>
/// <param name="name">Name of the module.</param>
internal abstract class BrowseEncoder(string name) : nn.Module(name)
{
    /// <summary>The state before the first place and after each place [B, L + 1, dimension].</summary>
    /// <param name="articles">Article vectors [B, L, dimension], oldest first.</param>
    /// <param name="isArticle">Whether a place is an article [B, L]; a place that is not leaves the state as it is.</param>
    public abstract Tensor States(Tensor articles, Tensor isArticle);

    /// <summary>The encoder that an option names.</summary>
    /// <param name="options">Which, and its sizes.</param>
    public static BrowseEncoder Of(YahooNewsOptions options) => options.Encoder switch
    {
        NewsEncoder.Average => new MeanOfBrowses(options.Dimension, 1),
        NewsEncoder.Decay => new MeanOfBrowses(options.Dimension, options.Decay),
        NewsEncoder.Rnn => new RecurrentBrowses(options.Dimension),
        NewsEncoder.Lstm => new LstmOfBrowses(options.Dimension, options.Units),
        _ => new GruOfBrowses(options.Dimension, options.Units),
    };

    /// <summary>A parameter that <paramref name="initialize"/> has filled.</summary>
    protected static Parameter Made(Action<Tensor> initialize, params long[] shape)
    {
        var made = nn.Parameter(empty(shape));
        using var grad = no_grad();
        initialize(made);
        return made;
    }

    /// <summary>Walks places in order: the states of <paramref name="begin"/> and of each step, where padding repeats the state before it.</summary>
    /// <param name="begin">The state before the first place, a tensor [B, n] for each part of it.</param>
    /// <param name="inputs">What a step reads, place by place.</param>
    /// <param name="isArticle">Whether a place is an article [B, L].</param>
    /// <param name="step">The next state from an input and a state.</param>
    protected static List<Tensor[]> Walk(Tensor[] begin, Tensor[] inputs, Tensor isArticle, Func<Tensor, Tensor[], Tensor[]> step)
    {
        List<Tensor[]> states = [begin];
        var isThere = isArticle.unsqueeze(2).unbind(1); // L times [B, 1]
        for (var place = 0; place < inputs.Length; place++)
        {
            var (before, after) = (states[^1], step(inputs[place], states[^1]));
            states.Add([.. after.Zip(before, (next, last) => where(isThere[place], next, last))]);
        }

        return states;
    }
}

/// <summary>u = alpha o (sum of beta^age a / sum of beta^age) with a learned alpha: the paper's Average where beta = 1, else its Decay. Before the first article it is a learned vector.</summary>
internal sealed class MeanOfBrowses : BrowseEncoder
{
    private readonly Parameter scale; // alpha [dimension]
    private readonly Parameter initial; // u_0 [dimension]
    private readonly double beta;

    public MeanOfBrowses(int dimension, double beta)
        : base(nameof(MeanOfBrowses))
    {
        this.beta = beta;
        (scale, initial) = (Made(weights => weights.fill_(1), dimension), Made(Initializers.Zeros, dimension));
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor States(Tensor articles, Tensor isArticle)
    {
        var isThere = isArticle.to(float32).unsqueeze(2); // [B, L, 1]
        var place = arange(articles.shape[1], float32, articles.device);
        var age = place.unsqueeze(1) - place.unsqueeze(0); // [L, L]: of a column at a row
        var weights = pow(full_like(age, beta), age.clamp_min(0)).tril(); // padding is on one side, so that ages count articles
        var sum = weights.matmul(isThere); // [B, L, 1]
        var mean = weights.matmul(articles * isThere) / sum.clamp_min(1e-12);
        var begin = initial.expand(articles.shape[0], 1, -1);
        return cat([begin, where(sum.gt(0), scale * mean, initial)], 1);
    }
}

/// <summary>u_t = tanh(W_in a_t + W_out u_(t-1) + b) with a learned u_0.</summary>
internal sealed class RecurrentBrowses : BrowseEncoder
{
    private readonly Dense input;
    private readonly Parameter recurrent; // W_out [dimension, dimension]
    private readonly Parameter initial; // u_0 [dimension]

    public RecurrentBrowses(int dimension)
        : base(nameof(RecurrentBrowses))
    {
        input = new Dense(dimension, dimension, Initializers.GlorotUniform);
        (recurrent, initial) = (Made(Initializers.GlorotUniform, dimension, dimension), Made(Initializers.Zeros, dimension));
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor States(Tensor articles, Tensor isArticle)
    {
        var begin = initial.expand(articles.shape[0], -1);
        var states = Walk([begin], input.forward(articles).unbind(1), isArticle, (x, state) => [(x + state[0].matmul(recurrent)).tanh()]);
        return stack([.. states.Select(state => state[0])], 1);
    }
}

/// <summary>
/// The paper's LSTM, which reads its own output u and, as peepholes with full matrices, its state h: gi, gf = sigma(W a + W' u_(t-1) + W'' h_(t-1) + b), h_t = gi o tanh(W a + W' u_(t-1) + b) + gf o h_(t-1),
/// go = sigma(W a + W' u_(t-1) + W'' h_t + b), u_t = go o tanh(W h_t + b). The forget gate begins open; h_0 and u_0 are learned.
/// </summary>
internal sealed class LstmOfBrowses : BrowseEncoder
{
    private readonly Dense input; // of gi, gf, enc and go
    private readonly Parameter recurrent; // from u [dimension, 3 units + dimension]
    private readonly Parameter peepholes; // from h to gi and gf [units, 2 units]
    private readonly Parameter outputPeephole; // from h to go [units, dimension]
    private readonly Dense output; // W_d
    private readonly Parameter initialState; // h_0 [units]
    private readonly Parameter initialOutput; // u_0 [dimension]
    private readonly int units;
    private readonly int dimension;

    public LstmOfBrowses(int dimension, int units)
        : base(nameof(LstmOfBrowses))
    {
        (this.units, this.dimension) = (units, dimension);
        input = new Dense(dimension, (3 * units) + dimension, Initializers.GlorotUniform);
        recurrent = Made(Initializers.GlorotUniform, dimension, (3 * units) + dimension);
        (peepholes, outputPeephole) = (Made(Initializers.GlorotUniform, units, 2 * units), Made(Initializers.GlorotUniform, units, dimension));
        output = new Dense(units, dimension, Initializers.GlorotUniform);
        (initialState, initialOutput) = (Made(Initializers.Zeros, units), Made(Initializers.Zeros, dimension));
        using (no_grad())
        {
            input.Bias.narrow(0, units, units).fill_(1);
        }

        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor States(Tensor articles, Tensor isArticle)
    {
        var count = articles.shape[0];
        var states = Walk([initialState.expand(count, -1), initialOutput.expand(count, -1)], input.forward(articles).unbind(1), isArticle, Step);
        return stack([.. states.Select(state => state[1])], 1);
    }

    private Tensor[] Step(Tensor x, Tensor[] state)
    {
        var (h, all) = (state[0], x + state[1].matmul(recurrent)); // [B, 3 units + dimension]
        var gates = (all.narrow(1, 0, 2 * units) + h.matmul(peepholes)).sigmoid();
        var next = (gates.narrow(1, 0, units) * all.narrow(1, 2 * units, units).tanh()) + (gates.narrow(1, units, units) * h);
        var opened = (all.narrow(1, 3 * units, dimension) + next.matmul(outputPeephole)).sigmoid();
        return [next, opened * output.forward(next).tanh()];
    }
}

/// <summary>
/// The paper's best: h_t = gz o tanh(W a + W' (gr o h_(t-1)) + b) + (1 - gz) o h_(t-1) and u_t = tanh(W_d h_t + b_d), with a learned h_0. No value of h is beyond the larger of 1 and |h_0|, however many articles there are.
/// Our source lacks the equations of the gates; they are made from its prose: one layer of gated units, where one gate has both tasks of the LSTM's two, and one fully connected layer.
/// </summary>
internal sealed class GruOfBrowses : BrowseEncoder
{
    private readonly GruCell cell;
    private readonly Dense output; // W_d
    private readonly Parameter initial; // h_0 [units]

    public GruOfBrowses(int dimension, int units)
        : base(nameof(GruOfBrowses))
    {
        cell = new GruCell(dimension, units, ResetGate.BeforeProduct, Initializers.GlorotUniform);
        output = new Dense(units, dimension, Initializers.GlorotUniform);
        initial = Made(Initializers.Zeros, units);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor States(Tensor articles, Tensor isArticle) => output.forward(Hidden(articles, isArticle)).tanh();

    /// <summary>h before the first place and after each place [B, L + 1, units].</summary>
    public Tensor Hidden(Tensor articles, Tensor isArticle)
    {
        var states = Walk([initial.expand(articles.shape[0], -1)], articles.matmul(cell.Input!).unbind(1), isArticle, (x, state) => [cell.StepFromGates(x, state[0])]);
        return stack([.. states.Select(state => state[0])], 1);
    }
}
