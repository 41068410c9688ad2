namespace Tastemaker.Options;

/// <summary>The range in which a hyper-parameter search looks for a good value of an option.</summary>
/// <param name="low">Smallest value tried.</param>
/// <param name="high">Largest value tried.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SearchAttribute(double low, double high) : Attribute
{
    /// <summary>Smallest value tried.</summary>
    public double Low { get; } = low;

    /// <summary>Largest value tried.</summary>
    public double High { get; } = high;

    /// <summary>Whether the search is uniform in the logarithm.</summary>
    public bool Log { get; init; }
}

/// <summary>The values among which a hyper-parameter search chooses: for options that have no range, such as names, switches and lists of widths.</summary>
/// <param name="values">As written on the command line: "tf-idf", "[200, 600]". None: every value of a switch or of an option that takes one of a few names.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SearchChoicesAttribute(params string[] values) : Attribute
{
    /// <summary>As written on the command line; none for every value.</summary>
    public IReadOnlyList<string> Values { get; } = values;
}

/// <summary>Marks an option that has no effect but with some values of another one.</summary>
/// <param name="option">The other option in kebab-case.</param>
/// <param name="values">Its values, as written on the command line, with which the marked one is used.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class OnlyWithAttribute(string option, params string[] values) : Attribute
{
    /// <summary>The other option in kebab-case.</summary>
    public string Option { get; } = option;

    /// <summary>Its values with which the marked one is used.</summary>
    public IReadOnlyList<string> Values { get; } = values;
}

/// <summary>
/// Marks an option of a system that came after fingerprints of its runs had been stored: at its default a run counts as it did when there was no such
/// option. Only where the default does what was done before.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class AddedLaterAttribute : Attribute;

/// <summary>What the paper of a system calls an option: another name under which it can be given.</summary>
/// <param name="name">The symbol in letters, such as "lambda".</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SymbolAttribute(string name) : Attribute
{
    /// <summary>The symbol in letters.</summary>
    public string Name { get; } = name;
}
