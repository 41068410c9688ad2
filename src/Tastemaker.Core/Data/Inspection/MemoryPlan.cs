namespace Tastemaker.Data.Inspection;

/// <summary>What the data set occupies and what typical work on it will take, against what the machine has.</summary>
/// <param name="DatasetBytes">The data set in memory: interactions, vocabularies, features.</param>
/// <param name="AvailableBytes">Memory this process may use (container limits included), less what other work occupies.</param>
/// <param name="Estimates">Typical systems, the cheapest kinds first.</param>
public sealed record MemoryPlan(long DatasetBytes, long AvailableBytes, IReadOnlyList<MemoryEstimate> Estimates)
{
    private const int Dim = 64;

    /// <summary>The plan for a data set on this machine.</summary>
    public static MemoryPlan For(Dataset dataset)
    {
        var memory = GC.GetGCMemoryInfo();
        return For(dataset, Math.Max(0, memory.TotalAvailableMemoryBytes - memory.MemoryLoadBytes));
    }

    /// <summary>The plan for a data set and an amount of available memory in bytes.</summary>
    public static MemoryPlan For(Dataset dataset, long availableBytes)
    {
        long users = dataset.Users.Count, items = dataset.Items.Count, rows = dataset.Interactions.Count;
        return new MemoryPlan(DatasetSize.Bytes(dataset), availableBytes,
        [
            Estimate("histories by user and by item", (rows * 2 * 16) + ((users + items) * 8), "2 x rows x 16 bytes + (users + items) x 8 bytes", availableBytes, "drop the times, or filter the data"),
            Estimate($"embeddings of {Dim} with Adam", (users + items) * Dim * 4 * 4, $"(users + items) x {Dim} x 4 bytes x 4 (weights, gradients, two moments)",
                availableBytes, "choose fewer dimensions, or SGD"),
            Estimate("an autoencoder, 600 wide, with Adam", items * 600L * 2 * 4 * 4, "items x 600 x 2 layers x 4 bytes x 4", availableBytes, "narrow the first layer, or drop rare items with k-core"),
            Estimate("ItemKNN, 200 neighbors", items * 200L * 8, "items x 200 x 8 bytes", availableBytes, "keep fewer neighbors"),
            Estimate("EASE", items * items * 8 * 2, "items^2 x 8 bytes x 2", availableBytes, "drop rare items with k-core, or take SLIM or iALS"),
        ]);
    }

    private static MemoryEstimate Estimate(string what, long bytes, string formula, long available, string alternative) =>
        new(what, bytes, formula, bytes <= available, bytes <= available ? null : alternative);
}

/// <summary>What a piece of work will take, as an upper estimate.</summary>
/// <param name="What">The work, such as "EASE".</param>
/// <param name="Bytes">Bytes at its peak, beside the data set itself.</param>
/// <param name="Formula">Where the figure comes from.</param>
/// <param name="Fits">Whether it fits into what is available beside the data set.</param>
/// <param name="Alternative">What to do instead where it does not fit; null where it does.</param>
public sealed record MemoryEstimate(string What, long Bytes, string Formula, bool Fits, string? Alternative);
