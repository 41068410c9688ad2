namespace Tastemaker.Serving.Events;

/// <summary>Tells a repeated call from another one that has its idempotency key by mistake.</summary>
internal static class RepeatedCall
{
    /// <summary>The receipt for a call whose key is known.</summary>
    /// <param name="key">The key.</param>
    /// <param name="call">What the call wants to store.</param>
    /// <param name="before">The receipt of the call that had the key first.</param>
    /// <param name="stored">What is left of the interactions which that call stored.</param>
    /// <exception cref="IdempotencyKeyException">The call wants to store something else.</exception>
    public static AppendReceipt Receipt(string key, IReadOnlyList<Interaction> call, AppendReceipt before, IEnumerable<StoredInteraction> stored)
    {
        // The interactions of a call have numbers one after the other.
        var first = before.Last - before.Count + 1;
        return before.Count == call.Count && stored.All(one => IsSame(call[(int)(one.Number - first)], one))
            ? before with { Repeated = true }
            : throw new IdempotencyKeyException(
                $"The idempotency key '{key}' belongs to an earlier call with other interactions; nothing of this one was stored. Give each call a key of its own, and repeat a call unchanged.");
    }

    // A time that is not given is the moment of storing, which differs between the two calls.
    private static bool IsSame(Interaction call, StoredInteraction stored) =>
        call.User == stored.User && call.Item == stored.Item && call.Value == stored.Value && (call.Time is not { } time || StoredTime.Of(time) == StoredTime.Of(stored.Time));
}
