namespace Tastemaker.Cli.Tests;

public sealed class SmokeTests
{
    [Fact]
    public void The_command_is_called_taste() =>
        System.Reflection.Assembly.Load("taste").EntryPoint.ShouldNotBeNull();
}
