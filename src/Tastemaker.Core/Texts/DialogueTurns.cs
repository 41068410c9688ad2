using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Tastemaker.Data;
using Tastemaker.Data.Features;

namespace Tastemaker.Texts;

/// <summary>The turns of many dialogues as texts of their own.</summary>
/// <param name="turns">The turns, one dialogue after the other.</param>
/// <param name="starts">Where each dialogue begins [dialogues + 1].</param>
internal sealed class DialogueTurns(TextColumn turns, int[] starts)
{
    // A search of settings reads the same texts many times.
    private static readonly ConditionalWeakTable<string?[], ConcurrentDictionary<string, Lazy<DialogueTurns>>> Cache = [];

    /// <summary>The turns of a column, taken apart once in a process.</summary>
    /// <param name="column">A text per row.</param>
    /// <param name="rules">What separates turns.</param>
    public static DialogueTurns Of(TextColumn column, TurnRules rules) =>
        Cache.GetOrCreateValue(column.Values).GetOrAdd(rules.Separator, _ => new Lazy<DialogueTurns>(() => Read(column, rules))).Value;

    /// <summary>All words and a row of them per dialogue: its turns without what separates them.</summary>
    public (Vocabulary Words, SparseRows Rows) Documents()
    {
        var (words, rows) = Texts.Documents.Of(turns);
        return (words, new SparseRows(Array.ConvertAll(starts, start => rows.Offsets[start]), rows.Columns.ToArray(), words.Count));
    }

    /// <summary>The word indexes of each dialogue, with 0 between turns unless they are joined. Turns without words are left out, so that 0 stands neither first nor last nor twice.</summary>
    /// <param name="words">Encodes a turn.</param>
    /// <param name="rules">How many turns are read, and whether they are joined.</param>
    public SparseRows Encode(WordSequencer words, TurnRules rules)
    {
        var read = words.Encode(turns);
        var (offsets, indexes) = (new int[starts.Length], new List<int>());
        for (var dialogue = 0; dialogue + 1 < starts.Length; dialogue++)
        {
            var own = Enumerable.Range(starts[dialogue], starts[dialogue + 1] - starts[dialogue]).Where(turn => read.Length(turn) > 0).TakeLast(rules.Most);
            foreach (var (place, turn) in own.Index())
            {
                if (place > 0 && !rules.Joins)
                {
                    indexes.Add(0);
                }

                indexes.AddRange(read[turn]);
            }

            offsets[dialogue + 1] = indexes.Count;
        }

        return new SparseRows(offsets, [.. indexes], words.Size);
    }

    private static DialogueTurns Read(TextColumn column, TurnRules rules)
    {
        var (turns, starts) = (new List<string>(), new int[column.RowCount + 1]);
        for (var row = 0; row < column.RowCount; row++)
        {
            turns.AddRange(rules.Split(column.Values[row] ?? ""));
            starts[row + 1] = turns.Count;
        }

        return new DialogueTurns(new TextColumn(column.Name, [.. turns]), starts);
    }
}
