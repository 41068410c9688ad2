using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Models.Hybrid;
using Tastemaker.Tests.Models.Baselines;
using static Tastemaker.Tests.Models.Hybrid.CitationSamples;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Models.Hybrid;

public class NcnTests
{
    [Theory]
    [InlineData(AttentionQuery.After, 1)]
    [InlineData(AttentionQuery.After, 2)]
    [InlineData(AttentionQuery.Before, 2)]
    public void The_likelihood_of_a_title_is_the_product_of_the_probabilities_of_its_words_after_those_before(AttentionQuery query, int layers)
    {
        using var scope = NewDisposeScope();
        using var model = Make(WithAuthors with { Query = query, Layers = layers });
        model.eval();
        var memory = randn(1, 7, 4);
        foreach (var item in Enumerable.Range(0, Cold))
        {
            var words = model.Shape.Inputs.OfType<EntityTexts>().Single(text => text.Name == "item-text").Rows[item].ToArray();
            var product = 1.0;
            for (var place = 0; place < words.Length; place++)
            {
                var told = model.Decoder.Outputs(memory, Padded(words[..(place + 1)]));
                product *= model.Decoder.Probabilities(told.select(1, place))[0, words[place] - 1].item<float>();
            }

            ((double)model.Decoder.LogLikelihood(memory, Titled(model, item)).item<float>()).ShouldBe(Math.Log(product), 1e-4);
        }
    }

    [Fact]
    public void The_likelihood_of_a_title_depends_on_neither_the_titles_beside_it_nor_their_padding()
    {
        using var scope = NewDisposeScope();
        using var model = Make(WithAuthors);
        model.eval();
        var memory = randn(Works, 7, 4);
        var together = model.Decoder.LogLikelihood(memory, Titled(model, [.. Enumerable.Range(0, Works)]));

        for (var item = 0; item < Works; item++)
        {
            model.Decoder.LogLikelihood(memory.narrow(0, item, 1), Titled(model, item)).item<float>().ShouldBe(together[item].item<float>(), 1e-5f);
        }

        together[Silent].item<float>().ShouldBe(0);
    }

    [Fact]
    public void A_request_has_the_same_scores_to_the_bit_whatever_is_asked_beside_it()
    {
        using var model = Make(WithAuthors).Fit(Train());
        model.eval();
        var together = model.Scores(Requests.OfUsers(0, 1, 2, 3, 4));

        for (var user = 0; user < Contexts.Length; user++)
        {
            model.Scores(Requests.OfUsers(user))[0].ShouldBe(together[user]);
        }
    }

    [Fact]
    public void Attention_to_the_seven_slots_sums_to_one()
    {
        using var scope = NewDisposeScope();
        using var model = Make(WithAuthors);
        var slots = model.Memory(Padded([1, 2, 3], [2]), Padded([1], [])); // five of them
        slots.shape.ShouldBe([2, 5, 4]);
        var weights = model.Decoder.Attention(randn(2, 6), cat([slots, randn(2, 2, 4)], 1));

        weights.shape.ShouldBe([2, 7]);
        weights.sum(1).allclose(ones(2), 1e-6, 1e-6).ShouldBeTrue();
        weights.gt(0).all().item<bool>().ShouldBeTrue();
    }

    [Fact]
    public void Without_author_columns_there_are_three_slots_and_authors_in_the_data_change_nothing()
    {
        using var scope = NewDisposeScope();
        using var model = Make(Small);
        using var other = Make(Small, Train(hasAuthors: false));

        model.Memory(Padded([1, 2]), null).shape.ShouldBe([1, 3, 4]);
        model.named_parameters().Select(named => named.name).ShouldNotContain(name => name.StartsWith("names", StringComparison.Ordinal) || name.StartsWith("cit", StringComparison.Ordinal));
        using var batch = Batch(model, [0, 2, 3], [0, 1, 2]);
        other.Loss(batch).item<float>().ShouldBe(model.Loss(batch).item<float>());
        model.eval();
        other.eval();
        other.Scores(Requests.OfUsers(0, 1, 2)).ShouldBe(model.Scores(Requests.OfUsers(0, 1, 2)));
    }

    [Fact]
    public void The_order_of_citing_authors_counts_for_regions_of_two_and_not_of_one()
    {
        using var scope = NewDisposeScope();
        bool IsSame(int[] regions)
        {
            using var model = Make(WithAuthors with { AuthorWindows = regions });
            var (one, other) = (model.Memory(Padded([1, 2]), Padded([1, 2, 3])), model.Memory(Padded([1, 2]), Padded([3, 1, 2])));
            return one.allclose(other, 1e-6, 1e-6);
        }

        IsSame([1]).ShouldBeTrue();
        IsSame([1, 2]).ShouldBeFalse();
    }

