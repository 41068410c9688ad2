using Tastemaker.Data;

namespace Tastemaker.Core.Tests;

public sealed class WriteFailureTests
{
    [Theory]
    [InlineData("No space left on device : '/data/lists.parquet.part'", "/data/lists.parquet cannot be written: the disk is full")]
    [InlineData("No space left on device : '/runs/ease/model.0123456789abcdef0123456789abcdef.tmp/state.safetensors.0123456789abcdef0123456789abcdef.tmp'", "/runs/ease/model/state.safetensors cannot be written")]
    [InlineData("Read-only file system : '/runs'", "/runs cannot be written: the disk is read-only. Name another place.")]
    [InlineData("Access to the path '/runs' is denied.", "/runs cannot be written: access is denied")]
    public void The_path_is_the_users_and_the_remedy_is_named(string message, string expected) =>
        WriteFailure.Explain(new InvalidOperationException("outside", new IOException(message)))!.Problems.ShouldHaveSingleItem().ShouldStartWith(expected);

    [Fact]
    public void Other_failures_are_none_of_writing()
    {
        WriteFailure.Explain(new InvalidOperationException("No space left on device")).ShouldBeNull();
        WriteFailure.Explain(new InputException("said already", new IOException("No space left on device"))).ShouldBeNull();
    }

    [Fact]
    public void A_disk_that_is_full_is_recognized()
    {
        if (OperatingSystem.IsLinux())
        {
            var failure = Should.Throw<IOException>(() => File.WriteAllText("/dev/full", "text"));
            WriteFailure.Explain(failure)!.Message.ShouldBe("/dev/full cannot be written: the disk is full. Make room, or name a place on another disk.");
        }
    }
}
