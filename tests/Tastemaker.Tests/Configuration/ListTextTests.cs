using Tastemaker.Configuration;
using Tastemaker.Data.Import;
using Tastemaker.Evaluation;
using Tastemaker.Models.Baselines;
using Tastemaker.Models.Mlp;
using YamlDotNet.RepresentationModel;

namespace Tastemaker.Tests.Configuration;

public class ListTextTests
{
    private static T Bind<T>(string key, YamlNode value)
        where T : notnull => OptionBinder.Bind<T>([new OptionAssignment(key, value, "--test")], "test");

    [Theory]
    [InlineData("5,10,20", "5", "10", "20")]
    [InlineData(" 5 , 10 ", "5", "10")]
    [InlineData("k-core(users=5,items=10),binarize", "k-core(users=5,items=10)", "binarize")]
    [InlineData("given(test=\"a,b.tsv\"),x", "given(test=\"a,b.tsv\")", "x")]
    [InlineData("\"a,b\",c", "a,b", "c")]
    [InlineData("it's,two", "it's", "two")]
    [InlineData("rate=0.1,0.2,size=8", "rate=0.1,0.2", "size=8")]
    [InlineData("one", "one")]
    [InlineData(",")]
    public void Commas_separate_values_outside_of_parentheses_and_quotes(string text, params string[] values) => ListText.Split(text).ShouldBe(values);

    [Fact]
    public void A_list_is_the_same_on_the_command_line_in_yaml_and_repeated()
    {
        int[] wanted = [5, 10, 20];
        Bind<EvaluationOptions>("cutoffs", new YamlScalarNode("5,10,20")).Cutoffs.ShouldBe(wanted);
        Bind<EvaluationOptions>("cutoffs", new YamlSequenceNode(new YamlScalarNode("5"), new YamlScalarNode("10,20"))).Cutoffs.ShouldBe(wanted);
        OptionBinder.Bind<EvaluationOptions>([OptionAssignment.Parse("cutoffs=[5, 10, 20]")], "test").Cutoffs.ShouldBe(wanted);
        OptionBinder.Bind<EvaluationOptions>([OptionAssignment.Parse("cutoffs=5,10,20")], "test").Cutoffs.ShouldBe(wanted);
        Bind<EvaluationOptions>("metrics", new YamlScalarNode("recall,ndcg@5")).Metrics.ShouldBe(["recall", "ndcg@5"]);
    }

    [Theory]
    [InlineData("dimension=1,2")]
    [InlineData("dimension=1,000")]
    public void A_number_with_separators_is_refused_and_not_glued_together(string setting) =>
        Should.Throw<InputException>(() => OptionBinder.Bind<BprMfOptions>([OptionAssignment.Parse(setting)], "BPR-MF")).Message.ShouldContain("without separators");

    [Fact]
    public void Paths_may_hold_commas() => Bind<DataOptions>("paths", new YamlScalarNode("sales, 2020.csv")).Paths.ShouldBe(["sales, 2020.csv"]);
}
