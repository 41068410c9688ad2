using System.ComponentModel.DataAnnotations;
using Tastemaker.Batches;
using Tastemaker.Batches.Sampling;
using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Models.Baselines;
using Tastemaker.Native;
using Tastemaker.Options;
using Tastemaker.Solvers;
using Tastemaker.Systems;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Models.Adversarial;

/// <summary>What the generator is paid for a sampled item.</summary>
public enum IrganReward
{
    /// <summary>2 D(u, i) - 1, as in the official code: between -1 and 1, so that it needs no baseline.</summary>
    Probability,

    /// <summary>log(1 + exp f(u, i)), as in the paper.</summary>
    LogLikelihood,
}

/// <summary>Hyper-parameters of <see cref="Irgan"/>; the defaults are those of the official code on MovieLens-100K.</summary>
public sealed record IrganOptions : ModelOptions
{
    /// <summary>Embedding size. <value>5</value></summary>
    [Range(1, 4096)]
    [Search(4, 64, Log = true)]
    public int Dimension { get; init; } = 5;

    /// <summary>Epochs of pre-training the generator by dynamic negative sampling. They come before the rounds. <value>80</value></summary>
    [Range(0, 100_000)]
    public int PretrainingEpochs { get; init; } = 80;

    /// <summary>Items drawn in pre-training for a pair, of which the one that scores highest is its negative. <value>5</value></summary>
    [Range(1, 1000)]
    public int Candidates { get; init; } = 5;

    /// <summary>Learning rate of pre-training. <value>0.05</value></summary>
    [Range(1e-8, 10.0)]
    [Search(1e-2, 0.2, Log = true)]
    public double PretrainingLearningRate { get; init; } = 0.05;

    /// <summary>L2 penalty of pre-training, of what an example touches. <value>0.1</value></summary>
    [Range(0.0, 10.0)]
    [Search(1e-3, 0.3, Log = true)]
    public double PretrainingRegularization { get; init; } = 0.1;

    /// <summary>Rounds of the game: in each the discriminator takes its turn, then the generator. <value>15</value></summary>
    [Range(1, 100_000)]
    public int Rounds { get; init; } = 15;

    /// <summary>Epochs of the discriminator per round. <value>100</value></summary>
    [Range(1, 100_000)]
    public int DiscriminatorEpochs { get; init; } = 100;

    /// <summary>Epochs of the generator per round; each is an epoch of the run. <value>50</value></summary>
    [Range(1, 100_000)]
    public int GeneratorEpochs { get; init; } = 50;

    /// <summary>Learning rate of the discriminator. <value>0.001</value></summary>
    [Range(1e-8, 10.0)]
    [Search(1e-4, 1e-2, Log = true)]
    public double DiscriminatorLearningRate { get; init; } = 0.001;

    /// <summary>L2 penalty of the discriminator, of what an example touches. <value>0.1</value></summary>
    [Range(0.0, 10.0)]
    public double DiscriminatorRegularization { get; init; } = 0.1;

    /// <summary>Epochs of the discriminator for which generated items are kept. <value>5</value></summary>
    [Range(1, 100_000)]
    public int RefreshEvery { get; init; } = 5;

    /// <summary>Temperature of the softmax that generated items are drawn from. <value>0.2</value></summary>
    [Range(1e-3, 100.0)]
    public double Temperature { get; init; } = 0.2;

    /// <summary>Whether generated items are never positives of the user. <value>false, as in the official code</value></summary>
    public bool MaskPositives { get; init; }

    /// <summary>Learning rate of the generator. <value>0.001</value></summary>
    [Range(1e-8, 10.0)]
    [Search(1e-4, 1e-2, Log = true)]
    public double GeneratorLearningRate { get; init; } = 0.001;

    /// <summary>Share of the samples of the generator's step that come from the user's positives, which importance weights undo. <value>0.2</value></summary>
    [Range(0.0, 0.99)]
    public double PositiveShare { get; init; } = 0.2;

    /// <summary>The reward.</summary>
    public IrganReward Reward { get; init; } = IrganReward.Probability;
}

/// <summary>
/// A minimax game of two matrix factorizations with scores p_u . q_i + b_i (Wang et al. 2017): the generator's p(i | u) is a softmax of its scores over the whole catalog, the
/// discriminator tells a user's items from generated ones, and the generator learns by policy gradient from what it says of sampled items. The generator ranks.
/// </summary>
/// <remarks>
/// As in the official code: the generator is pre-trained by dynamic negative sampling (BPR against the highest of some uniform candidates); the discriminator begins at random; the
/// generator's samples come from 0.8 p + 0.2 uniform over the user's positives, with importance weights that are constants for the gradient. Steps are taken example by example
/// instead of in batches of 16, which at this learning rate is the same. The official code picks its epoch on the test users; here the validation part does.
/// </remarks>
internal sealed class Irgan : FactorModel
{
    private const float InitialWidth = 0.05f;

    private readonly IrganOptions options;
    private readonly IrganDiscriminator discriminator;

    public Irgan(ModelShape shape, IrganOptions options)
        : base(nameof(Irgan), shape, options, options.Dimension, 0)
    {
        this.options = options;
        Uniform(shape.Users).CopyTo(Users, 0);
        Uniform(shape.Items).CopyTo(Items, 0);
        discriminator = new IrganDiscriminator(Uniform(shape.Users), Uniform(shape.Items), options);
    }

    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = new SystemInfo<IrganOptions>((options, shape) => new Irgan(shape, options))
    {
        Id = "irgan",
        Name = "IRGAN",
        Family = "Adversarial",
        Summary = "A generator of items and a discriminator that tells them from real ones, in a minimax game.",
        Paper = "J. Wang, L. Yu, W. Zhang, Y. Gong, Y. Xu, B. Wang, P. Zhang and D. Zhang: IRGAN: A Minimax Game for Unifying Generative and Discriminative Information Retrieval Models. SIGIR 2017.",
        Answers = Capabilities.KnownUsers,
        ScoresByInnerProduct = true,
    };

