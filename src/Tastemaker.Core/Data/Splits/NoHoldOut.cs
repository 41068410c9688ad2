using Tastemaker.Recommending;

namespace Tastemaker.Data.Splits;

/// <summary>Everything is trained on and nothing is held out: for a model to be served whose settings are known. It cannot be measured.</summary>
public sealed record NoHoldOut : Splitter
{
    /// <summary>What the split is called.</summary>
    internal const string Name = "none";

    /// <inheritdoc/>
    protected override Split Divide(Dataset data, ulong seed)
    {
        Check(data);
        return new Split
        {
            Description = Name,
            Train = new TrainingSet(data),
            Test = new HoldOut
            {
                Requests = new RequestBatch([], SparseRows.Empty(0, data.Items.Count)),
                Targets = SparseRows.Empty(0, data.Items.Count),
            },
            Notes = ["Nothing is held out: the system learns from all interactions, and is not measured."],
        };
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
