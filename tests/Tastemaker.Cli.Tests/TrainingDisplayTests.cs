using Spectre.Console;
using Tastemaker.Cli.Output;
using Tastemaker.Training;

namespace Tastemaker.Cli.Tests;

public sealed class TrainingDisplayTests
{
    [Theory]
    [InlineData(0, 0, "interrupted in its first epoch, of which nothing is saved")]
    [InlineData(0, 1, "interrupted after 1 finished epoch, which is saved; the steps of epoch 2 are not")]
    [InlineData(3, 2, "interrupted after 5 finished epochs, which are saved; the steps of epoch 6 are not")]
    public void Who_interrupts_a_run_is_told_what_is_saved_and_what_is_not(int before, int finished, string message)
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(text), Interactive = InteractionSupport.No });
        console.Profile.Width = 200;
        var display = new TrainingDisplay(console, "ease");
        display.On(new TrainingEvent.Started("ease", before, 9, 10, 1, "cpu"));
        for (var epoch = before; epoch < before + finished; epoch++)
        {
            display.On(new TrainingEvent.EpochCompleted(epoch, 0.5, new Dictionary<string, double>(), false, 1, 1, 1));
        }

        display.On(new TrainingEvent.Finished(-1, null, TrainingEnd.Interrupted, 1));

        text.ToString().ReplaceLineEndings(" ").ShouldContain(message);
    }

    [Fact]
    public void Epochs_of_pre_training_are_shown_as_such()
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(text), Interactive = InteractionSupport.No });
        TrainingEvent.EpochCompleted First() => new(0, 0.5, new Dictionary<string, double>(), false, 1, 1, 1);
        var (with, without) = (new TrainingDisplay(console, "rrn"), new TrainingDisplay(console, "ease"));

        with.On(new TrainingEvent.Started("rrn", 0, 9, 10, 1, "cpu") { PretrainingEpochs = 4 });
        with.On(First());
        without.On(new TrainingEvent.Started("ease", 0, 9, 10, 1, "cpu"));
        without.On(First());

        text.ToString().ShouldContain("rrn: pretraining epoch 1/4  loss");
        text.ToString().ShouldContain("ease: epoch 1/9  loss");
    }
}
