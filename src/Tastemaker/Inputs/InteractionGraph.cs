using Tastemaker.Data;
using Tastemaker.Native;
using Tastemaker.Options;
using static TorchSharp.torch;

namespace Tastemaker.Inputs;

/// <summary>The bipartite graph of users and the distinct items that they have in training.</summary>
/// <param name="itemsOfUsers">A row per user: distinct items, ascending.</param>
public sealed class InteractionGraph(SparseRows itemsOfUsers) : IFittedInput
{
    private const string Prefix = "graph.";

    /// <summary>A row per user: distinct items, ascending.</summary>
    public SparseRows ItemsOfUsers => itemsOfUsers;

    /// <inheritdoc/>
    public void Save(SavedInputs saved)
    {
        saved.Tensors[Prefix + "offsets"] = tensor(itemsOfUsers.Offsets.ToArray());
        saved.Tensors[Prefix + "items"] = tensor(itemsOfUsers.Columns.ToArray());
    }

    /// <summary>The input that fits one; nothing but pairs of user and item is asked of the data.</summary>
    internal sealed class Input : IInput
    {
        /// <summary>What systems that read the graph list.</summary>
        public static Input OfPairs { get; } = new();

        /// <inheritdoc/>
        public string? Text => null;

        /// <inheritdoc/>
        public bool IsRequired => true;

        /// <inheritdoc/>
        public IFittedInput Fit(TrainingSet train, ModelOptions options) => new InteractionGraph(new SparseRows(train.Seen.Offsets.ToArray(), train.Seen.Columns.ToArray(), train.ItemCount));

        /// <inheritdoc/>
        public IFittedInput? Restore(SavedInputs saved)
        {
            if (!saved.Tensors.TryGetValue(Prefix + "offsets", out var offsets))
            {
                return null;
            }

            return new InteractionGraph(new SparseRows(offsets.ToValues<int>(), saved.Tensors[Prefix + "items"].ToValues<int>(), (int)saved.Card["items"]!));
        }
    }
}
