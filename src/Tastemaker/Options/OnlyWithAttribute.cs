namespace Tastemaker.Options;

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
