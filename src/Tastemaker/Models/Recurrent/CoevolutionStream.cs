using Tastemaker.Nn;
using Tastemaker.Recommending;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Models.Recurrent;

/// <summary>Users and items of <see cref="DeepCoevolve"/> after the training events.</summary>
/// <param name="Users">States of users [users, K].</param>
/// <param name="Items">States of items [items, K].</param>
/// <param name="Clock">When each had the last event.</param>
/// <param name="Bias">Of log c.</param>
internal sealed record CoevolutionStates(float[] Users, float[] Items, EventClock Clock, float Bias);

/// <summary>Users and items as of some moment: as after training, but for those that had an event since.</summary>
/// <param name="model">The weights.</param>
/// <param name="trained">Everyone as after training.</param>
/// <param name="now">The time of the last event.</param>
internal sealed class CoevolutionStream(DeepCoevolve model, CoevolutionStates trained, long now) : IEventStream
{
    /// <summary>Where c stops growing exponentially with f . g and goes on linearly: exp would overflow, and with a constant bound pairs beyond it would have no gradient and stay there.</summary>
    public const double MostExponent = 15;

    private readonly int k = trained.Users.Length / Math.Max(1, model.Shape.Users);
    private readonly Dictionary<int, (float[] State, double Last)> users = [];
    private readonly Dictionary<int, (float[] State, double Last)> items = [];

    private CoevolutionStream(DeepCoevolve model, CoevolutionStates trained, CoevolutionStream other)
        : this(model, trained, other.Now)
    {
        (users, items) = (new(other.users), new(other.items)); // states are replaced by events, never changed
    }

    /// <summary>The same moment, apart: costs as much as there were events since training, whatever the number of users and items.</summary>
    public CoevolutionStream Copy() => new(model, trained, this);

    /// <inheritdoc/>
    public void Score(int user, long time, Span<float> scores)
    {
        var now = model.Source.Time(time);
        for (var item = 0; item < scores.Length; item++)
        {
            var (exponent, elapsed) = (Exponent(user, item), Elapsed(user, item, now));
            var waited = model.RankBy is CoevolutionRank.Density ? Math.Exp(exponent) * elapsed * elapsed / 2 : 0;
            scores[item] = (float)(exponent + Math.Log(elapsed) - waited);
        }
    }

    /// <summary>log c of every item: how fast the user's intensity for it rises, whatever time has passed.</summary>
    public void Affinities(int user, Span<float> scores)
    {
        for (var item = 0; item < scores.Length; item++)
        {
            scores[item] = (float)Exponent(user, item);
        }
    }

    /// <inheritdoc/>
    public double Wait(int user, int item) => Math.Sqrt(Math.PI / 2 / Math.Exp(Exponent(user, item))) * model.Unit;

    /// <inheritdoc/>
    public long Last(int user, int item) => model.Source.TimeOf(Math.Max(LastOfUser(user), LastOfItem(item)));

    /// <inheritdoc/>
    public long Expected(int user, int item, long now)
    {
        // E[T | T > s] = s + erfc(s sqrt(c / 2)) sqrt(pi / 2c) / exp(-c s^2 / 2), of which the quotient is a series in t (Abramowitz and Stegun 1964, 7.1.26).
        var (c, s) = (Math.Exp(Exponent(user, item)), Math.Max(0, (now - Last(user, item)) / model.Unit));
        var t = 1 / (1 + (0.3275911 * s * Math.Sqrt(c / 2)));
        var quotient = t * (0.254829592 + (t * (-0.284496736 + (t * (1.421413741 + (t * (-1.453152027 + (t * 1.061405429))))))));
        var later = quotient * Math.Sqrt(Math.PI / 2 / c) * model.Unit;
        return later < long.MaxValue / 4 ? Math.Max(now, Last(user, item)) + (long)later : long.MaxValue;
    }

    /// <inheritdoc/>
    public long Now { get; private set; } = now;

