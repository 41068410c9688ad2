using Tastemaker.Data;
using Tastemaker.Solvers;
using static TorchSharp.torch;

namespace Tastemaker.Models.Adversarial;

/// <summary>IRGAN's discriminator: D(u, i) = sigma(f(u, i)) with f(u, i) = p_u . q_i + b_i, learned by binary cross-entropy with L2 on what an example touches.</summary>
/// <param name="users">p [users, dimension].</param>
/// <param name="items">q [items, dimension].</param>
/// <param name="options">Learning rate, regularization, reward.</param>
internal sealed class IrganDiscriminator(float[] users, float[] items, IrganOptions options)
{
    private readonly float rate = (float)options.DiscriminatorLearningRate;
    private readonly float keep = (float)(1 - (options.DiscriminatorLearningRate * options.DiscriminatorRegularization));
    private readonly int dimension = options.Dimension;
    private readonly float[] bias = new float[items.Length / options.Dimension];

    /// <summary>f(u, i).</summary>
    public float Logit(int user, int item) => Vectors.Dot(User(user), Item(item)) + bias[item];

    /// <summary>What the generator is paid for an item.</summary>
    public double Reward(int user, int item) => Logit(user, item) is var logit && options.Reward is IrganReward.Probability
        ? (2.0 * Sigmoid(logit)) - 1
        : Math.Max(0, logit) + Math.Log(1 + Math.Exp(-Math.Abs(logit)));

    /// <summary>One epoch over pairs of items of users (label 1) and generated ones (label 0).</summary>
    /// <param name="seen">The items of each user.</param>
    /// <param name="shown">Twice as many for each user, in the order of the rows.</param>
    /// <returns>The mean loss.</returns>
    public double Learn(SparseRows seen, (int Item, float Label)[] shown)
    {
        var (loss, place) = (0.0, 0);
        for (var user = 0; user < seen.RowCount; user++)
        {
            for (var end = place + (2 * seen.Length(user)); place < end; place++)
            {
                loss += Learn(user, shown[place].Item, shown[place].Label);
            }
        }

        return loss / Math.Max(1, shown.Length);
    }

    /// <summary>One step on a pair; returns the loss before it.</summary>
    public double Learn(int user, int item, float label)
    {
        var logit = Logit(user, item);
        var move = rate * (label - Sigmoid(logit));
        Vectors.Exchange(User(user), Item(item), keep, move);
        bias[item] = (keep * bias[item]) + move;
        var margin = label > 0 ? logit : -logit;
        return Math.Max(0, -margin) + Math.Log(1 + Math.Exp(-Math.Abs(margin)));
    }

    /// <summary>The weights, which resuming needs: the generator alone ranks.</summary>
    public IReadOnlyDictionary<string, Tensor> Saved() => new Dictionary<string, Tensor>
    {
        ["users"] = tensor(users, [users.Length / dimension, dimension]), ["items"] = tensor(items, [bias.Length, dimension]), ["bias"] = tensor(bias),
    };

    /// <summary>Takes over what <see cref="Saved"/> gave.</summary>
    public void Restore(IReadOnlyDictionary<string, Tensor> state)
    {
        state.Floats("users", users.Length / dimension, dimension).CopyTo(users, 0);
        state.Floats("items", bias.Length, dimension).CopyTo(items, 0);
        state.Floats("bias", bias.Length).CopyTo(bias, 0);
    }

    private Span<float> User(int user) => users.AsSpan(user * dimension, dimension);

    private Span<float> Item(int item) => items.AsSpan(item * dimension, dimension);

    private static float Sigmoid(float x) => 1 / (1 + MathF.Exp(-x));
}
