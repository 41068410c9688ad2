namespace Tastemaker.Data.Splits;

/// <summary>
/// A way to divide a data set, as a value: printable, comparable, and with the same result on every machine for a seed.
/// Each splitter is one record in this folder; <see cref="object.ToString"/> gives the text that <see cref="SplitterSyntax"/> parses.
/// </summary>
public abstract record Splitter
{
    /// <summary>Divides the data.</summary>
    /// <exception cref="InputException">The data lacks what the splitter needs (times, enough interactions), or a part would be empty.</exception>
    public abstract Split Apply(Dataset data, ulong seed);
}
