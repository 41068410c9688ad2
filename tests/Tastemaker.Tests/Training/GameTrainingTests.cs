using Tastemaker.Tests.Models.Baselines;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Training;

public class GameTrainingTests
{
    private readonly List<string> turns = [];

    [Fact]
    public void Others_take_a_whole_turn_before_each_turn_of_the_leader_and_none_before_the_game()
    {
        using var game = new GameTraining(Player("G", 2), Player("D", 3)) { Before = (1, _ => Played("pre")) };

        Run(game, 5);

        turns.ShouldBe(["pre", "D0", "D1", "D2", "G0", "G0", "D0", "D1", "D2", "G0", "G0"]);
    }

    [Theory]
    [InlineData("G")]
    [InlineData("D")]
    public void A_player_that_diverges_is_named_whoever_it_is(string diverging)
    {
        Player Of(string name) => new(name, 1, (_, _, _) => name == diverging ? double.NaN : 0);
        using var game = new GameTraining(Of("G"), Of("D"));

        Should.Throw<InputException>(() => Run(game, 1)).Message.ShouldContain($"The {diverging} diverged in epoch 1");
    }

    [Fact]
    public void Each_player_is_given_back_what_it_saved()
    {
        var taken = new List<string>();
        Player Of(string name) => new(name, 1, (_, _, _) => 0)
        {
            Saved = () => new Dictionary<string, Tensor> { ["weights"] = tensor(name.Length) },
            Resumed = state => taken.Add($"{name}: {string.Join(",", state.Keys)} {state["weights"].item<int>()}"),
        };
        using var scope = NewDisposeScope();
        using var game = new GameTraining(Of("generator"), Of("judge"));

        game.Restore(game.State());

        taken.ShouldBe(["judge: weights 5", "generator: weights 9"]);
    }

    private Player Player(string name, int epochs) => new(name, epochs, (_, _, epoch) => Played($"{name}{epoch}"));

    private double? Played(string turn)
    {
        turns.Add(turn);
        return 0;
    }

    private static void Run(GameTraining game, int epochs)
    {
        var train = Sample.Random();
        for (var epoch = 0; epoch < epochs; epoch++)
        {
            game.RunEpoch(Sample.Context(train, epoch));
        }
    }
}
