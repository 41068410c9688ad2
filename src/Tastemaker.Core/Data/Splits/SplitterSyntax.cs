namespace Tastemaker.Data.Splits;

/// <summary>Reads and lists the splitters by the names used on command lines and in recipes, e.g. "leave-one-out(by=random)".</summary>
public static class SplitterSyntax
{
    /// <summary>The splitter for a text.</summary>
    /// <exception cref="InputException">The name or an argument is unknown or out of range; names the nearest valid one.</exception>
    public static Splitter Parse(string text) => throw new InputException($"Unknown split '{text}'.");
}
