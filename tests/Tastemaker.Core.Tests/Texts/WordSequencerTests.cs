using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Texts;

namespace Tastemaker.Core.Tests.Texts;

public sealed class WordSequencerTests
{
    private static readonly Vocabulary Known = new(["graph", "deep", "of"]);

    private static readonly TextColumn Titles = new("title", ["Deep graph of deep graphs", null, "the unheard of", "graph!"]);

    private static IEnumerable<int[]> Rows(SparseRows rows) => Enumerable.Range(0, rows.RowCount).Select(row => rows[row].ToArray());

    [Fact]
    public void Words_keep_their_order_and_unknown_ones_are_left_out_or_have_the_last_index()
    {
        var drop = new WordSequencer(Known, StopWords.None, 100, UnknownWords.Drop);
        drop.Size.ShouldBe(4); // padding and three words
        Rows(drop.Encode(Titles)).ShouldBe([[2, 1, 3, 2], [], [3], [1]]);

        var keep = new WordSequencer(Known, StopWords.None, 100, UnknownWords.Keep);
        keep.Size.ShouldBe(5);
        Rows(keep.Encode(Titles)).ShouldBe([[2, 1, 3, 2, 4], [], [4, 4, 3], [1]]);
        keep.Encode(Titles).Columns.ToArray().ShouldNotContain(0); // which is padding
    }

    [Fact]
    public void The_first_words_that_are_not_left_out_are_kept()
    {
        Rows(new WordSequencer(Known, StopWords.None, 2, UnknownWords.Keep).Encode(Titles)).ShouldBe([[2, 1], [], [4, 4], [1]]);
        Rows(new WordSequencer(Known, StopWords.English, 3, UnknownWords.Keep).Encode(Titles)).ShouldBe([[2, 1, 2], [], [4], [1]]); // the and of are stop words
        Rows(new WordSequencer(Known, StopWords.English, 3, UnknownWords.Drop).Encode(Titles)).ShouldBe([[2, 1, 2], [], [], [1]]);
    }

    [Fact]
    public void One_text_a_column_and_words_taken_apart_give_the_same()
    {
        var sequencer = new WordSequencer(Known, StopWords.English, 4, UnknownWords.Keep);
        var column = sequencer.Encode(Titles);
        Rows(sequencer.Encode(TokenizedTexts.Of(Titles))).ShouldBe(Rows(column));
        for (var row = 0; row < Titles.RowCount; row++)
        {
            sequencer.Encode(Titles.Values[row] ?? "").ShouldBe(column[row].ToArray());
        }

        Should.Throw<ArgumentException>(() => sequencer.Encode(new NumericColumn("price", [1])));
    }

    [Fact]
    public void Selected_rows_keep_their_words()
    {
        var words = TokenizedTexts.Of(Titles);
        var selected = (WordSequenceColumn)words.Select([3, 0]);
        selected.Values[1].ToArray().Select(word => selected.Words[word]).ShouldBe(["deep", "graph", "of", "deep", "graphs"]);
        selected.RowCount.ShouldBe(2);
    }
}
