using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Models.Baselines;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Scoring;
using Tastemaker.Solvers;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Models.Boltzmann;

/// <summary>
/// Boltzmann machines over the whole matrix of ratings as one training case: the unit of a rating is connected to the hidden units of its user and to those of
/// its item, and is reconstructed as the mean of what the two make of it. One epoch is one step of contrastive divergence (CD-1, mean field) on all ratings;
/// cells without a rating take no part in anything. The reported loss is the mean squared error of the reconstruction: where it rises, or stops being a
/// number, the learning rate is too large; training ends by early stopping on the validation part.
/// </summary>
/// <remarks>
/// Whoever has no training ratings has no trained visible biases or weights. Then the other side's machine predicts alone, with the hidden state that such a
/// case has; where there is no such machine, the mean rating of the known side; and of two unknowns the mean of all.
/// </remarks>
internal abstract class UserItemRbm : Model, IRatingModel
{
    private readonly UserItemRbmOptions options;
    private float[] levels = []; // the values of ratings, ascending; empty for real units
    private RatingPairs pairs;
    private RbmMachine? users;
    private RbmMachine? items;
    private RbmSide? userSide;
    private RbmSide? itemSide;
    private float[] data = []; // [pairs * classes]
    private Lazy<RbmPrediction> prediction = new();

    /// <summary>Untrained machines.</summary>
    protected UserItemRbm(string name, ModelShape shape, UserItemRbmOptions options)
        : base(name, shape, options)
    {
        this.options = options;
        pairs = RatingPairs.Of(new SparseRows(new int[shape.Users + 1], [], shape.Items, []));
        Scorer = new CatalogScorer(ScoreCatalog);
    }

    /// <inheritdoc/>
    public sealed override EpochPlan Plan => new(options.Epochs);

    /// <inheritdoc/>
    public sealed override Scorer Scorer { get; }

    /// <inheritdoc/>
    public virtual bool PredictsUnrated => false;

    /// <summary>g: a row an item; null where the system has no categories.</summary>
    protected virtual SparseRows? Categories => null;

    /// <summary>Which machines see the categories.</summary>
    protected virtual CategorySides CategorySides => CategorySides.Both;

    /// <summary>Learning rate of the weights of categories, in learning rates.</summary>
    protected virtual double CategoryRate => 1;

    /// <summary>Deviation of the initial weights of categories.</summary>
    protected virtual double CategoryDeviation => 0;

    /// <summary>The training ratings.</summary>
    protected RatingPairs Pairs => pairs;

    private int Classes => Math.Max(1, levels.Length);

    // What each machine's part is multiplied by.
    private float Share => options.Machines is RbmMachines.Both && options.Combine is RbmCombination.Average ? 0.5f : 1;

    /// <inheritdoc/>
    public override ITraining Begin(TrainingSet train, TrainingOptions run)
    {
        MeanRating.Mean(train, GetName());
        var rated = RatingPairs.Of(train.Rated);
        if (users is null && items is null)
        {
            Make(options.Units is RbmUnits.Real ? [] : Levels(rated));
        }

        Use(rated);
        return new SolverTraining(Step)
        {
            Saved = () => Named((weights, _) => weights.SavedSteps()),
            Resumed = state => Named((weights, key) => weights.RestoreSteps(state, key)),
        };
    }

    private double? Step(EpochContext context)
    {
        context.Cancellation.ThrowIfCancellationRequested();
        var parallel = Threads.Of(context);
        var step = new RbmStep((float)options.LearningRate, (float)options.Momentum, (float)options.WeightDecay, (float)CategoryRate);
        var userStates = users?.States(userSide!, data, parallel);
        var itemStates = items?.States(itemSide!, data, parallel);
        var negative = Reconstruct(userStates, itemStates, parallel);
        users?.Learn(userSide!, data, userStates!, negative, users.States(userSide!, negative, parallel), step, parallel);
        items?.Learn(itemSide!, data, itemStates!, negative, items.States(itemSide!, negative, parallel), step, parallel);
        var loss = SquaredError(negative);
        if (!double.IsFinite(loss))
        {
            throw new InputException($"The reconstruction of '{GetName()}' became infinite in epoch {context.Epoch + 1}: the machines have diverged. Lower the learning-rate below {options.LearningRate}.");
        }

        context.Step(1, 1, loss, pairs.Count);
        return loss;
    }

    private void ScoreCatalog(RequestBatch requests, Span<float> scores)
    {
        var ready = prediction.Value;
        for (var request = 0; request < requests.Count; request++)
        {
            ScoreUser(ready, requests.Users[request], scores.Slice(request * Shape.Items, Shape.Items));
        }
    }

    /// <inheritdoc/>
    public void Predict(ReadOnlySpan<int> users, ReadOnlySpan<int> items, Span<float> values)
    {
        MakeReady();
        for (var pair = 0; pair < values.Length; pair++)
        {
            values[pair] = Predict(prediction.Value, users[pair], items[pair]);
        }
    }

