using Tastemaker.Data;
using Tastemaker.Features;
using Tastemaker.Inputs;
using Tastemaker.Models.Baselines;
using Tastemaker.Native;
using Tastemaker.Options;
using Tastemaker.Solvers;
using Tastemaker.Systems;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Models.Autoencoders;

/// <summary>
/// Deep collaborative filtering with marginalized denoising autoencoders (Li, Kawale and Fu 2015): mDA-CF, and with several layers mSDA-CF. Ratings less their mean
/// are factorized into U V^T, while an autoencoder of users' features and one of items' are tied to the vectors through projections:
/// sides(|Xbar - W Xtil|^2 + lambda |P U^T - W X|^2) + alpha |A (.) (R - U V^T)|^2 + beta (|U|^2 + |V|^2). Users and items without ratings are placed by their
/// features: u = (lambda P^T P + beta I)^-1 lambda P^T W x.
/// </summary>
/// <remarks>
/// The paper prints Q1 = Xbar Xtil^T + lambda X X^T; the normal equations have Xtil Xtil^T there, which is what is solved. A side without features has vectors alone.
/// </remarks>
internal sealed class Dcf : FactorModel, IRatingModel
{
    private readonly DcfOptions options;
    private readonly float[] userProjection; // as drawn, then as of the last epoch [p, d]
    private readonly float[] itemProjection;
    private SparseRows byUser = SparseRows.Empty(0, 0); // ratings less their mean; where there are no values all 1
    private SparseRows byItem = SparseRows.Empty(0, 0);
    private bool isImplicit;

    public Dcf(DcfOptions options, ModelShape shape)
        : base(nameof(Dcf), shape, options, options.Dimension, options.InitialDeviation)
    {
        this.options = options;
        var schema = shape.Features!.Schema;
        userProjection = Drawn(FieldSource.User);
        itemProjection = Drawn(FieldSource.Item);
        Check();

        float[] Drawn(FieldSource source) => options.FeatureWeight == 0 || schema.Fields.All(field => field.Source != source) ? []
            : Normal(EntityBags.Width(shape.Features!, source) + (options.ConstantFeature ? 1 : 0), options.Dimension, options.InitialDeviation);
    }

    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = new SystemInfo<DcfOptions>((options, shape) => new Dcf(options, shape))
    {
        Id = "dcf",
        Name = "DCF (mDA-CF, mSDA-CF)",
        Family = "Autoencoders",
        Summary = "Matrix factorization whose vectors are tied to marginalized denoising autoencoders of the features of users and items.",
        Paper = "S. Li, J. Kawale and Y. Fu: Deep Collaborative Filtering via Marginalized Denoising Auto-encoder. CIKM 2015.",
        Answers = Capabilities.KnownUsers,
        ScoresByInnerProduct = true,
        Inputs = [new EntityFeatures<DcfOptions>(options => new(options.ItemFields, options.MinimumCount) { Users = options.UserFields }) { OfUsersToo = true }],
        PredictsRatings = true,
    };

    /// <inheritdoc/>
    public override EpochPlan Plan => new(options.Epochs);

    /// <inheritdoc/>
    public bool PredictsUnrated => true;

    /// <inheritdoc/>
    protected override bool HasItemBias => false;

    /// <summary>The autoencoder of users' features; null where there are none, or before training.</summary>
    internal DcfSide? UserSide { get; private set; }

    /// <summary>The autoencoder of items' features.</summary>
    internal DcfSide? ItemSide { get; private set; }

    /// <inheritdoc/>
    public override ITraining Begin(TrainingSet train, TrainingOptions run)
    {
        isImplicit = !train.Interactions.HasValues || train.Data.IsLabelled;
        if (isImplicit && options.Estimator is DcfEstimator.Sgd)
        {
            throw new InputException("estimator=sgd steps from rating to rating and the data has no values, where all pairs count: leave estimator at ridge.");
        }

        if (isImplicit)
        {
            byUser = train.Seen;
        }
        else
        {
            Mean = MeanRating.Mean(train, "DCF");
            var rated = train.Rated;
            byUser = new SparseRows(rated.Offsets.ToArray(), rated.Columns.ToArray(), rated.ColumnCount, [.. rated.Values.ToArray().Select(value => value - Mean)]);
        }

        byItem = byUser.Transpose();
        End();
        UserSide = Side(FieldSource.User, userProjection, byUser);
        ItemSide = Side(FieldSource.Item, itemProjection, byItem);
        return new SolverTraining(Sweep)
        {
            Saved = () => new Dictionary<string, Tensor> { ["user_projection"] = tensor(userProjection), ["item_projection"] = tensor(itemProjection) },
            Resumed = state =>
            {
                state.Floats("user_projection", userProjection.Length).CopyTo(userProjection, 0);
                state.Floats("item_projection", itemProjection.Length).CopyTo(itemProjection, 0);
            },
            Ended = End,
        };
    }

