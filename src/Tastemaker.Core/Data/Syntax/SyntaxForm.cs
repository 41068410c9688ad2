namespace Tastemaker.Data.Syntax;

/// <summary>One thing that can be written in a text such as "k-core(5)", for help pages.</summary>
/// <param name="Name">The name before the parenthesis.</param>
/// <param name="Usage">The text with its arguments and their defaults.</param>
/// <param name="Summary">What it does, one line.</param>
public sealed record SyntaxForm(string Name, string Usage, string Summary);
