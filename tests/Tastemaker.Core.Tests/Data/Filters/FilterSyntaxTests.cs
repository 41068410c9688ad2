using CsCheck;
using Tastemaker.Data.Filters;

namespace Tastemaker.Core.Tests.Data.Filters;

public class FilterSyntaxTests
{
    private static readonly Gen<DataFilter> Any = Gen.OneOf(
        Gen.Float[-1e6f, 1e6f].Select(value => (DataFilter)new MinimumValue(value)),
        Gen.Float[-1e6f, 1e6f].Select(value => (DataFilter)new MaximumValue(value)),
        Gen.Enum<DuplicatePolicy>().Select(keep => (DataFilter)new Deduplicate(keep)),
        Gen.Const((DataFilter)new DropRepeats()),
        Gen.Const((DataFilter)new Binarize()),
        Gen.String.Select(id => (DataFilter)new DropIds(User: id)),
        Gen.Select(Gen.Int[1, 9], Gen.Int[1, 9]).Select((users, items) => (DataFilter)new KCore(users, items)),
        Gen.Select(Gen.Int[2, 9], Gen.Int[1, 9]).Select((users, items) => (DataFilter)new MinimumCount(users, items)),
        Gen.Select(Gen.Long[-1_000_000_000, 3_000_000_000], Gen.Long[1, 1_000_000]).Select((from, length) => (DataFilter)new TimeRange(from, from + length)),
        Gen.Long[-1_000_000_000, 3_000_000_000].Select(to => (DataFilter)new TimeRange(null, to)));

    [Fact]
    public void Any_filter_survives_printing_and_parsing() => Any.Sample(filter => FilterSyntax.Parse(filter.ToString()).Equals(filter));

    [Theory]
    [InlineData("min-value(4)")]
    [InlineData("min-value(3.5)")]
    [InlineData("k-core(5)")]
    [InlineData("k-core(users=5,items=10)")]
    [InlineData("deduplicate(keep=first)")]
    [InlineData("time-range(from=2019-01-01,to=2020-01-01T06:00:00Z)")]
    public void Texts_print_as_they_were_parsed(string text) => FilterSyntax.Parse(text).ToString().ShouldBe(text);

    [Theory]
    [InlineData("kcore(5)", "Did you mean 'k-core'?")]
    [InlineData("k-core", "the minimum is missing")]
    [InlineData("k-core(0)", "at least 1")]
    [InlineData("k-core(five)", "must be a whole number, not 'five'")]
    [InlineData("k-core(5,users=3)", "one minimum for both sides, or users and items")]
    [InlineData("k-core(user=5)", "Did you mean 'users'?")]
    [InlineData("deduplicate(keep=lst)", "Did you mean 'last'?")]
    [InlineData("min-value", "value is missing")]
    [InlineData("min-value(NaN)", "finite")]
    [InlineData("min-count", "a minimum above 1")]
    [InlineData("time-range", "give from, to, or both")]
    [InlineData("time-range(from=2020,to=2019)", "must be before")]
    [InlineData("time-range(from=soon)", "must be a date")]
    [InlineData("binarize(1)", "takes no arguments")]
    public void Mistakes_are_explained(string text, string message) =>
        Should.Throw<InputException>(() => FilterSyntax.Parse(text)).Message.ShouldContain(message);

    [Fact]
    public void All_problems_are_reported_at_once()
    {
        var wrong = Should.Throw<InputException>(() => FilterSyntax.ParseAll(["k-core(users=a,itms=3)", "binarize", "minvalue(3)"]));
        wrong.Problems.Count.ShouldBe(3);
    }

    [Fact]
    public void Every_usage_in_the_help_parses()
    {
        FilterSyntax.Forms.Count.ShouldBe(15);
        foreach (var usage in FilterSyntax.Forms.SelectMany(form => form.Usage.Split(" or ")))
        {
            if (!usage.StartsWith("min-count", StringComparison.Ordinal))
            {
                FilterSyntax.Parse(usage).ToString().ShouldBe(usage);
            }
        }
    }
}
