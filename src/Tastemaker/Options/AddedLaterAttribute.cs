namespace Tastemaker.Options;

/// <summary>
/// Marks an option of a system that came after fingerprints of its runs had been stored: at its default a run counts as it did when there was no such
/// option. Only where the default does what was done before.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class AddedLaterAttribute : Attribute;
