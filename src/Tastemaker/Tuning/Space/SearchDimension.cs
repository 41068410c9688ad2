using Tastemaker.Configuration;
using Tastemaker.Data;

namespace Tastemaker.Tuning.Space;

/// <summary>One searched option. Values are texts as YAML has them, so that a journal, a command line and a recipe say the same.</summary>
/// <param name="Option">The option.</param>
internal abstract record SearchDimension(OptionInfo Option)
{
    /// <summary>The option's name.</summary>
    public string Name => Option.Name;

    /// <summary>The values for people, e.g. "0.0001..0.1:log" or "32,64,128".</summary>
    public abstract string Text { get; }

    /// <summary>All values; null where they are a range of numbers.</summary>
    public abstract IReadOnlyList<string>? Values { get; }

    /// <summary>A value at random.</summary>
    public abstract string Draw(SeededRandom random);
}
