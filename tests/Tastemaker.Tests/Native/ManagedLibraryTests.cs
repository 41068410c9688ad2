using System.Diagnostics;
using System.Reflection;
using Tastemaker.Build;
using TorchSharp;

namespace Tastemaker.Tests.Native;

public class ManagedLibraryTests
{
    [Fact]
    public void TorchSharp_keeps_what_it_is_given_until_its_methods_return() =>
        typeof(torch).Assembly.GetCustomAttribute<DebuggableAttribute>()!.IsJITOptimizerDisabled.ShouldBeTrue();

    [Fact]
    public void Two_bytes_of_the_attribute_are_set_once()
    {
        byte[] image = [7, 8, 1, 0, 2, 0, 0, 0, 0, 0, 9];

        ManagedLibraryPatcher.DisableOptimizations(image).ShouldBeTrue();
        image.ShouldBe([7, 8, 1, 0, 3, 1, 0, 0, 0, 0, 9]);
        ManagedLibraryPatcher.DisableOptimizations(image).ShouldBeFalse();
    }

    [Fact]
    public void Libraries_of_another_shape_are_refused()
    {
        Should.Throw<InvalidDataException>(() => ManagedLibraryPatcher.DisableOptimizations([1, 2, 3])).Message.ShouldContain("no DebuggableAttribute");
        byte[] twice = [8, 1, 0, 2, 0, 0, 0, 0, 0, 8, 1, 0, 2, 0, 0, 0, 0, 0];
        Should.Throw<InvalidDataException>(() => ManagedLibraryPatcher.DisableOptimizations(twice)).Message.ShouldContain("more than one");
    }
}
