namespace Tastemaker.Data.Import;

/// <summary>What an import took a column for.</summary>
/// <param name="Source">The file or query it stands in.</param>
/// <param name="Name">Its name in the source.</param>
/// <param name="Role">"user", "item", "value", "time", "label", the kind of feature ("categorical", "multi-categorical", "numeric", "text") or "ignored".</param>
public sealed record RecognizedColumn(string Source, string Name, string Role);
