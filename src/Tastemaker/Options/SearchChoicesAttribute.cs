namespace Tastemaker.Options;

/// <summary>The values among which a hyper-parameter search chooses: for options that have no range, such as names, switches and lists of widths.</summary>
/// <param name="values">As written on the command line: "tf-idf", "[200, 600]". None: every value of a switch or of an option that takes one of a few names.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SearchChoicesAttribute(params string[] values) : Attribute
{
    /// <summary>As written on the command line; none for every value.</summary>
    public IReadOnlyList<string> Values { get; } = values;
}
