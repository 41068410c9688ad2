using Tastemaker.Data;
using Tastemaker.Native;
using Tastemaker.Options;
using static TorchSharp.torch;

namespace Tastemaker.Inputs;

/// <summary>The training interactions of every user and of every item in order of time, with values where the data has them. For systems whose states are functions of time.</summary>
/// <param name="byUser">A row per user: items in order of time, repeats included, with times.</param>
public sealed class EventHistories(SparseRows byUser) : IFittedInput
{
    private const string Prefix = "histories.";
    private SparseRows? byItem;

    /// <summary>A row per user: items in order of time, with times, and values where the data has them.</summary>
    public SparseRows ByUser => byUser;

    /// <summary>A row per item: users in order of time, with times, and values where the data has them.</summary>
    public SparseRows ByItem => byItem ??= Turned();

    /// <summary>The time of the last interaction; 0 without any.</summary>
    public long Until { get; } = byUser.Times.ToArray().DefaultIfEmpty(0).Max();

    /// <inheritdoc/>
    public void Save(SavedInputs saved)
    {
        saved.Tensors[Prefix + "offsets"] = tensor(byUser.Offsets.ToArray());
        saved.Tensors[Prefix + "items"] = tensor(byUser.Columns.ToArray());
        saved.Tensors[Prefix + "times"] = tensor(byUser.Times.ToArray());
        if (byUser.HasValues)
        {
            saved.Tensors[Prefix + "values"] = tensor(byUser.Values.ToArray());
        }
    }

    private SparseRows Turned()
    {
        var owners = new int[byUser.EntryCount];
        for (var user = 0; user < byUser.RowCount; user++)
        {
            owners.AsSpan(byUser.Offsets[user]..byUser.Offsets[user + 1]).Fill(user);
        }

        return new Interactions(byUser.Columns.ToArray(), owners, byUser.HasValues ? byUser.Values.ToArray() : null, byUser.Times.ToArray()).ByUser(byUser.ColumnCount, byUser.RowCount);
    }

    /// <summary>The input that fits them; demands times.</summary>
    internal sealed class Input : IInput
    {
        /// <summary>The input of systems that need times, not only the order of interactions.</summary>
        public static Input Required { get; } = new();

        /// <inheritdoc/>
        public string Text => "times";

        /// <inheritdoc/>
        public bool IsRequired => true;

        /// <inheritdoc/>
        public IEnumerable<string> Problems(TrainingSet train, ModelOptions options, string system) => train.Interactions.HasTimes ? [] :
            [$"{system} learns from the time between interactions, and '{train.Data.Name}' has no times. Name the column of times on import, or choose a system that needs only the order of interactions, such as gru4rec or sasrec."];

        /// <inheritdoc/>
        public IFittedInput Fit(TrainingSet train, ModelOptions options) => new EventHistories(train.ByUser);

        /// <inheritdoc/>
        public IFittedInput? Restore(SavedInputs saved) => !saved.Tensors.TryGetValue(Prefix + "offsets", out var offsets) ? null : new EventHistories(new SparseRows(
            offsets.ToValues<int>(),
            saved.Tensors[Prefix + "items"].ToValues<int>(),
            (int)saved.Card["items"]!,
            saved.Tensors.TryGetValue(Prefix + "values", out var values) ? values.ToValues<float>() : null,
            saved.Tensors[Prefix + "times"].ToValues<long>()));
    }
}