    /// <inheritdoc/>
    public override EpochPlan Plan => new(options.PretrainingEpochs + (options.Rounds * options.GeneratorEpochs), FirstMeasured: options.PretrainingEpochs);

    /// <inheritdoc/>
    public override ITraining Begin(TrainingSet train, TrainingOptions run)
    {
        var pairs = new PositivePairs(train);
        (int Item, float Label)[] shown = [];
        var judge = new Player("discriminator", options.DiscriminatorEpochs, (_, random, epoch) =>
        {
            shown = epoch % options.RefreshEvery == 0 ? Generated(train.Seen, random) : shown;
            return discriminator.Learn(train.Seen, shown);
        })
        {
            Saved = discriminator.Saved,
            Resumed = discriminator.Restore,
        };
        var generator = new Player("generator", options.GeneratorEpochs, (context, random, _) => Generate(context, train.Seen, random));
        return new GameTraining(generator, judge) { Before = (options.PretrainingEpochs, context => Pretrain(context, pairs)) };
    }

    /// <summary>p(. | u) at a temperature.</summary>
    internal void Softmax(int user, double temperature, Span<double> probabilities)
    {
        for (var item = 0; item < probabilities.Length; item++)
        {
            probabilities[item] = Score(user, item);
        }

        SoftmaxPolicy.Normalize(probabilities, temperature);
    }

    // Dynamic negative sampling: BPR against the candidate that the generator scores highest.
    private double? Pretrain(EpochContext context, PositivePairs pairs)
    {
        var (random, order) = (context.Random(), Enumerable.Range(0, pairs.Count).ToArray());
        random.Shuffle(order.AsSpan());
        var (rate, keep) = ((float)options.PretrainingLearningRate, (float)(1 - (options.PretrainingLearningRate * options.PretrainingRegularization)));
        return ExampleLoop.Run(context, order.Length, example =>
        {
            var (user, item) = pairs[order[example]];
            var other = Hardest(pairs, user, options.Candidates, random);
            return other < 0 ? 0 : Prefer(user, item, other, Score(user, item) - Score(user, other), rate, keep);
        });
    }

    // A generated item beside each pair, in the order of the rows.
    private (int Item, float Label)[] Generated(SparseRows seen, SeededRandom random)
    {
        var (items, probabilities) = (new (int, float)[2 * seen.EntryCount], new double[Shape.Items]);
        var place = 0;
        for (var user = 0; user < seen.RowCount; user++)
        {
            if (seen.Length(user) == 0)
            {
                continue;
            }

            Softmax(user, options.Temperature, probabilities);
            if (options.MaskPositives && seen.Length(user) < Shape.Items)
            {
                foreach (var item in seen[user])
                {
                    probabilities[item] = 0;
                }
            }

            var table = new AliasTable(probabilities);
            foreach (var item in seen[user])
            {
                (items[place], items[place + 1]) = ((item, 1), (table.Draw(random), 0));
                place += 2;
            }
        }

        return items;
    }

    // Policy gradient, a user at a time; returns minus the mean reward, importance-weighted.
    private double? Generate(EpochContext context, SparseRows seen, SeededRandom random)
    {
        var (p, mixed, gradient) = (new double[Shape.Items], new double[Shape.Items], new double[Shape.Items]);
        var (sum, count) = (0.0, 0);
        for (var user = 0; user < seen.RowCount; user++)
        {
            var positives = seen[user];
            if (positives.Length == 0)
            {
                continue;
            }

            context.Cancellation.ThrowIfCancellationRequested();
            Softmax(user, 1, p);
            for (var item = 0; item < p.Length; item++)
            {
                mixed[item] = (1 - options.PositiveShare) * p[item];
            }

            foreach (var item in positives)
            {
                mixed[item] += options.PositiveShare / positives.Length;
            }

            var (table, samples, rewards) = (new AliasTable(mixed), new int[2 * positives.Length], new double[2 * positives.Length]);
            for (var sample = 0; sample < samples.Length; sample++)
            {
                var item = samples[sample] = table.Draw(random);
                rewards[sample] = discriminator.Reward(user, item) * p[item] / mixed[item];
                sum += rewards[sample];
            }

            count += samples.Length;
            SoftmaxPolicy.Gradient(p, samples, rewards, gradient);
            Descend(user, gradient);
        }

        var loss = -sum / Math.Max(1, count);
        context.Step(1, 1, loss, count);
        return loss;
    }

    private void Descend(int user, ReadOnlySpan<double> gradient)
    {
        var (rate, before) = ((float)options.GeneratorLearningRate, User(user).ToArray());
        for (var item = 0; item < gradient.Length; item++)
        {
            var move = -rate * (float)gradient[item];
            Vectors.AddScaled(User(user), move, Item(item));
            Vectors.AddScaled(Item(item), move, before);
            ItemBias[item] += move;
        }
    }

    private float[] Uniform(int rows)
    {
        using var scope = NewDisposeScope();
        return rand(checked(rows * options.Dimension)).mul_(2 * InitialWidth).sub_(InitialWidth).ToValues<float>();
    }
}
