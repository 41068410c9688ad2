using Tastemaker.Nn;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Training.Optimizers;

/// <summary>
/// What an optimizer updates: whole parameters, and tables of which each step updates only the touched rows. Gathers the gradients of a step
/// once, for clipping and update alike. Used inside the step's dispose scope.
/// </summary>
internal sealed class ParameterSet
{
    private readonly Parameter[] all;
    private readonly EmbeddingTable[] allTables;
    private readonly List<RowGradient> rowGradients = [];
    private int[] present = [];
    private Tensor[]? gradients;

    /// <summary>The trainable parameters of a model; gradients of its other parameters are dropped.</summary>
    public ParameterSet(nn.Module model, IEnumerable<Parameter> trainable)
    {
        all = [.. model.parameters()];
        allTables = [.. model.modules().OfType<EmbeddingTable>()];
        var chosen = trainable.Select(parameter => parameter.Handle).ToHashSet();
        var byRow = allTables.Where(table => table.RowMode).ToDictionary(table => table.Weight.Handle);
        var named = model.named_parameters().Where(pair => chosen.Contains(pair.parameter.Handle)).ToList();
        Whole = [.. named.Where(pair => !byRow.ContainsKey(pair.parameter.Handle))];
        Tables = [.. named.Where(pair => byRow.ContainsKey(pair.parameter.Handle)).Select(pair => (pair.name, byRow[pair.parameter.Handle]))];
    }

    /// <summary>Parameters that are updated as a whole.</summary>
    public IReadOnlyList<(string Name, Parameter Parameter)> Whole { get; }

    /// <summary>Tables that are updated row by row.</summary>
    public IReadOnlyList<(string Name, EmbeddingTable Table)> Tables { get; }

    /// <summary>Where the parameters live.</summary>
    public Device Device => all.Length > 0 ? all[0].device : CPU;

    /// <summary>Gradients of this step, one for each of <see cref="Present"/>.</summary>
    public Tensor[] Gradients => gradients ?? Gather();

    /// <summary>Indexes into <see cref="Whole"/> of the parameters that have a gradient in this step.</summary>
    public ReadOnlySpan<int> Present => Gradients.Length == 0 ? [] : present.AsSpan(0, Gradients.Length);

    /// <summary>Gradients of the touched rows of this step, repeated ids and repeated look-ups already summed.</summary>
    public IReadOnlyList<RowGradient> RowGradients
    {
        get
        {
            _ = Gradients;
            return rowGradients;
        }
    }

    /// <summary>Scales all gradients down together so that their common norm is at most <paramref name="most"/>.</summary>
    public void Clip(double most)
    {
        Tensor[] together = [.. Gradients, .. rowGradients.Select(row => row.Gradient)];
        if (together.Length > 0)
        {
            using var grad = no_grad();
            FusedKernels.Clip(together, most);
        }
    }

    /// <summary>Drops all gradients, so that the next backward writes rather than adds.</summary>
    public void ZeroGradients()
    {
        gradients = null;
        rowGradients.Clear();
        foreach (var parameter in all)
        {
            parameter.grad = null;
        }

        foreach (var table in allTables)
        {
            table.ForgetLookups();
        }
    }

    private Tensor[] Gather()
    {
        var found = new List<Tensor>(Whole.Count);
        if (present.Length < Whole.Count)
        {
            present = new int[Whole.Count];
        }

        for (var index = 0; index < Whole.Count; index++)
        {
            if (Whole[index].Parameter.grad is { } gradient)
            {
                present[found.Count] = index;
                found.Add(gradient);
            }
        }

        for (var table = 0; table < Tables.Count; table++)
        {
            GatherRows(table);
        }

        return gradients = [.. found];
    }

    private void GatherRows(int index)
    {
        var (name, table) = Tables[index];
        if (table.Weight.grad is not null)
        {
            throw new InvalidOperationException($"The loss reads the whole of table '{name}', which is updated by row: set {nameof(EmbeddingTable.AlwaysWhole)} on it.");
        }

        if ((table.Gathered ??= Gather(table)) is { } gathered)
        {
            rowGradients.Add(new RowGradient(index, gathered.Rows, gathered.Gradient));
        }
    }

    // Gradients of repeated ids and of repeated look-ups are summed.
    private static (Tensor Rows, Tensor Gradient)? Gather(EmbeddingTable table)
    {
        using var grad = no_grad();
        var parts = table.Lookups
            .Select(lookup => (lookup.Rows, Gradient: lookup.Vectors.grad))
            .Where(part => part.Gradient is not null)
            .ToList();
        if (parts.Count <= 1)
        {
            return parts.Count == 0 ? null : (parts[0].Rows, parts[0].Gradient!);
        }

        var (rows, positions) = table.Distinct(cat([.. parts.Select(part => part.Rows)]));
        var sum = zeros([rows.shape[0], table.Weight.shape[1]], device: rows.device);
        sum.AddRows(positions, cat([.. parts.Select(part => part.Gradient!)]));
        return (rows, sum);
    }
}