    /// <inheritdoc/>
    public void Observe(int user, int item, long time)
    {
        var now = model.Source.Time(time);
        var (own, other) = (OfUser(user).ToArray(), OfItem(item).ToArray());
        model.Step(user, item, own, other, Math.Max(0, now - LastOfUser(user)), Math.Max(0, now - LastOfItem(item)));
        (users[user], items[item]) = ((own, Math.Max(now, LastOfUser(user))), (other, Math.Max(now, LastOfItem(item)))); // what is told late turns no clock back
        Now = Math.Max(Now, time);
    }

    /// <summary>How many of the events that some observed one ends the waiting for were expected: the sum of c (t - t')^2 / 2 over all pairs of its user and of its item, and the part of pairs that a rule chooses.</summary>
    public (double All, double Chosen) Expected(int ofUser, int ofItem, long time, Func<int, int, bool> isChosen)
    {
        var (now, all, chosen) = (model.Source.Time(time), 0.0, 0.0);
        for (var user = 0; user < model.Shape.Users; user++)
        {
            Add(user, ofItem);
        }

        for (var item = 0; item < model.Shape.Items; item++)
        {
            if (item != ofItem)
            {
                Add(ofUser, item);
            }
        }

        return (all, chosen);

        void Add(int user, int item)
        {
            var expected = Math.Exp(Exponent(user, item)) * Math.Pow(Elapsed(user, item, now), 2) / 2;
            all += expected;
            chosen += isChosen(user, item) ? expected : 0;
        }
    }

    /// <summary>log lambda of a pair at a time.</summary>
    public double LogIntensity(int user, int item, long time) => Exponent(user, item) + Math.Log(Elapsed(user, item, model.Source.Time(time)));

    private double Exponent(int user, int item)
    {
        var product = Solvers.Vectors.Dot(OfUser(user), OfItem(item));
        return trained.Bias + (product <= MostExponent ? product : MostExponent + Math.Log(1 + product - MostExponent));
    }

    private double Elapsed(int user, int item, double now) => Math.Max(EventClock.Least, now - Math.Max(LastOfUser(user), LastOfItem(item)));

    private ReadOnlySpan<float> OfUser(int user) => users.TryGetValue(user, out var since) ? since.State : trained.Users.AsSpan(user * k, k);

    private ReadOnlySpan<float> OfItem(int item) => items.TryGetValue(item, out var since) ? since.State : trained.Items.AsSpan(item * k, k);

    private double LastOfUser(int user) => users.TryGetValue(user, out var since) ? since.Last : trained.Clock.LastOfUser(user);

    private double LastOfItem(int item) => items.TryGetValue(item, out var since) ? since.Last : trained.Clock.LastOfItem(item);
}

/// <summary>How a user's state, or an item's, follows from the one before.</summary>
internal sealed class CoevolutionStep : nn.Module
{
    private readonly DeepCoevolveOptions options;
    private readonly GruCell? gru;
    private readonly Dense? sum;

    public CoevolutionStep(DeepCoevolveOptions options, int columns)
        : base(nameof(CoevolutionStep))
    {
        this.options = options;
        var (k, inputs) = (options.Dimension, options.Dimension + 1 + columns);
        (gru, sum) = options.Cell is CoevolutionCell.Gru
            ? (new GruCell(inputs, k, ResetGate.BeforeProduct, Initializers.GlorotUniform), null)
            : ((GruCell?)null, new Dense(k + inputs, k, Initializers.GlorotUniform));
        RegisterComponents();
    }

    /// <summary>The next states [n, K].</summary>
    /// <param name="own">The states before [n, K].</param>
    /// <param name="other">The states of the other side just before the event [n, K].</param>
    /// <param name="elapsed">Time since the last event [n, 1]; it counts by its logarithm, for most are short and some are long.</param>
    /// <param name="told">Numbers of the events [n, columns].</param>
    public Tensor Next(Tensor own, Tensor other, Tensor elapsed, Tensor told)
    {
        var input = cat([options.Coevolution ? other : zeros_like(other), elapsed.log1p(), told], 1);
        return gru is not null ? gru.Step(input, own) : sum!.forward(cat([own, input], 1)).tanh();
    }
}
