namespace Tastemaker.Server.Contracts;

/// <summary>The models that can be asked.</summary>
/// <param name="Models">First the one that answers where no other is named.</param>
internal sealed record ModelList(IReadOnlyList<ModelResponse> Models);
