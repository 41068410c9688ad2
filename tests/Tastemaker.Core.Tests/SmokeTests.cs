namespace Tastemaker.Core.Tests;

public sealed class SmokeTests
{
    [Fact]
    public void Core_needs_no_libtorch() =>
        typeof(SmokeTests).Assembly.GetReferencedAssemblies().ShouldNotContain(name => name.Name == "TorchSharp");
}
