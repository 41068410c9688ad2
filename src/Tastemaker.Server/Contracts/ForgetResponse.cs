namespace Tastemaker.Server.Contracts;

/// <summary>What was forgotten.</summary>
/// <param name="Forgotten">How many interactions.</param>
internal sealed record ForgetResponse(long Forgotten);