    private void End()
    {
        UserSide?.Dispose();
        ItemSide?.Dispose();
        (UserSide, ItemSide) = (null, null);
    }

    private double? Sweep(EpochContext context)
    {
        using var grad = no_grad();
        UserSide?.Solve(Users, userProjection);
        ItemSide?.Solve(Items, itemProjection);
        context.Cancellation.ThrowIfCancellationRequested();
        var parallel = Threads.Of(context);
        if (options.Estimator is DcfEstimator.Sgd)
        {
            var loss = Descend(context);
            SolveSide(UserSide, byUser, Items, Users, onlyUnrated: true, parallel);
            SolveSide(ItemSide, byItem, Users, Items, onlyUnrated: true, parallel);
            return loss;
        }

        SolveUsers(parallel);
        SolveItems(parallel);
        var error = SquaredError(parallel) / Math.Max(1, byUser.EntryCount);
        context.Step(1, 1, error, byUser.EntryCount);
        return error;
    }

    /// <inheritdoc/>
    public void Predict(ReadOnlySpan<int> users, ReadOnlySpan<int> items, Span<float> values) => PredictPairs(users, items, values);

    /// <summary>The best users for the items and the features.</summary>
    internal void SolveUsers(ParallelOptions parallel) => SolveSide(UserSide, byUser, Items, Users, onlyUnrated: false, parallel);

    /// <summary>The best items for the users and the features.</summary>
    internal void SolveItems(ParallelOptions parallel) => SolveSide(ItemSide, byItem, Users, Items, onlyUnrated: false, parallel);

    /// <summary>omega: how often each row counts in its features' objective.</summary>
    internal float[] Weights(SparseRows rows) =>
        [.. Enumerable.Range(0, rows.RowCount).Select(row => (float)Math.Pow(Math.Max(1, rows.Length(row)), options.FrequencyExponent))];

    /// <summary>Squared errors of the ratings; without values, of all pairs by their weights.</summary>
    internal double SquaredError(ParallelOptions parallel)
    {
        var sums = new double[byUser.RowCount];
        Parallel.For(0, sums.Length, parallel, user =>
        {
            var items = byUser[user];
            var values = byUser.RowValues(user);
            for (var entry = 0; entry < items.Length; entry++)
            {
                var error = (values.IsEmpty ? 1.0 : values[entry]) - Vectors.Dot(User(user), Item(items[entry]));
                sums[user] += error * error;
            }
        });
        return sums.Sum() + (isImplicit && options.UnobservedWeight > 0 ? options.UnobservedWeight * SquaredScores(parallel) : 0);
    }

    private double SquaredScores(ParallelOptions parallel)
    {
        var (ofUsers, ofItems) = (Gram.OfFactors(Users, Dimension, parallel), Gram.OfFactors(Items, Dimension, parallel));
        return Enumerable.Range(0, Dimension * Dimension).Sum(cell => ofUsers[cell / Dimension, cell % Dimension] * ofItems[cell / Dimension, cell % Dimension]);
    }

