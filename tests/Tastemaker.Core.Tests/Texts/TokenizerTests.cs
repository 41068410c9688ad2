using Tastemaker.Texts;

namespace Tastemaker.Core.Tests.Texts;

public sealed class TokenizerTests
{
    [Theory]
    [InlineData("The quick, BROWN fox!", "the quick brown fox")]
    [InlineData("state-of-the-art (2019)", "state of the art 2019")]
    [InlineData("Pi is 3.14, not 3,14. Really.", "pi is 3.14 not 3 14 really")]
    [InlineData("Don't read the author’s notes; 'quoted' and dogs'", "don't read the author notes quoted and dogs")]
    [InlineData("p53 2nd snake_case a/b e.g. x=1", "p53 2nd snake case a b e g x 1")]
    [InlineData("Ünïcode ΑΒΓ Привет naïve", "ünïcode αβγ привет naïve")]
    [InlineData("cafe\u0301 हिन्दी", "cafe\u0301 हिन्दी")]
    [InlineData("深度学习 for 推荐2020系統", "深 度 学 习 for 推 荐 2020 系 統")]
    [InlineData("𠀀𝒳a 😀 b\ud83d", "𠀀 𝒳a b")]
    [InlineData("漢's x", "漢 s x")]
    [InlineData("", "")]
    [InlineData("... -- '' .5 5.", "5 5")]
    public void Text_is_taken_apart_into_words_in_lower_case(string text, string words) =>
        string.Join(' ', Tokenizer.Words(text)).ShouldBe(words);

    [Fact]
    public void Its_own_words_are_taken_apart_into_themselves()
    {
        const string text = "Don't mind: it's 3.14 de l'été — 深度, हिन्दी_x";
        var words = Tokenizer.Words(text);
        Tokenizer.Words(string.Join(' ', words)).ShouldBe(words);
    }

    [Fact]
    public void Stop_words_are_as_the_tokenizer_writes_them()
    {
        StopWordLists.Of(StopWords.None).ShouldBeEmpty();
        var english = StopWordLists.Of(StopWords.English);
        foreach (var word in english)
        {
            Tokenizer.Words(word.ToUpperInvariant()).ShouldBe([word]);
        }

        Tokenizer.Words("This is the one that we've been reading about, isn't it?").Where(word => !english.Contains(word)).ShouldBe(["reading"]);
        Tokenizer.Words("Deep networks learn user taste").ShouldNotContain(word => english.Contains(word));
    }
}
