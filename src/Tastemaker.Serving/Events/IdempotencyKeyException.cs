namespace Tastemaker.Serving.Events;

/// <summary>A call has the idempotency key of an earlier call that stored something else.</summary>
/// <param name="problem">What is wrong and what to do.</param>
public sealed class IdempotencyKeyException(string problem) : InputException([problem]);