    // u = (alpha sum v v^T + omega (lambda P^T P + beta I))^-1 (alpha sum r v + omega lambda P^T W x); without values the sums are over all pairs, by weight.
    private void SolveSide(DcfSide? side, SparseRows rows, float[] source, float[] target, bool onlyUnrated, ParallelOptions parallel)
    {
        var all = isImplicit && options.UnobservedWeight > 0 ? Gram.OfFactors(source, Dimension, parallel) : null;
        var (omega, singular) = (Weights(rows), 0);
        Parallel.For(0, rows.RowCount, parallel, () => new SymmetricMatrix(Dimension), (row, _, equations) =>
        {
            var columns = rows[row];
            if (onlyUnrated && columns.Length > 0)
            {
                return equations;
            }

            Span<double> right = stackalloc double[Dimension];
            right.Clear();
            Begin(equations, all, columns.Length > 0);
            if (side is not null)
            {
                equations.Add(side.Gram, omega[row] * options.FeatureWeight);
                Vectors.AddScaled(right, omega[row] * options.FeatureWeight, side.Pull.AsSpan(row * Dimension, Dimension));
            }

            equations.AddToDiagonal(omega[row] * options.Regularization);
            var values = rows.RowValues(row);
            for (var entry = 0; entry < columns.Length; entry++)
            {
                var vector = source.AsSpan(columns[entry] * Dimension, Dimension);
                equations.AddOuter(vector, options.RatingWeight);
                Vectors.AddScaled(right, options.RatingWeight * (values.IsEmpty ? 1 : values[entry]), vector);
            }

            var vectorOf = target.AsSpan(row * Dimension, Dimension);
            if (columns.IsEmpty && side is null)
            {
                vectorOf.Clear();
            }
            else if (equations.Solve(right))
            {
                for (var index = 0; index < Dimension; index++)
                {
                    vectorOf[index] = (float)right[index];
                }
            }
            else
            {
                Interlocked.Exchange(ref singular, 1);
            }

            return equations;
        }, _ => { });
        if (singular != 0)
        {
            throw new InputException($"DCF met equations without a unique solution; raise regularization above {options.Regularization}.");
        }
    }

    // Pairs that nobody observed say nothing of somebody without any: features alone decide there.
    private void Begin(SymmetricMatrix equations, SymmetricMatrix? all, bool hasRatings)
    {
        if (all is not null && hasRatings)
        {
            equations.Become(all, options.RatingWeight * options.UnobservedWeight);
        }
        else
        {
            equations.Become(equations, 0);
        }
    }

    private double Descend(EpochContext context)
    {
        int[] owners = [.. Enumerable.Range(0, byUser.RowCount).SelectMany(user => Enumerable.Repeat(user, byUser.Length(user)))];
        int[] order = [.. Enumerable.Range(0, owners.Length)];
        context.Random().Shuffle(order.AsSpan());
        var before = new float[Dimension];
        return ExampleLoop.Run(context, order.Length, example =>
        {
            var (user, item) = (owners[order[example]], byUser.Columns[order[example]]);
            var u = User(user);
            var v = Item(item);
            var error = byUser.Values[order[example]] - Vectors.Dot(u, v);
            u.CopyTo(before);
            Descend(UserSide, user, u, v, error);
            Descend(ItemSide, item, v, before, error);
            return error * error;
        });
    }

    // u -= eta (lambda (P^T P u - P^T W x) + beta u - alpha e v): the paper's step for one rating.
    private void Descend(DcfSide? side, int row, Span<float> vector, ReadOnlySpan<float> other, float error)
    {
        Span<float> gradient = stackalloc float[Dimension];
        for (var index = 0; index < Dimension; index++)
        {
            gradient[index] = (float)((options.Regularization * vector[index]) - (options.RatingWeight * error * other[index]));
            for (var column = 0; side is not null && column < Dimension; column++)
            {
                gradient[index] += (float)(options.FeatureWeight * side.Gram[index, column] * vector[column]);
            }
        }

        if (side is not null)
        {
            Vectors.AddScaled(gradient, (float)-options.FeatureWeight, side.Pull.AsSpan(row * Dimension, Dimension));
        }

        Vectors.AddScaled(vector, (float)-options.LearningRate, gradient);
    }

    private DcfSide? Side(FieldSource source, float[] projection, SparseRows rows) => projection.Length == 0
        ? null
        : DcfSide.Of(EntityBags.Of(Shape.Features!, source, BagScale.None), source is FieldSource.User ? "users" : "items", Weights(rows), projection, options);

    private void Check()
    {
        if (options.Layers % 2 == 0)
        {
            throw new InputException($"layers={options.Layers} has no middle layer to tie vectors to; choose an odd number such as {options.Layers + 1}.");
        }

        foreach (var field in Shape.Features!.Schema.Fields.Where(field => field.Source is not (FieldSource.User or FieldSource.Item) || field.IsIdentifier))
        {
            throw new InputException($"user-fields and item-fields: {field.Name} is no feature of users or items. Name columns of theirs, such as user.age or item.genres.");
        }
    }
}
