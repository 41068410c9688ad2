namespace Tastemaker.Tests;

/// <summary>
/// Tests that rely on torch's process-wide state (its random generator, the count of live tensors) run one by one, beside nothing else.
/// </summary>
[CollectionDefinition(nameof(SerialTorch), DisableParallelization = true)]
public sealed class SerialTorch;
