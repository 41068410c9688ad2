using Tastemaker.Data.Features;
using Tastemaker.Data.Import.Columns;
using Tastemaker.Data.Syntax;

namespace Tastemaker.Data.Filters;

/// <summary>
/// Puts interactions in the order of a numeric column, smallest first: of one user those of equal time then follow each other in it, as clicks of one day do by their milliseconds. Rows of one number
/// keep the order of the source; rows without a number come last.
/// </summary>
/// <param name="Column">The column of interactions.</param>
public sealed record OrderBy(string Column) : DataFilter
{
    private const float Largest = 1 << 27; // from there on, neighbors differ by 16 and more

    /// <inheritdoc/>
    public override Dataset Apply(Dataset data)
    {
        var numbers = data.InteractionFeatures?.Find(Column) switch
        {
            NumericColumn column => column.Values,
            null when ColumnUse.RoleOf(data, Column) is "time" => throw new InputException($"The filter '{this}' has nothing to order by: '{Column}' is read as the time, by which interactions are ordered without it. Leave the filter out, or name another numeric column."),
            null => throw new InputException($"The filter '{this}' finds no column '{Column}' of interactions in '{data.Name}'.{ColumnUse.Explain(data, Column)}"),
            var other => throw new InputException($"The filter '{this}' orders by numbers, and the column '{other.Name}' is not numeric. Declare it with features: {other.Name}=numeric."),
        };
        if (numbers.Any(number => MathF.Abs(number) >= Largest))
        {
            throw new InputException($"The filter '{this}' orders by numbers that are kept to seven digits, and '{Column}' holds {Largest:0} or more: rows would stand in a wrong order. Name such a column as the time (option time), or take a common number from all.");
        }

        int[] order = [.. Enumerable.Range(0, data.Interactions.Count).OrderBy(row => float.IsNaN(numbers[row]) ? float.PositiveInfinity : numbers[row])];
        return data.Restrict(order, ToString());
    }

    /// <inheritdoc/>
    public override string ToString() => SyntaxCall.Print("order-by", ("column", Column));
}
