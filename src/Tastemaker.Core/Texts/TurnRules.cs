using System.Text.Json.Serialization;

namespace Tastemaker.Texts;

/// <summary>How a dialogue is read: a text that holds one turn after another.</summary>
/// <param name="Separator">What stands between turns, \n for a line break; "" for a line break or &lt;eot&gt;.</param>
/// <param name="Most">Turns at most; of longer dialogues the last ones are read.</param>
/// <param name="Joins">Whether the turns that are read become one text.</param>
internal sealed record TurnRules(string Separator, int Most, bool Joins = false)
{
    private static readonly string[] Usual = ["\n", "<eot>"];

    /// <summary>A text that separates turns.</summary>
    [JsonIgnore]
    public string Mark => Separator.Length == 0 ? Usual[0] : Separator.Replace("\\n", "\n", StringComparison.Ordinal);

    /// <summary>The turns of a text in their order. What has no letter is one too; it has no words.</summary>
    public IReadOnlyList<string> Split(string text) =>
        text.Split(Separator.Length == 0 ? Usual : [Mark], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
