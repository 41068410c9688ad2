using Tastemaker.Configuration;
using Tastemaker.Data;

namespace Tastemaker.Tuning.Space;

/// <summary>A few values without order: names, switches, widths of layers, or numbers given one by one.</summary>
/// <param name="Option">The option.</param>
/// <param name="Choices">At least two different values.</param>
internal sealed record ChoiceDimension(OptionInfo Option, IReadOnlyList<string> Choices) : SearchDimension(Option)
{
    /// <inheritdoc/>
    public override string Text => string.Join(",", Choices);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Values => Choices;

    /// <inheritdoc/>
    public override string Draw(SeededRandom random) => Choices[random.Next(Choices.Count)];

    /// <summary>The place of a value; null where it is none of them, as a default may be.</summary>
    public int? Index(string text)
    {
        for (var index = 0; index < Choices.Count; index++)
        {
            if (Choices[index] == text)
            {
                return index;
            }
        }

        return null;
    }
}
