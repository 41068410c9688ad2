using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Models.Mlp;
using Tastemaker.Nn;
using Tastemaker.Recommending;
using Tastemaker.Scoring;
using Tastemaker.Tests.Nn;
using Tastemaker.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Models.Mlp;

public sealed class NcfTests
{
    private static readonly ModelShape Shape = new(6, 9);

    [Fact]
    public void Gmf_with_unit_output_is_a_dot_product()
    {
        using var scope = NewDisposeScope();
        using var branch = new GmfBranch(6, 9, 4);
        using (no_grad())
        {
            branch.Output.Weight.fill_(1);
            branch.Output.Bias.zero_();
        }

        Catalog(branch, 2, 5)
            .ShouldBeClose(branch.Users.Weight.index_select(0, tensor(new[] { 2, 5 })).matmul(branch.Items.Weight.t()), 1e-7);
    }

    [Fact]
    public void Gmf_scores_of_the_catalog_are_those_of_pairs()
    {
        using var scope = NewDisposeScope();
        using var branch = Widened(new GmfBranch(6, 9, 4));
        Catalog(branch, 4)[0].ShouldBeClose(branch.Logits(full(9, 4, int32), arange(9, int32)));
    }

    [Theory]
    [InlineData]
    [InlineData(7)]
    [InlineData(12, 5)]
    public void Mlp_scores_of_the_catalog_are_those_of_pairs(params int[] hidden)
    {
        using var scope = NewDisposeScope();
        using var branch = Widened(new MlpBranch(6, 9, 4, hidden));
        Catalog(branch, 1, 4)[1].ShouldBeClose(branch.Logits(full(9, 4, int32), arange(9, int32)));
    }

    [Fact]
    public void Mlp_scores_do_not_depend_on_how_pairs_are_cut_into_blocks()
    {
        // 2,048 wide and 3,000 items: blocks of 2,048 items of one user, and a rest.
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var branch = Widened(new MlpBranch(3, 3000, 2, [2048]));
        var whole = Catalog(branch, 0, 2);
        whole[1].ShouldBeClose(branch.Logits(full(3000, 2, int32), arange(3000, int32)), 1e-3); // of scores above 1,000
    }

    [Fact]
    public void Mlp_without_hidden_layers_ranks_alike_for_everyone()
    {
        using var model = Widened(new NcfMlp(new NcfMlpOptions { Hidden = [] }, Shape));
        var scores = Requests.Scores(model, Requests.OfUsers(0, 1));
        for (var item = 1; item < 9; item++)
        {
            (scores[0, item] - scores[0, 0]).ShouldBe(scores[1, item] - scores[1, 0], 1e-4f);
        }
    }

    [Theory]
    [InlineData("gmf")]
    [InlineData("mlp")]
    [InlineData("neumf")]
    public void Swapping_two_users_in_all_tables_swaps_their_scores(string system)
    {
        using var model = Widened(Create(system));
        var before = Requests.Scores(model, Requests.OfUsers(1, 4));
        foreach (var (name, parameter) in model.named_parameters().Where(named => named.name.Contains("users", StringComparison.Ordinal)))
        {
            name.ShouldContain("weight");
            using var grad = no_grad();
            parameter.copy_(parameter.index_select(0, tensor(new long[] { 0, 4, 2, 3, 1, 5 })));
        }

        Requests.Scores(model, Requests.OfUsers(4, 1)).ShouldBeClose(before, 0);
        Requests.Scores(model, Requests.OfUsers(1)).ShouldNotBe(Requests.Scores(model, Requests.OfUsers(4)));
    }

    [Theory]
    [InlineData("gmf")]
    [InlineData("mlp")]
    [InlineData("neumf")]
    public void Gradients_are_those_of_finite_differences(string system)
    {
        using var scope = NewDisposeScope();
        using var model = Widened(Create(system));
        model.to(float64);
        var labels = tensor(new[] { 1.0, 0, 1 });
        Tensor Loss() => Losses.Logistic(Logits(model), labels);
        model.zero_grad();
        Loss().backward();
        foreach (var (name, parameter) in model.named_parameters().Where(named => named.parameter.requires_grad))
        {
            var gradient = parameter.grad!.flatten();
            using var grad = no_grad();
            var values = parameter.view(-1);
            for (long element = 0; element < Math.Min(values.numel(), 12); element++)
            {
                var original = values[element].item<double>();
                values[element] = original + 1e-6;
                var above = Loss().item<double>();
                values[element] = original - 1e-6;
                var below = Loss().item<double>();
                values[element] = original;
                gradient[element].item<double>().ShouldBe((above - below) / 2e-6, 1e-7, name);
            }
        }
    }

