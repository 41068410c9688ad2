using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Data.Filters;

namespace Tastemaker.Core.Tests.Data.Filters;

public class ShuffleFeaturesTests
{
    private static readonly Dataset Data = new()
    {
        Name = "twenty",
        Users = new Vocabulary(["a", "b"]),
        Items = new Vocabulary(Enumerable.Range(0, 20).Select(item => $"i{item}")),
        Interactions = new Interactions([.. Enumerable.Range(0, 20).Select(row => row % 2)], [.. Enumerable.Range(0, 20)]),
        ItemFeatures = new FeatureTable(20, [
            new TextColumn("title", [.. Enumerable.Range(0, 20).Select(item => $"title {item}")]),
            new NumericColumn("year", [.. Enumerable.Range(0, 20).Select(item => 1900f + item)]),
            new CategoricalColumn("kind", new Vocabulary(Enumerable.Range(0, 20).Select(kind => $"k{kind}")), [.. Enumerable.Range(0, 20)])]),
    };

    [Fact]
    public void Rows_change_places_as_wholes_and_titles_stay()
    {
        var shuffled = FilterSyntax.Parse("shuffle-features(of=items,seed=3)").Apply(Data);

        var years = ((NumericColumn)shuffled.ItemFeatures!.Find("year")!).Values;
        var kinds = ((CategoricalColumn)shuffled.ItemFeatures.Find("kind")!).Values;
        years.Select(year => (int)year - 1900).ShouldBe(kinds);
        years.Order().ShouldBe(((NumericColumn)Data.ItemFeatures!.Find("year")!).Values);
        kinds.Index().Count(pair => pair.Index == pair.Item).ShouldBeLessThan(6);
        shuffled.ItemTitles!.Values.ShouldBe(Data.ItemTitles!.Values);
        shuffled.History[^1].ShouldBe("shuffle-features(of=items,seed=3)");
    }

    [Fact]
    public void The_same_seed_deals_the_same_and_another_differently()
    {
        float[] Years(int seed) => ((NumericColumn)FilterSyntax.Parse($"shuffle-features(seed={seed})").Apply(Data).ItemFeatures!.Find("year")!).Values;

        Years(3).ShouldBe(Years(3));
        Years(3).ShouldNotBe(Years(4));
    }

    [Fact]
    public void Data_without_features_is_refused() =>
        Should.Throw<InputException>(() => FilterSyntax.Parse("shuffle-features(of=users)").Apply(Data)).Message.ShouldContain("no features of users");
}
