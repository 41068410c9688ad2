using Tastemaker.Data;
using static TorchSharp.torch;

namespace Tastemaker.Training;

/// <summary>
/// Training as a game: players learn by turns, each with weights, random stream and moments of its own. An epoch of the run is one of the leader's; before the
/// leader's turn begins, each other player takes a whole turn. So the metric is measured within the leader's turn too.
/// </summary>
/// <param name="leader">The player whose epochs are those of the run, such as a generator.</param>
/// <param name="others">The players that answer it, in the order of their turns, such as a discriminator.</param>
public sealed class GameTraining(Player leader, params IReadOnlyList<Player> others) : ITraining
{
    /// <summary>Epochs before the game, in which the leader learns alone: pre-training. Null for none.</summary>
    public (int Epochs, Func<EpochContext, double?> Run)? Before { get; init; }

    /// <inheritdoc/>
    public double? RunEpoch(EpochContext context)
    {
        if (Before is { } before && context.Epoch < before.Epochs)
        {
            return before.Run(context);
        }

        if ((context.Epoch - (Before?.Epochs ?? 0)) % leader.EpochsPerTurn == 0)
        {
            for (var player = 0; player < others.Count; player++)
            {
                TakeTurn(others[player], context, context.Random((ulong)player + 1));
            }
        }

        return Play(leader, context, context.Random(), 0);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> State() => others.Append(leader)
        .SelectMany(player => (player.Saved?.Invoke() ?? new Dictionary<string, Tensor>()).Select(saved => (Key: $"{player.Name}|{saved.Key}", saved.Value)))
        .ToDictionary(saved => saved.Key, saved => saved.Value);

    /// <inheritdoc/>
    public void Restore(IReadOnlyDictionary<string, Tensor> state)
    {
        foreach (var player in others.Append(leader))
        {
            var prefix = $"{player.Name}|";
            player.Resumed?.Invoke(state.Where(saved => saved.Key.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(saved => saved.Key[prefix.Length..], saved => saved.Value));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var player in others.Append(leader))
        {
            player.Ended?.Invoke();
        }
    }

    private static void TakeTurn(Player player, EpochContext context, SeededRandom random)
    {
        for (var epoch = 0; epoch < player.EpochsPerTurn; epoch++)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            _ = Play(player, context, random, epoch);
        }
    }

    private static double? Play(Player player, EpochContext context, SeededRandom random, int epoch) =>
        player.Epoch(context, random, epoch) is var loss && (loss is null || double.IsFinite(loss.Value)) ? loss : throw new InputException(
            $"The {player.Name} diverged in epoch {context.Epoch + 1}: its loss is {loss}. Lower its learning rate.");
}

/// <summary>A player of a game.</summary>
/// <param name="Name">Names it in errors and in what is saved.</param>
/// <param name="EpochsPerTurn">Epochs per turn.</param>
/// <param name="Epoch">One epoch of its turn (numbered from 0; the leader's are those of the run, always 0): returns its mean loss, or null.</param>
public sealed record Player(string Name, int EpochsPerTurn, Func<EpochContext, SeededRandom, int, double?> Epoch)
{
    /// <summary>What resuming needs of it beyond the model's state: the weights of a player that does not score, moments.</summary>
    public Func<IReadOnlyDictionary<string, Tensor>>? Saved { get; init; }

    /// <summary>Takes over what <see cref="Saved"/> gave.</summary>
    public Action<IReadOnlyDictionary<string, Tensor>>? Resumed { get; init; }

    /// <summary>Frees what only training needs.</summary>
    public Action? Ended { get; init; }
}