    /// <inheritdoc/>
    protected override void Prepare() => prediction = new(() => new RbmPrediction((users, userSide), (items, itemSide), data, pairs, levels, Share));

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, Tensor> State()
    {
        var state = Named((weights, _) => weights.Saved());
        state.AddRows("ratings", pairs.ByUser);
        if (levels.Length > 0)
        {
            state["levels"] = tensor(levels);
        }

        return state;
    }

    /// <inheritdoc/>
    protected override void Take(IReadOnlyDictionary<string, Tensor> state)
    {
        Make(state.TryGetValue("levels", out var saved) ? state.Floats("levels", saved.shape[0]) : []);
        Named((weights, key) => weights.Restore(state, key));
        Use(RatingPairs.Of(state.Rows("ratings", Shape.Users, Shape.Items)));
    }

    /// <summary>What the machines predict, from what was prepared; -1 for somebody or something unknown.</summary>
    protected virtual float Predict(RbmPrediction ready, int user, int item) => ready.Value(user, item);

    private void ScoreUser(RbmPrediction ready, int user, Span<float> scores)
    {
        for (var item = 0; item < scores.Length; item++)
        {
            scores[item] = Predict(ready, user, item);
        }
    }

    // V- : every rated cell from the hidden states of its user and its item [pairs * classes].
    private float[] Reconstruct(float[]? userStates, float[]? itemStates, ParallelOptions parallel)
    {
        var (negative, classes, share) = (new float[data.Length], Classes, Share);
        Parallel.For(0, Shape.Users, parallel, user =>
        {
            var rated = pairs.ByUser[user];
            for (var entry = 0; entry < rated.Length; entry++)
            {
                var item = rated[entry];
                var cell = negative.AsSpan((pairs.ByUser.Offsets[user] + entry) * classes, classes);
                for (var level = 0; level < classes; level++)
                {
                    var input = users?.Input(userStates.AsSpan(user * users.Hidden, users.Hidden), item, level) ?? 0;
                    input += items?.Input(itemStates.AsSpan(item * items.Hidden, items.Hidden), user, level) ?? 0;
                    cell[level] = share * input;
                }

                if (classes > 1)
                {
                    RbmPrediction.Softmax(cell);
                }
            }
        });
        return negative;
    }

    private double SquaredError(float[] negative)
    {
        var values = pairs.ByUser.Values;
        var sum = 0.0;
        for (var pair = 0; pair < values.Length; pair++)
        {
            var error = values[pair] - (levels.Length == 0 ? negative[pair] : Vectors.Dot(negative.AsSpan(pair * levels.Length, levels.Length), levels));
            sum += error * error;
        }

        return sum / Math.Max(1, values.Length);
    }

    private void Make(float[] values)
    {
        levels = values;
        var categories = Categories?.ColumnCount ?? 0;
        users = options.Machines is RbmMachines.Items ? null
            : new RbmMachine(Shape.Items, Classes, options.UserHidden, options.InitialDeviation, CategorySides is CategorySides.Items ? 0 : categories, CategoryDeviation);
        items = options.Machines is RbmMachines.Users ? null
            : new RbmMachine(Shape.Users, Classes, options.ItemHidden, options.InitialDeviation, CategorySides is CategorySides.Users ? 0 : categories, CategoryDeviation);
    }

    private void Use(RatingPairs rated)
    {
        pairs = rated;
        userSide = RbmSide.OfUsers(rated, Categories is null || CategorySides is CategorySides.Items ? null : CategoryShares.Of(rated.ByUser, Categories));
        itemSide = RbmSide.OfItems(rated, CategorySides is CategorySides.Users ? null : Categories);
        data = new float[rated.Count * Classes];
        for (var pair = 0; pair < rated.Count; pair++)
        {
            var value = rated.ByUser.Values[pair];
            if (levels.Length == 0)
            {
                data[pair] = value;
            }
            else
            {
                data[(pair * Classes) + Array.BinarySearch(levels, value)] = 1;
            }
        }
    }

    /// <summary>Refuses ratings that are too many or too few different values to be classes, where they are to be classes.</summary>
    /// <exception cref="InputException">They are.</exception>
    public static void RequireLevels(UserItemRbmOptions options, TrainingSet train)
    {
        if (options.Units is not RbmUnits.Real)
        {
            Levels(RatingPairs.Of(train.Rated));
        }
    }

    private static float[] Levels(RatingPairs rated)
    {
        float[] distinct = [.. rated.ByUser.Values.ToArray().Distinct().Order()];
        return distinct.Length is > 1 and <= MostLevels ? distinct : throw new InputException(
            $"units=multinomial needs ratings with 2 to {MostLevels} different values; the training part has {distinct.Length}. Choose units=real.");
    }

    private Dictionary<string, Tensor> Named(Func<RbmWeights, string, Tensor> save)
    {
        var state = new Dictionary<string, Tensor>();
        Named((weights, key) =>
        {
            state[key] = save(weights, key);
        });
        return state;
    }

    private void Named(Action<RbmWeights, string> each)
    {
        foreach (var (prefix, machine) in new[] { ("users", users), ("items", items) })
        {
            foreach (var (name, weights) in machine?.All ?? [])
            {
                if (weights.Values.Length > 0)
                {
                    each(weights, $"{prefix}.{name}");
                }
            }
        }
    }

    private const int MostLevels = 50;
}
