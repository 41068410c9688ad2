using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Texts;

namespace Tastemaker.Core.Tests.Texts;

public sealed class DialogueTurnsTests
{
    private static readonly TextColumn Dialogues = new("text", ["Rain again?\nSun tomorrow<eot>rain", null, " \n... \n", "sun rain sun rain\n\nwind"]);
    private static readonly WordSequencer Words = new(new Vocabulary(["rain", "sun"]), StopWords.None, 3, UnknownWords.Keep);

    [Fact]
    public void Zero_stands_between_turns_and_turns_without_words_are_left_out() =>
        Rows(new TurnRules("", 10)).ShouldBe([[1, 3, 0, 2, 3, 0, 1], [], [], [2, 1, 2, 0, 3]]);

    [Fact]
    public void The_last_turns_are_read_and_may_be_joined()
    {
        Rows(new TurnRules("", 2)).ShouldBe([[2, 3, 0, 1], [], [], [2, 1, 2, 0, 3]]);
        Rows(new TurnRules("", 1)).ShouldBe([[1], [], [], [3]]);
        Rows(new TurnRules("", 2, Joins: true)).ShouldBe([[2, 3, 1], [], [], [2, 1, 2, 3]]);
    }

    [Theory]
    [InlineData("", "a\r\nb <eot> c", "a|b|c")]
    [InlineData("\\n", "a\nb <eot> c", "a|b <eot> c")]
    [InlineData("<eot>", "a\nb <eot> c", "a\nb|c")]
    [InlineData("__eou__", "a __eou__ __eou__ b", "a|b")]
    public void A_separator_is_a_text_or_a_line_break(string separator, string text, string turns) =>
        new TurnRules(separator, 10).Split(text).ShouldBe(turns.Split('|'));

    [Fact]
    public void Words_are_those_of_all_turns_and_separators_are_none()
    {
        var (words, rows) = DialogueTurns.Of(Dialogues, new TurnRules("", 1)).Documents();

        words.Ids.ShouldNotContain("eot");
        rows.RowCount.ShouldBe(4);
        rows[0].ToArray().Select(word => words[word]).ShouldBe(["rain", "again", "sun", "tomorrow", "rain"]);
        rows.Length(1).ShouldBe(0);
    }

    private static IEnumerable<int[]> Rows(TurnRules rules)
    {
        var rows = DialogueTurns.Of(Dialogues, rules).Encode(Words, rules);
        return [.. Enumerable.Range(0, rows.RowCount).Select(row => rows[row].ToArray())];
    }
}
