using Tastemaker.Data;
using Tastemaker.Models.Boltzmann;
using Tastemaker.Tests.Models.Baselines;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Models.Boltzmann;

/// <summary>
/// The training of UI-RBM and IC-CRBM as their equations stand: dense matrices of the whole data with a mask, in double precision. Cells without a rating hold
/// <c>junk</c>, which must not matter.
/// </summary>
internal sealed class DenseMachines
{
    private readonly UserItemRbmOptions options;
    private readonly double rateOfCategories;
    private readonly Tensor data; // [N, M, K]
    private readonly Tensor mask; // [N, M, 1]
    private readonly Tensor? ofUsers; // c [N, C]
    private readonly Tensor? ofItems; // g [M, C]
    private readonly Dictionary<string, Tensor> weights = [];
    private readonly Dictionary<string, Tensor> steps = [];

    public DenseMachines(UserItemRbm model, TrainingSet train, UserItemRbmOptions options, double junk, double rateOfCategories = 0, Tensor? ofUsers = null, Tensor? ofItems = null)
    {
        (this.options, this.rateOfCategories, this.ofUsers, this.ofItems) = (options, rateOfCategories, ofUsers, ofItems);
        var levels = options.Units is RbmUnits.Real ? [] : model.Saved("levels");
        var classes = Math.Max(1, levels.Length);
        (data, mask) = (full([train.UserCount, train.ItemCount, classes], junk, float64), zeros([train.UserCount, train.ItemCount, 1], float64));
        foreach (var (row, user) in train.Interactions.Users.ToArray().Index())
        {
            var (item, value) = (train.Interactions.Items[row], train.Interactions.Values[row]);
            mask[user, item, 0] = 1;
            for (var level = 0; level < classes; level++)
            {
                data[user, item, level] = levels.Length == 0 ? value : levels[level] == value ? 1 : 0;
            }
        }

        foreach (var (key, tensor) in model.State().Where(pair => pair.Key.StartsWith("users.") || pair.Key.StartsWith("items.")))
        {
            weights[key] = tensor.to(float64).squeeze();
            steps[key] = zeros_like(weights[key]);
        }
    }

    public void ShouldEqual(UserItemRbm model)
    {
        foreach (var (key, tensor) in weights)
        {
            Sample.ShouldBeClose(model.Saved(key), tensor.flatten().data<double>().ToArray(), 1e-5);
        }
    }

    public void Epoch()
    {
        var (users, items) = (weights.ContainsKey("users.weights"), weights.ContainsKey("items.weights"));
        var v = data * mask;
        var (hu, hi) = (users ? States("users", v, ofUsers) : null, items ? States("items", v.transpose(0, 1), ofItems) : null);
        var share = users && items && options.Combine is RbmCombination.Average ? 0.5 : 1;
        var input = zeros_like(data);
        input += users ? Input("users", hu!) : 0;
        input += items ? Input("items", hi!).transpose(0, 1) : 0;
        var negative = (options.Units is RbmUnits.Real ? share * input : (share * input).softmax(-1)) * mask;
        if (users)
        {
            Learn("users", v, hu!, negative, ofUsers);
        }

        if (items)
        {
            Learn("items", v.transpose(0, 1), hi!, negative.transpose(0, 1), ofItems);
        }
    }

    private Tensor States(string side, Tensor v, Tensor? conditions)
    {
        var input = weights[$"{side}.hidden"] + v.flatten(1).matmul(weights[$"{side}.weights"]);
        return (conditions is null || !weights.ContainsKey($"{side}.conditions") ? input : input + conditions.matmul(weights[$"{side}.conditions"])).sigmoid();
    }

    private Tensor Input(string side, Tensor states) =>
        (weights[$"{side}.visible"] + states.matmul(weights[$"{side}.weights"].t())).view(states.shape[0], -1, data.shape[2]);

    private void Learn(string side, Tensor v, Tensor h, Tensor negative, Tensor? conditions)
    {
        var other = States(side, negative, conditions);
        var rated = mask.squeeze(-1).sum([side == "users" ? 1L : 0L]).gt(0).sum().item<long>();
        Step($"{side}.weights", v.flatten(1).t().matmul(h) - negative.flatten(1).t().matmul(other), options.LearningRate, rated, options.WeightDecay);
        Step($"{side}.visible", (v - negative).flatten(1).sum([0L]), options.LearningRate, rated, 0);
        Step($"{side}.hidden", (h - other).sum([0L]), options.LearningRate, rated, 0);
        if (conditions is not null && weights.ContainsKey($"{side}.conditions"))
        {
            Step($"{side}.conditions", conditions.t().matmul(h - other), options.LearningRate * rateOfCategories, rated, options.WeightDecay);
        }
    }

    private void Step(string key, Tensor sum, double rate, double size, double decay)
    {
        steps[key] = (options.Momentum * steps[key]) + (rate / size * sum) - (rate * decay * weights[key]);
        weights[key] = weights[key] + steps[key];
    }
}
