using CsCheck;
using Tastemaker.Data.Splits;

namespace Tastemaker.Core.Tests.Data.Splits;

public class SplitterSyntaxTests
{
    private static readonly Gen<decimal> Share = Gen.Int[1, 49].Select(percent => percent / 100m);

    private static readonly Gen<Splitter> Any = Gen.OneOf(
        Gen.Select(Share, Share).Select((test, validation) => (Splitter)new RandomSplit(test, validation)),
        Gen.Select(Share, Share).Select((test, validation) => (Splitter)new RatioByUser(test, validation)),
        Gen.Select(Gen.Enum<HoldOutOrder>(), Gen.Enum<ValidationPart>()).Select((by, validation) => (Splitter)new LeaveOneOut(by, validation)),
        Gen.Select(Share, Share).Select((test, validation) => (Splitter)new Temporal { Test = test, Validation = validation }),
        Gen.Select(Gen.Long[0, 2_000_000_000], Gen.Long[1, 1_000_000]).Select((from, length) => (Splitter)new Temporal { ValidationFrom = from, TestFrom = from + length }),
        Gen.Select(Share, Gen.Int[0, 900], Share).Select((test, validation, targets) => (Splitter)new StrongGeneralization(test, validation, targets)),
        Gen.Select(Gen.Int[1, 999999], Gen.Int[0, 999999], Gen.Enum<SessionTimestamp>()).Select((test, validation, by) => (Splitter)new Sessions(test, validation, by)),
        Gen.Select(Share, Share, Gen.Enum<CandidateScope>()).Select((share, validation, among) => (Splitter)new ColdItems(share, validation, among)),
        Gen.Select(Share, Share, Gen.Int[0, 9]).Select((share, validation, known) => (Splitter)new ColdUsers(share, validation, known)),
        Gen.Select(Gen.Int[0, 4], Gen.Int[5, 10], Share).Select((fold, of, validation) => (Splitter)new KFold(fold, of, validation)),
        Gen.Select(Gen.Int[3, 10], Gen.Bool, Gen.Int[0, 9]).Select((mod, valid, least) => (Splitter)new HashSplit(mod, 2, valid ? 1 : null, least)),
        Gen.Select(Gen.String[Gen.Char["a ,()=\"'"], 1, 9], Gen.String[Gen.Char["b,\\:"], 0, 5], Gen.Enum<UnknownIds>())
            .Select((test, train, unknown) => (Splitter)new GivenFiles(test) { Train = train, Validation = "ratio:0.1", Negatives = "n", Unknown = unknown }),
        Gen.Select(Gen.String[Gen.Char["a ,()=\"'"], 1, 9], Gen.String[Gen.Char["b\""], 0, 3])
            .Select((column, word) => (Splitter)new GivenColumn(column) { Train = word, Test = word + "t" }),
        Gen.Select(Share, Gen.Int[1, 99]).Select((targets, users) => (Splitter)new GivenFiles("t") { Kind = GivenKind.Users, Validation = $"users:{users}", Targets = targets }),
        Gen.Int[0, 3].Select(from => (Splitter)new NcfFiles("a folder") { UsersFrom = from, Validation = "leave-one-out" }));

    [Fact]
    public void Any_splitter_survives_printing_and_parsing() => Any.Sample(splitter => SplitterSyntax.Parse(splitter.ToString()).Equals(splitter));

