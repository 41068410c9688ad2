using Tastemaker.Data;
using Tastemaker.Native;
using Tastemaker.Options;
using static TorchSharp.torch;

namespace Tastemaker.Inputs;

/// <summary>The bipartite graph of users and the distinct items that they have in training, with the newest rating of each pair where it was asked for.</summary>
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
        if (itemsOfUsers.HasValues)
        {
            saved.Tensors[Prefix + "ratings"] = tensor(itemsOfUsers.Values.ToArray());
        }
    }

    /// <summary>The input that fits one; nothing but pairs of user and item is asked of the data, ratings by another input.</summary>
    internal sealed class Input : IInput
    {
        private readonly bool withRatings;

        private Input(bool withRatings) => this.withRatings = withRatings;

        /// <summary>What systems that read the graph list.</summary>
        public static Input OfPairs { get; } = new(withRatings: false);

        /// <summary>What systems list that read the rating of each pair too, after an input that demands ratings.</summary>
        public static Input OfRatings { get; } = new(withRatings: true);

        /// <inheritdoc/>
        public string? Text => null;

        /// <inheritdoc/>
        public bool IsRequired => true;

        /// <inheritdoc/>
        public IFittedInput Fit(TrainingSet train, ModelOptions options) => new InteractionGraph(withRatings ? train.Rated : train.Seen);

        /// <inheritdoc/>
        public IFittedInput? Restore(SavedInputs saved)
        {
            if (!saved.Tensors.TryGetValue(Prefix + "offsets", out var offsets))
            {
                return null;
            }

            var ratings = saved.Tensors.TryGetValue(Prefix + "ratings", out var found) ? found.ToValues<float>() : null;
            return new InteractionGraph(new SparseRows(offsets.ToValues<int>(), saved.Tensors[Prefix + "items"].ToValues<int>(), (int)saved.Card["items"]!, ratings));
        }
    }
}
