using Tastemaker.Inputs;
using Tastemaker.Models.Mlp;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Models.Mlp;

public sealed class NeuMFTests
{
    private static readonly ModelShape Shape = new(5, 8);

    [Fact]
    public void Fusion_starts_at_the_mean_of_the_two_logits()
    {
        using var model = Model(pretraining: 3);
        var gmf = At(model, epoch: 0);
        var mlp = At(model, epoch: 3);
        var fused = At(model, epoch: 6);
        for (var user = 0; user < 2; user++)
        {
            for (var item = 0; item < 8; item++)
            {
                fused[user, item].ShouldBe(0.5f * (gmf[user, item] + mlp[user, item]), 1e-5f);
            }
        }
    }

    [Fact]
    public void Alpha_weighs_the_outputs_but_not_the_biases()
    {
        using var model = Model(pretraining: 1, alpha: 1);
        var gmf = At(model, epoch: 0);
        var biases = (Bias(model, "gmf"), Bias(model, "mlp"));
        At(model, epoch: 2)[0, 0].ShouldBe(gmf[0, 0] - biases.Item1 + ((biases.Item1 + biases.Item2) / 2), 1e-5f);
    }

    [Fact]
    public void Fusion_happens_once()
    {
        using var model = Model(pretraining: 1);
        var first = At(model, epoch: 2);
        At(model, epoch: 3).ShouldBe(first);
    }

    [Fact]
    public void A_restored_model_answers_from_the_stage_it_was_saved_in()
    {
        foreach (var epoch in new[] { 0, 1, 2 })
        {
            using var model = Model(pretraining: 1);
            var scores = At(model, epoch);
            using var restored = Model(pretraining: 1);
            restored.Restore(model.State());
            restored.Stage.ShouldBe((NeuMFStage)epoch);
            Requests.Scores(restored, Requests.OfUsers(0, 3)).ShouldBe(scores);
        }
    }

    [Fact]
    public void Each_stage_trains_its_own_part()
    {
        using var scope = NewDisposeScope();
        using var model = Model(pretraining: 1);
        var batch = Requests.Pairs((0, 1, 1), (2, 3, 0));
        foreach (var (epoch, parts) in new[] { (0, new[] { "gmf" }), (1, ["mlp"]), (2, ["gmf", "mlp"]) })
        {
            model.BeginEpoch(epoch);
            foreach (var parameter in model.parameters())
            {
                parameter.grad = null;
            }

            model.Loss(batch).backward();
            var trained = model.named_parameters().Where(named => named.parameter.grad is not null).Select(named => named.name[..3]).Distinct();
            trained.ShouldBe(parts);
        }
    }

    [Fact]
    public void Early_stopping_waits_for_the_end_of_pretraining()
    {
        using var staged = Model(pretraining: 7);
        staged.Plan.FirstMeasured.ShouldBe(14);
        using var scratch = Model(pretraining: 0);
        scratch.Plan.FirstMeasured.ShouldBe(0);
        scratch.Stage.ShouldBe(NeuMFStage.Fused);
    }

    [Fact]
    public void From_scratch_the_output_begins_as_one_layer_over_both_parts()
    {
        // Uniform in +-sqrt(3 / (100 + 300)): LeCun's rule for the 400 inputs of the one output layer.
        var options = new NeuMFOptions { Factors = 100, EmbeddingDimension = 4, Hidden = [300], PretrainingEpochs = 0 };
        using var scratch = new NeuMF(options, Shape);
        using var staged = new NeuMF(options with { PretrainingEpochs = 1 }, Shape);

        float Largest(NeuMF model, string part) => model.Parameter($"{part}.output.weight").abs().max().item<float>();
        var bound = MathF.Sqrt(3f / 400);
        Largest(scratch, "gmf").ShouldBeInRange(0.9f * bound, bound);
        Largest(scratch, "mlp").ShouldBeInRange(0.9f * bound, bound);
        Largest(staged, "gmf").ShouldBeInRange(0.9f * MathF.Sqrt(3f / 100), MathF.Sqrt(3f / 100));
    }

    private static NeuMF Model(int pretraining, double alpha = 0.5)
    {
        var options = new NeuMFOptions { Factors = 3, EmbeddingDimension = 4, Hidden = [6, 3], PretrainingEpochs = pretraining, Alpha = alpha };
        var model = new NeuMF(options, Shape);
        using var grad = no_grad();
        foreach (var parameter in model.parameters())
        {
            nn.init.normal_(parameter);
        }

        return model;
    }

    private static float[,] At(NeuMF model, int epoch)
    {
        model.BeginEpoch(epoch);
        return Requests.Scores(model, Requests.OfUsers(0, 3));
    }

    private static float Bias(NeuMF model, string part) =>
        model.Parameter($"{part}.output.bias").item<float>();
}
