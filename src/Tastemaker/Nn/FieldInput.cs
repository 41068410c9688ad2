using Tastemaker.Batches;
using Tastemaker.Features;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Nn;

/// <summary>
/// The input of a network: the vectors of some fields side by side, then their numbers, each alone or with its square and its root (Covington et al.
/// 2016, section 4.1). Several categories are averaged or summed, as their field says. Fields of one space share a table; unknown categories
/// are the vector 0, without a gradient.
/// </summary>
internal sealed class FieldInput : nn.Module<FeatureBatch, Tensor>
{
    private readonly ModuleList<FieldEmbeddings> tables; // one for each length of vectors
    private readonly long[] numbers; // places among the schema's numbers
    private readonly bool hasPowers;

    /// <summary>An input.</summary>
    /// <param name="schema">The fields.</param>
    /// <param name="fields">Which of the schema's visible fields.</param>
    /// <param name="dimension">Length of the vectors of a field of categories; the same for fields of one space.</param>
    /// <param name="initialize">Makes what fills a table of vectors of a length.</param>
    /// <param name="hasPowers">Whether numbers bring their squares and roots.</param>
    public FieldInput(
        FeatureSchema schema, Predicate<FeatureField> fields, Func<FeatureField, int> dimension, Func<int, Action<Tensor>> initialize, bool hasPowers = false)
        : base(nameof(FieldInput))
    {
        this.hasPowers = hasPowers;
        Fields = [.. schema.Visible.Where(field => fields(field))];
        var lengths = Fields.Where(field => field.Kind is not FieldKind.Number).GroupBy(dimension).OrderBy(group => group.Key).ToList();
        tables = nn.ModuleList([.. lengths.Select(group =>
            new FieldEmbeddings(schema, group.Key, initialize(group.Key), group.Contains, shareSpaces: true, zeroUnknown: true))]);
        numbers = [.. Enumerable.Range(0, schema.Numbers.Count).Where(place => Fields.Contains(schema.Numbers[place])).Select(place => (long)place)];
        Width = lengths.Sum(group => group.Key * group.Count()) + (numbers.Length * (hasPowers ? 3 : 1));
        RegisterComponents();
    }

    /// <summary>The fields.</summary>
    public IReadOnlyList<FeatureField> Fields { get; }

    /// <summary>Numbers a row.</summary>
    public int Width { get; }

    /// <summary>The input of rows [B, <see cref="Width"/>].</summary>
    public override Tensor forward(FeatureBatch batch)
    {
        List<Tensor> parts = [.. tables.Select(table => table.forward(batch).flatten(1))];
        if (numbers.Length > 0)
        {
            var x = batch.Numbers.index_select(1, tensor(numbers, device: batch.Numbers.device));
            parts.Add(hasPowers ? Powers(x) : x);
        }

        return parts.Count switch
        {
            0 => zeros([batch.Count, 0], device: batch.Numbers.device),
            1 => parts[0],
            _ => cat(parts, 1),
        };
    }

    /// <summary>Numbers, their squares, and their roots with the sign of the number: [B, n] to [B, 3n].</summary>
    public static Tensor Powers(Tensor x) => cat([x, x.square(), x.sign() * x.abs().sqrt()], 1);
}
