using Google.Protobuf;
using Onnx;
using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Data.Splits;
using Tastemaker.Export;
using Tastemaker.Models.Baselines;
using Tastemaker.Models.Boltzmann;
using Tastemaker.Onnx.Files;
using Tastemaker.Recommending;
using Tastemaker.Serving.Tests;
using Tastemaker.Systems;
using Tastemaker.Tests.Conformance;

namespace Tastemaker.Onnx.Tests;

/// <summary>The file alone is the recommender, and what is no such file is refused.</summary>
public sealed class FileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Everything_a_server_needs_comes_back()
    {
        using var ours = Films.Train("ease");
        OnnxRecommender.Export(ours, folder.At("model.onnx"));
        using var exported = (TrainedRecommender)OnnxRecommender.Load(folder.At("model.onnx"));
        var (kept, was) = (exported.Snapshot, ((TrainedRecommender)ours).Snapshot);

        exported.System.ShouldBe("ease");
        kept.Users.Ids.ShouldBe(was.Users.Ids);
        kept.Items.Ids.ShouldBe(was.Items.Ids);
        kept.Titles.ShouldBe(was.Titles);
        kept.Popularity.ShouldBe(was.Popularity);
        kept.Histories.Offsets.ToArray().ShouldBe(was.Histories.Offsets.ToArray());
        kept.Histories.Columns.ToArray().ShouldBe(was.Histories.Columns.ToArray());
        kept.Histories.Values.ToArray().ShouldBe(was.Histories.Values.ToArray());
        kept.Histories.Times.ToArray().ShouldBe(was.Histories.Times.ToArray());
        var genres = kept.Categories.ShouldHaveSingleItem();
        genres.Name.ShouldBe("genres");
        genres.Categories[genres.Values[3][0]].ShouldBe("Drama, \"war\" — война");
        var (group, had) = (kept.Segments.All.ShouldHaveSingleItem(), was.Segments.All[0]);
        group.Feature.ShouldBe("taste");
        group.Categories.Ids.ShouldBe(had.Categories.Ids);
        group.Users.ShouldBe(had.Users);
        group.Counts.Values.ToArray().ShouldBe(had.Counts.Values.ToArray());
        exported.Origin.ShouldBe(((TrainedRecommender)ours).Origin);
    }

    [Fact]
    public void Lists_strategies_and_filters_are_those_of_the_recommender()
    {
        using var ours = Films.Train("multi-vae");
        OnnxRecommender.Export(ours, folder.At("model.onnx"));
        using var exported = OnnxRecommender.Load(folder.At("model.onnx"));
        foreach (var request in new[] { Request.ForUser("u3"), Request.ForHistory(["f1", "f5"]), Request.ForUser("nobody"), new Request { User = "nobody", Features = new Dictionary<string, string> { ["taste"] = "odd" } } })
        {
            var filter = new CandidateFilter { Exclude = ["f7"] };
            var (expected, got) = (ours.Recommend(request, 5, filter), exported.Recommend(request, 5, filter));
            got.Strategy.ShouldBe(expected.Strategy);
            got.Items.Select(item => (item.Item, item.Title)).ShouldBe(expected.Items.Select(item => (item.Item, item.Title)));
        }

        exported.Similar("f1", 3).Items.Select(item => item.Item).ShouldBe(ours.Similar("f1", 3).Items.Select(item => item.Item));
    }

    [Fact]
    public void Vectors_of_items_travel_so_that_similar_items_are_the_same()
    {
        using var ours = Films.Train("bpr-mf");
        OnnxRecommender.Export(ours, folder.At("model.onnx"));
        using var exported = OnnxRecommender.Load(folder.At("model.onnx"));
        var (expected, got) = (ours.Similar("f1", 5), exported.Similar("f1", 5));
        got.Items.Select(item => item.Item).ShouldBe(expected.Items.Select(item => item.Item));
        got.Items[0].Score.ShouldBe(expected.Items[0].Score, 1e-5f);
    }

    [Fact]
    public void A_system_that_folds_in_by_solving_equations_answers_known_users_alone_and_says_so()
    {
        using var ours = Films.Train("ials");
        OnnxRecommender.Export(ours, folder.At("model.onnx")).ReadsHistories.ShouldBeFalse();
        using var exported = OnnxRecommender.Load(folder.At("model.onnx"));
        exported.Recommend(Request.ForUser("u3"), 3).Strategy.ShouldBe(AnswerSource.Model);
        var coldStart = exported.Recommend(Request.ForHistory(["f1"]), 3);
        coldStart.Strategy.ShouldBe(AnswerSource.Popularity);
        coldStart.Notes.ShouldContain("iALS (ONNX) answers only users it was trained on, not histories: these are the most popular items.");
    }

    [Fact]
    public void Threads_may_ask_at_once()
    {
        using var ours = Films.Train("ease");
        OnnxRecommender.Export(ours, folder.At("model.onnx"));
        using var exported = OnnxRecommender.Load(folder.At("model.onnx"));
        var alone = Enumerable.Range(0, Films.Users).Select(user => exported.Recommend(Request.ForUser($"u{user}"), 5).Items[0]).ToArray();
        var together = new Recommendation[Films.Users];
        Parallel.For(0, Films.Users, new ParallelOptions { MaxDegreeOfParallelism = 8 }, user => together[user] = exported.Recommend(Request.ForUser($"u{user}"), 5).Items[0]);
        together.ShouldBe(alone);
    }

    [Fact]
    public void A_system_that_cannot_be_exported_is_refused_with_the_names_of_those_that_can()
    {
        using var ours = Films.Train("user-knn");
        var refused = Should.Throw<InputException>(() => OnnxRecommender.Export(ours, folder.At("model.onnx")));
        refused.Message.ShouldContain("UserKNN (user-knn) is not exported to ONNX");
        foreach (var id in OnnxRecommender.Systems)
        {
            refused.Message.ShouldContain(id);
        }

        Directory.GetFileSystemEntries(folder.Folder).ShouldBeEmpty();
    }

    [Fact]
    public void What_a_file_or_a_graph_cannot_hold_is_refused_with_a_remedy()
    {
        Should.Throw<InputException>(() => new GraphBuilder().RequireRoom(4L * 25_000 * 25_000)).Message.ShouldContain("2.5 GB");
        using var ours = Films.Train("u-rbm-cf", new RbmCfOptions { Hidden = 4, Epochs = 1, GibbsSteps = [1], GibbsGrowth = [], Inference = RatingInference.Exact });
        Should.Throw<InputException>(() => OnnxRecommender.Export(ours, folder.At("model.onnx"))).Message.ShouldContain("inference=mean-field");
        using var rating = Films.Train("item-knn", new ItemKnnOptions { PredictRatings = true });
        Should.Throw<InputException>(() => OnnxRecommender.Export(rating, folder.At("model.onnx"))).Message.ShouldContain("predict-ratings=false");
    }

    [Fact]
    public void Scores_that_differ_leave_no_file_and_the_old_one_in_place()
    {
        using var ours = Films.Train("bpr-mf");
        var file = folder.At("model.onnx");
        File.WriteAllText(file, "the old one");

        // Weights of which the graph, made before the change, knows nothing: as good as a wrong graph.
        var trained = (TrainedRecommender)ours;
        var other = new Wrong(trained);
        Should.Throw<InputException>(() => OnnxRecommender.Export(new TrainedRecommender(trained.Info, other, trained.Snapshot, trained.Origin), file)).Message.ShouldContain("differ");
        File.ReadAllText(file).ShouldBe("the old one");
        Directory.GetFileSystemEntries(folder.Folder).ShouldHaveSingleItem();
    }

    [Fact]
    public void Files_that_are_none_of_ours_or_damaged_are_refused()
    {
        var file = folder.At("model.onnx");
        Refused(file).ShouldContain("There is no file");

        File.WriteAllBytes(file, []);
        Refused(file).ShouldContain("cut short");
        File.WriteAllText(file, new string('x', 1000));
        Refused(file).ShouldContain("not written by 'taste export'");
        File.WriteAllBytes(file, new ModelProto { ProducerName = "pytorch", IrVersion = 8 }.ToByteArray());
        Refused(file).ShouldContain("not written by 'taste export'");

        using var ours = Films.Train("ease");
        OnnxRecommender.Export(ours, file);
        var whole = File.ReadAllBytes(file);
        File.WriteAllBytes(file, whole[..^7]);
        Refused(file).ShouldContain("cut short");
        var flipped = whole.ToArray();
        flipped[whole.Length / 2] ^= 1;
        File.WriteAllBytes(file, flipped);
        Refused(file).ShouldContain("SHA-256");

        // Sealed, but no recommender.
        using (var stream = File.Create(file))
        {
            SealedFile.Write(new ModelProto { ProducerName = "someone", IrVersion = 8 }, stream);
        }

        Refused(file).ShouldContain("not a model that this library can read");

        string Refused(string path) => Should.Throw<InputException>(() => OnnxRecommender.Load(path)).Message;
    }

    [Fact]
    public void A_name_without_the_extension_and_saving_what_was_loaded_are_refused()
    {
        using var ours = Films.Train("ease");
        Should.Throw<InputException>(() => OnnxRecommender.Export(ours, folder.At("model"))).Message.ShouldContain(".onnx");
        OnnxRecommender.Export(ours, folder.At("model.onnx"));
        using var exported = OnnxRecommender.Load(folder.At("model.onnx"));
        Should.Throw<InputException>(() => Recommender.Save(exported, folder.At("saved"))).Message.ShouldContain("copy the file");
        Should.Throw<InputException>(() => OnnxRecommender.Export(exported, folder.At("again.onnx"))).Message.ShouldContain("copy the file");
    }

    [Fact]
    public void Equal_models_make_equal_files()
    {
        using var ours = Films.Train("ease");
        OnnxRecommender.Export(ours, folder.At("one.onnx"));
        OnnxRecommender.Export(ours, folder.At("two.onnx"));
        File.ReadAllBytes(folder.At("one.onnx")).ShouldBe(File.ReadAllBytes(folder.At("two.onnx")));
    }
}