    [Theory]
    [InlineData(RegionLayer.Joint)]
    [InlineData(RegionLayer.PerRegion)]
    [InlineData(RegionLayer.None)]
    public void Slots_depend_on_neither_padding_nor_what_stands_beside_them_and_only_a_joint_layer_mixes_regions(RegionLayer layer)
    {
        using var scope = NewDisposeScope();
        using var model = Make(Small with { RegionLayer = layer });
        var together = model.Memory(Padded([1, 2, 3, 4, 5, 6, 7], [2], []), null);
        model.Memory(Padded([2]), null)[0].allclose(together[1], 1e-6, 1e-6).ShouldBeTrue();
        using (no_grad())
        {
            model.Parameter("context.filters.0.weight").add_(1);
        }

        var changed = model.Memory(Padded([1, 2, 3, 4, 5, 6, 7]), null)[0];
        changed[1].allclose(together[0, 1], 1e-6, 1e-6).ShouldBe(layer is not RegionLayer.Joint);
    }

    [Fact]
    public void Where_the_output_layer_is_zero_all_words_are_alike_and_unknown_ones_share_what_one_has()
    {
        using var scope = NewDisposeScope();
        using var model = Make(Small with { TitleMinimumCount = 2 });
        using (no_grad())
        {
            model.Parameter("decoder.output.weight").zero_();
        }

        var titles = model.Shape.Inputs.OfType<EntityTexts>().Single(text => text.Name == "item-text");
        titles.Words.Ids.Order().ShouldBe(["of", "parsing", "the"]); // two training titles hold each
        titles.UnknownCount.ShouldBe(11);
        model.eval();
        var found = model.Decoder.LogLikelihood(randn(2, 3, 4), Titled(model, 1, 3));

        ((double)found[0].item<float>()).ShouldBe((4 * Math.Log(1 / 4.0)) - (2 * Math.Log(11)), 1e-4);
        ((double)found[1].item<float>()).ShouldBe(Math.Log(1 / 4.0) - Math.Log(11), 1e-4);
        using var batch = Batch(model, [0], [1]);
        ((double)model.Loss(batch).item<float>()).ShouldBe(Math.Log(4), 1e-5); // what they share is no parameter
    }

    [Fact]
    public void The_loss_is_the_mean_over_words_and_padding_has_no_part()
    {
        using var scope = NewDisposeScope();
        using var model = Make(WithAuthors);
        model.eval();
        float Loss(params int[] pairs)
        {
            using var batch = Batch(model, [.. pairs], [.. pairs]);
            return model.Loss(batch).item<float>();
        }

        var (first, second) = (Loss(0), Loss(4)); // of two words and of seven
        Loss(0, 4).ShouldBe(((2 * first) + (7 * second)) / 9, 1e-5f);
        var scores = model.Scores(Requests.OfUsers(0, 4));
        scores[0][0].ShouldBe(-first, 1e-5f);
        scores[1][4].ShouldBe(-second, 1e-5f);
    }

    [Fact]
    public void The_sum_is_the_mean_times_the_number_of_words()
    {
        using var mean = Make(WithAuthors);
        using var sum = Make(WithAuthors with { Score = TitleScore.Sum });
        mean.eval();
        sum.eval();
        var (one, other) = (mean.Scores(Requests.OfUsers(2))[0], sum.Scores(Requests.OfUsers(2))[0]);

        for (var item = 0; item < Silent; item++)
        {
            other[item].ShouldBe(one[item] * Titles[item].Split(' ').Length, 1e-4f);
        }

        one[Silent].ShouldBe(-10_000);
    }

    [Theory]
    [InlineData(AttentionQuery.After)]
    [InlineData(AttentionQuery.Before)]
    public void A_gradient_reaches_all_that_learns(AttentionQuery query)
    {
        using var scope = NewDisposeScope();
        using var model = Make(WithAuthors with { Query = query });
        using var batch = Batch(model, [0, 1, 3, 4], [0, 1, 2, 4]);
        model.Loss(batch).backward();

        foreach (var (name, parameter) in model.named_parameters())
        {
            (parameter.grad?.abs().sum().item<float>() ?? 0).ShouldBeGreaterThan(0, name);
        }
    }