    [Theory]
    [InlineData("random", "random(test=0.2,validation=0.1)")]
    [InlineData("random(0.30,0)", "random(test=0.3,validation=0)")]
    [InlineData("ratio-by-user(0.2)", "ratio-by-user(test=0.2,validation=0.1)")]
    [InlineData("leave-one-out", "leave-one-out(by=time,validation=yes)")]
    [InlineData("leave-one-out(random)", "leave-one-out(by=random,validation=yes)")]
    [InlineData("temporal(test-from=2015-03-01)", "temporal(test-from=2015-03-01)")]
    [InlineData("strong-generalization(100,100)", "strong-generalization(test=100,validation=100,targets=0.2)")]
    [InlineData("sessions", "sessions(test-seconds=86400,validation-seconds=86400,by=last)")]
    [InlineData("hash", "hash(mod=5,test=0,validation=1)")]
    [InlineData("hash(validation=none)", "hash(mod=5,test=0,validation=none)")]
    [InlineData("hash(minimum-items=5)", "hash(mod=5,test=0,validation=1,minimum-items=5)")]
    [InlineData("k-fold(2,5)", "k-fold(fold=2,of=5,validation=0)")]
    [InlineData("given(a.tsv,kind=strangers)", "given(test=a.tsv,kind=users,targets=0.2)")] // as it was called
    [InlineData("given(a.tsv,kind=users)", "given(test=a.tsv,kind=users,targets=0.2)")]
    [InlineData("given(a,kind=users,validation=users:2500,targets=0.50)", "given(test=a,validation=users:2500,kind=users,targets=0.5)")]
    [InlineData("given-column", "given-column(column=split)")]
    [InlineData("given-column(part,test=2)", "given-column(column=part,test=2)")]
    [InlineData("given(a.tsv)", "given(test=a.tsv,kind=interactions,unknown=error)")]
    public void Defaults_are_printed_in_full(string text, string printed) => SplitterSyntax.Parse(text).ToString().ShouldBe(printed);

    [Theory]
    [InlineData("leave_one_ot", "Did you mean 'leave-one-out'?")]
    [InlineData("random(test=1)", "must be a share between 0 and 1, not 1")]
    [InlineData("random(test=0.6,validation=0.4)", "leave nothing to train on")]
    [InlineData("random(tset=0.2)", "Did you mean 'test'?")]
    [InlineData("random(test=a few)", "must be a number such as 0.2, not 'a few'")]
    [InlineData("temporal(test=0.1,test-from=2015)", "shares or dates, not both")]
    [InlineData("temporal(validation-from=2015)", "needs test-from")]
    [InlineData("temporal(test-from=2015,validation-from=2016)", "must be before")]
    [InlineData("strong-generalization(test=10.5)", "whole number of users")]
    [InlineData("k-fold(fold=5)", "from 0 to 4")]
    [InlineData("hash(validation=0)", "different buckets")]
    [InlineData("hash(minimum-items=-1)", "must be 0 or more, not -1")]
    [InlineData("hash(test=7)", "bucket from 0 to 4")]
    [InlineData("given", "test is missing")]
    [InlineData("given(test=a,kind=sessions,negatives=b)", "not supported")]
    [InlineData("given(test=a,kind=sessions,validation=ratio:0.1)", "must be a file")]
    [InlineData("given(test=a,kind=users,train=b)", "import the training file")]
    [InlineData("given(test=a,kind=users,negatives=b)", "not supported for kind=users")]
    [InlineData("given(test=a,kind=users,validation=ratio:0.1)", "users:2500 or users:0.1")]
    [InlineData("given(test=a,kind=users,validation=users:2.5)", "a whole number of users")]
    [InlineData("given(test=a,kind=users,targets=1)", "between 0 and 1, not 1")]
    [InlineData("given(test=a,kind=users,unknown=drop)", "no argument 'unknown'")]
    [InlineData("given(test=a,targets=0.1)", "no argument 'targets'")]
    [InlineData("given(test=a,validation=users:5)", "only kind=users can")]
    [InlineData("given(test=a,validation=ratio:2)", "between 0 and 1")]
    [InlineData("given-column(train=a,test=A)", "train and test have the same word, 'a'")]
    [InlineData("given-column(colum=a)", "Did you mean 'column'?")]
    [InlineData("ncf(x,validation=some.tsv)", "leave-one-out or ratio:0.1")]
    public void Mistakes_are_explained(string text, string message) =>
        Should.Throw<InputException>(() => SplitterSyntax.Parse(text)).Message.ShouldContain(message);

    [Fact]
    public void All_problems_of_a_text_are_reported_at_once() =>
        Should.Throw<InputException>(() => SplitterSyntax.Parse("sessions(test-seconds=x,by=lst,foo=1)")).Problems.Count.ShouldBe(3);

    [Fact]
    public void Help_lists_every_splitter_once() =>
        SplitterSyntax.Forms.Select(form => form.Name).ShouldBe(
            ["auto", "none", "random", "ratio-by-user", "leave-one-out", "temporal", "strong-generalization", "sessions", "cold-items", "cold-users", "k-fold", "hash", "given", "given-column", "ncf"]);
}
