using Tastemaker.Solvers;

namespace Tastemaker.Models.Boltzmann;

/// <summary>Everything the machines know of a training set, computed once: hidden states and means.</summary>
internal sealed class RbmPrediction
{
    private readonly RbmMachine? users;
    private readonly RbmMachine? items;
    private readonly RatingPairs pairs;
    private readonly float[] levels;
    private readonly float share;
    private readonly float[]? userStates;
    private readonly float[]? itemStates;
    private readonly float[] userMeans;
    private readonly float[] itemMeans;

    /// <summary>Prepares predictions.</summary>
    /// <param name="users">The machine whose rows are users, with what it sees; null where there is none.</param>
    /// <param name="items">The machine whose rows are items.</param>
    /// <param name="data">The visible units of all ratings.</param>
    /// <param name="pairs">The ratings.</param>
    /// <param name="levels">The values of ratings, ascending; empty for real units.</param>
    /// <param name="share">The part of a rating that a machine makes where both know it.</param>
    public RbmPrediction((RbmMachine? Machine, RbmSide? Side) users, (RbmMachine? Machine, RbmSide? Side) items, float[] data, RatingPairs pairs, float[] levels, float share)
    {
        (this.users, this.items, this.pairs, this.levels, this.share) = (users.Machine, items.Machine, pairs, levels, share);
        var parallel = Parallelism.Loop();
        userStates = users.Machine?.States(users.Side!, data, parallel);
        itemStates = items.Machine?.States(items.Side!, data, parallel);
        Mean = RatingPairs.Mean(pairs.ByUser.Values);
        userMeans = RatingPairs.Means(pairs.ByUser, Mean);
        itemMeans = RatingPairs.Means(pairs.ByItem, Mean);
    }

    /// <summary>The mean rating.</summary>
    public float Mean { get; }

    /// <summary>The mean rating of each item.</summary>
    public IReadOnlyList<float> ItemMeans => itemMeans;

    /// <summary>A predicted rating; -1 for an unknown user or item.</summary>
    public float Value(int user, int item)
    {
        var userRated = user >= 0 && pairs.ByUser.Length(user) > 0;
        var itemRated = item >= 0 && pairs.ByItem.Length(item) > 0;
        return (userRated, itemRated) switch
        {
            (true, true) => Expected(level => share * (FromUser(user, item, level) + FromItem(user, item, level))),
            (true, false) when itemStates is not null => Expected(level => Alone * FromItem(user, item, level)),
            (false, true) when userStates is not null => Expected(level => Alone * FromUser(user, item, level)),
            (true, false) => userMeans[user],
            (false, true) => itemMeans[item],
            _ => Mean,
        };
    }

    public static void Softmax(Span<float> inputs)
    {
        var (largest, sum) = (float.NegativeInfinity, 0f);
        foreach (var input in inputs)
        {
            largest = Math.Max(largest, input);
        }

        foreach (ref var input in inputs)
        {
            input = MathF.Exp(input - largest);
            sum += input;
        }

        foreach (ref var input in inputs)
        {
            input /= sum;
        }
    }

    // With the sum of two machines each makes a part of a rating only.
    private float Alone => share == 1 && userStates is not null && itemStates is not null ? 2 : 1;

    private float FromUser(int user, int item, int level) => users is null ? 0
        : users.Input(user < 0 ? users.StateOf([], []) : userStates.AsSpan(user * users.Hidden, users.Hidden), item, level);

    private float FromItem(int user, int item, int level) => items is null ? 0
        : items.Input(item < 0 ? items.StateOf([], []) : itemStates.AsSpan(item * items.Hidden, items.Hidden), user, level);

    private float Expected(Func<int, float> input)
    {
        if (levels.Length == 0)
        {
            return input(0);
        }

        Span<float> inputs = stackalloc float[levels.Length];
        for (var level = 0; level < inputs.Length; level++)
        {
            inputs[level] = input(level);
        }

        Softmax(inputs);
        return Vectors.Dot(inputs, levels);
    }
}
