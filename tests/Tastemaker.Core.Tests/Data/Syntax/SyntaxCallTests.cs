using CsCheck;
using Tastemaker.Data;
using Tastemaker.Data.Syntax;

namespace Tastemaker.Core.Tests.Data.Syntax;

public class SyntaxCallTests
{
    [Fact]
    public void Reads_names_places_and_quotes()
    {
        var call = SyntaxCall.Parse(" given ( 5 , test = 'a, (b).tsv' , x=\"say \"\"hi\"\"\", path=C:\\data\\u 1.tsv ) ");
        call.Name.ShouldBe("given");
        call.Arguments.ShouldBe([(null, "5"), ("test", "a, (b).tsv"), ("x", "say \"hi\""), ("path", "C:\\data\\u 1.tsv")]);
    }

    [Theory]
    [InlineData("hash")]
    [InlineData("hash()")]
    [InlineData("hash( )")]
    public void A_name_needs_no_arguments(string text) => SyntaxCall.Parse(text).Arguments.ShouldBeEmpty();

    [Theory]
    [InlineData("k-core(5", "not closed")]
    [InlineData("given(test='a)", "not closed")]
    [InlineData("k-core(5) x", "after the closing parenthesis")]
    public void Refuses_what_is_not_whole(string text, string problem) =>
        Should.Throw<InputException>(() => SyntaxCall.Parse(text)).Message.ShouldContain(problem);

    [Fact]
    public void Any_text_survives_printing_and_reading() => Gen.String[Gen.Char[" ,()='\"ab\\:."], 0, 12].Sample(value =>
    {
        var read = SyntaxCall.Parse(SyntaxCall.Print("x", ("a", value), (null, value)));
        return read.Arguments[0] == ("a", value) && read.Arguments[1] == (null, value);
    });

    [Theory]
    [InlineData("1970-01-02", 86400)]
    [InlineData("2000-02-29T12:30:01Z", 951827401)]
    [InlineData("2000", 946684800)]
    [InlineData("-5", -5)]
    [InlineData("951827401", 951827401)]
    public void Moments_are_dates_or_seconds(string text, long seconds) => Timestamps.Parse(text).ShouldBe(seconds * Timestamps.PerSecond);

    [Fact]
    public void Moments_survive_printing_and_reading() => Gen.OneOf(Gen.Long[-60_000_000_000_000_000, 100_000_000_000_000_000], Gen.Long[-9999, 9999].Select(seconds => seconds * Timestamps.PerSecond))
        .Sample(time => Timestamps.Parse(Timestamps.Print(time)) == time);
}