    [Fact]
    public void An_mlp_learns_a_similarity_of_frozen_positions_that_gmf_cannot()
    {
        random.manual_seed(3);
        AreaUnderCurve(new MlpBranch(400, 400, 1, [32, 16, 8])).ShouldBeGreaterThan(0.95);
        AreaUnderCurve(new GmfBranch(400, 400, 1)).ShouldBeLessThan(0.65);
    }

    /// <summary>Trains on positions on a line, positive where closer than 0.1, everything but the positions learned; AUC over all pairs.</summary>
    private static double AreaUnderCurve(nn.Module branch)
    {
        using var scope = NewDisposeScope();
        var (users, items) = branch is MlpBranch m ? (m.Users.Weight, m.Items.Weight) : (((GmfBranch)branch).Users.Weight, ((GmfBranch)branch).Items.Weight);
        using (no_grad())
        {
            users.uniform_(0, 1);
            items.uniform_(0, 1);
        }

        (users.requires_grad, items.requires_grad) = (false, false);
        var labels = ((users - items.t()).abs() < 0.1).to(float32); // [400, 400]
        Tensor Pairs(Tensor u, Tensor i) => branch is MlpBranch mlp ? mlp.Logits(u, i) : ((GmfBranch)branch).Logits(u, i);
        using var optimizer = optim.Adam(branch.parameters().Where(parameter => parameter.requires_grad), lr: 0.01);
        for (var step = 0; step < 600; step++)
        {
            using var inner = NewDisposeScope();
            var (u, i) = (randint(400, 512, int64), randint(400, 512, int64));
            optimizer.zero_grad();
            Losses.Logistic(Pairs(u, i), labels.flatten().index_select(0, (u * 400) + i)).backward();
            optimizer.step();
        }

        using var grad = no_grad();
        int[] all = [.. Enumerable.Range(0, 400)];
        var logits = branch is MlpBranch last ? Catalog(last, all) : Catalog((GmfBranch)branch, all);
        var ranks = logits.flatten().argsort().argsort().to(float64) + 1;
        var flat = labels.flatten().to(float64);
        var (positives, count) = (flat.sum().item<double>(), (double)flat.numel());
        return ((ranks * flat).sum().item<double>() - (positives * (positives + 1) / 2)) / (positives * (count - positives));
    }

    private static Model Create(string system) => system switch
    {
        "gmf" => new Gmf(new GmfOptions { Factors = 3 }, Shape),
        "mlp" => new NcfMlp(new NcfMlpOptions { EmbeddingDimension = 3, Hidden = [5, 4] }, Shape),
        _ => new NeuMF(new NeuMFOptions { Factors = 3, EmbeddingDimension = 3, Hidden = [5, 4], PretrainingEpochs = 0 }, Shape),
    };

    private static Tensor Logits(Model model)
    {
        var (users, items) = (tensor(new[] { 0, 1, 1 }), tensor(new[] { 0, 0, 2 }));
        return model.children().Select(branch => branch is GmfBranch gmf ? gmf.Logits(users, items) : ((MlpBranch)branch).Logits(users, items))
            .Aggregate((a, b) => a + b);
    }

    /// <summary>Draws all weights afresh from N(0, 1), so that products are not lost in rounding.</summary>
    private static TModule Widened<TModule>(TModule module)
        where TModule : nn.Module
    {
        using var grad = no_grad();
        foreach (var parameter in module.parameters())
        {
            nn.init.normal_(parameter);
        }

        return module;
    }

    private static Tensor Catalog(GmfBranch branch, params int[] users)
    {
        var scores = new float[users.Length * branch.Items.Rows];
        branch.Products(requests => branch.Weighted(requests.Users)).Score(new RequestBatch(users, SparseRows.Empty(users.Length, (int)branch.Items.Rows)), scores);
        return tensor(scores, [users.Length, branch.Items.Rows]);
    }

    private static Tensor Catalog(MlpBranch branch, params int[] users)
    {
        var scores = new float[users.Length * branch.Items.Rows];
        using var grad = no_grad();
        branch.Prepare();
        FullCatalogScoring.Fill(branch.Begin(users), users.Length, (int)branch.Items.Rows, scores);
        return tensor(scores, [users.Length, branch.Items.Rows]);
    }
}
