using Tastemaker.Data;
using Tastemaker.Native;
using Tastemaker.Nn;
using Tastemaker.Options;
using static TorchSharp.torch;

namespace Tastemaker.Inputs;

/// <summary>The bipartite graph of users and the distinct items that they have in training.</summary>
/// <param name="users">Number of users.</param>
/// <param name="itemsOfUsers">A row per user: distinct items, ascending.</param>
internal sealed class InteractionGraph(int users, SparseRows itemsOfUsers) : IFittedInput
{
    private const string Prefix = "graph.";

    /// <summary>A row per user: distinct items, ascending.</summary>
    public SparseRows ItemsOfUsers => itemsOfUsers;

    /// <summary>The adjacency matrix [users, items] with 1 / sqrt(|N_u| |N_i|) where user u has item i: the upper right block of D^-1/2 A D^-1/2.</summary>
    public CsrMatrix Normalized()
    {
        var degrees = new int[itemsOfUsers.ColumnCount];
        foreach (var item in itemsOfUsers.Columns)
        {
            degrees[item]++;
        }

        var weights = new float[itemsOfUsers.EntryCount];
        for (var user = 0; user < users; user++)
        {
            for (var entry = itemsOfUsers.Offsets[user]; entry < itemsOfUsers.Offsets[user + 1]; entry++)
            {
                weights[entry] = (float)(1 / Math.Sqrt((double)itemsOfUsers.Length(user) * degrees[itemsOfUsers.Columns[entry]]));
            }
        }

        return new CsrMatrix(itemsOfUsers, weights);
    }

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
        public IFittedInput Fit(TrainingSet train, ModelOptions options) => new InteractionGraph(train.UserCount, new SparseRows(train.Seen.Offsets.ToArray(), train.Seen.Columns.ToArray(), train.ItemCount));

        /// <inheritdoc/>
        public IFittedInput? Restore(SavedInputs saved)
        {
            if (!saved.Tensors.TryGetValue(Prefix + "offsets", out var offsets))
            {
                return null;
            }

            var starts = offsets.ToValues<int>();
            return new InteractionGraph(starts.Length - 1, new SparseRows(starts, saved.Tensors[Prefix + "items"].ToValues<int>(), (int)saved.Card["items"]!));
        }
    }
}