    [Fact]
    public void Titles_that_BM25_does_not_choose_rank_below_those_that_are_read_in_the_order_of_BM25()
    {
        using var model = Make(Small with { Candidates = 2 }).Fit(Train());
        model.eval();
        var scores = model.Scores(Requests.OfUsers(3))[0]; // "parsing with grammars MARK": works 4 and 2 share words with it

        scores[4].ShouldBeGreaterThan(-100);
        scores[2].ShouldBeGreaterThan(-100);
        scores.Count(score => score > -5000).ShouldBe(2);
        var first = model.Scores(Requests.OfUsers(1))[0]; // shares no word with any: works with most training pairs are read
        first[1].ShouldBeGreaterThan(-100);
        first[0].ShouldBeGreaterThan(-100);
        first[Cold].ShouldBe(-10_000);
        var others = model.Scores(Requests.OfUsers(2))[0]; // "a model of translation MARK is used": "of" stands in works 1, 4 and 5, which is the shorter one
        others[4].ShouldBeInRange(-9_999.9f, -9_990);
        others[2].ShouldBe(-10_000);
    }

    [Fact]
    public void Where_a_request_says_nothing_all_items_have_one_score()
    {
        using var model = Make(WithAuthors);
        model.eval();
        model.Scores(new RequestBatch([-1], SparseRows.Empty(1, Works)))[0].ShouldAllBe(score => score == 0);
    }

    [Fact]
    public void What_a_request_says_of_its_authors_counts()
    {
        using var model = Make(WithAuthors);
        model.eval();
        float[] Scores(params (string Name, string Text)[] said) =>
            model.Scores(new RequestBatch([-1], SparseRows.Empty(1, Works), [said.ToDictionary(part => part.Name, part => part.Text)]))[0];
        var known = model.Scores(Requests.OfUsers(0))[0];

        Scores(("context", Contexts[0]), ("authors", Citing[0]!)).ShouldBe(known);
        Scores(("user.context", Contexts[0]), ("user.authors", "Turing, A.|A. M. Turing")).ShouldNotBe(known);
        Scores(("context", Contexts[0])).ShouldNotBe(known);
    }

    [Fact]
    public void A_model_that_was_saved_gives_the_same_scores()
    {
        using var model = Make(WithAuthors with { Candidates = 3 }).Fit(Train());
        using var again = Make(WithAuthors with { Candidates = 3 });
        model.eval();
        again.Restore(model.State());
        again.eval();

        again.Scores(Requests.OfUsers(0, 1, 2, 3)).ShouldBe(model.Scores(Requests.OfUsers(0, 1, 2, 3)));
    }

    [Fact]
    public void Cold_works_are_found_by_words_that_no_title_shares_with_any_context()
    {
        // Contexts say "harbour" or "mountain" where titles say "ship" or "rock".
        var random = new SeededRandom(4);
        string Noise() => $"n{random.Next(20)}";
        string[] titles = [.. Enumerable.Range(0, 60).Select(work => $"t{random.Next(10)} {(work % 2 == 0 ? "ship" : "rock")} t{random.Next(10)}")];
        int[] cites = [.. Enumerable.Range(0, 200).Select(_ => random.Next(40))];
        string[] contexts = [.. cites.Select(work => $"{Noise()} {Noise()} {(work % 2 == 0 ? "harbour" : "mountain")} {Noise()}"), "n1 harbour n2 n3", "n4 mountain n5"];
        var train = Of(contexts, titles, [.. Enumerable.Range(0, cites.Length)], cites);
        using var model = Make(Small with { LearningRate = 0.02, BatchSize = 32, Layers = 1 }, train).Fit(train, 15);
        model.eval();
        var scores = model.Scores(Requests.OfUsers(200, 201));

        foreach (var asked in new[] { 0, 1 })
        {
            int[] best = [.. Enumerable.Range(40, 20).OrderByDescending(work => scores[asked][work]).Take(10)];
            best.Count(work => work % 2 == asked).ShouldBeGreaterThanOrEqualTo(9);
        }
    }

    [Fact]
    public void Options_that_cannot_be_met_are_named()
    {
        Should.Throw<InputException>(() => Make(Small with { Windows = [] })).Message.ShouldContain("windows");
        Should.Throw<InputException>(() => Make(Small with { AuthorWindows = [0] })).Message.ShouldContain("author-windows");
        string Problem(NcnOptions options) => string.Join(' ', Ncn.Info.Inputs.SelectMany(input => input.Problems(Train(), options, "NCN")));
        Problem(WithAuthors).ShouldBeEmpty();
        Problem(Small with { CitingAuthors = "writers" }).ShouldContain("'writers' that names authors (citing-authors). There is context, authors.");
        Problem(Small with { ItemTextColumn = "abstract" }).ShouldContain("no text 'abstract'");
    }
}
