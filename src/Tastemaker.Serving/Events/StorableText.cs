namespace Tastemaker.Serving.Events;

/// <summary>What every store can keep and give back as it was.</summary>
internal static class StorableText
{
    /// <summary>Checks interactions before they are stored.</summary>
    /// <exception cref="InputException">There are none, or a text cannot be stored.</exception>
    public static void Check(IReadOnlyList<Interaction> interactions, string? key)
    {
        if (interactions.Count == 0)
        {
            throw new InputException("There are no interactions to append.");
        }

        Check(key ?? "", "The idempotency key");
        foreach (var one in interactions)
        {
            Check(one.User, "The user");
            Check(one.Item, "The item");
        }
    }

    /// <summary>Checks records before they are stored.</summary>
    /// <exception cref="InputException">A text cannot be stored.</exception>
    public static void Check(IReadOnlyList<EntityRecord> records)
    {
        foreach (var record in records)
        {
            Check(record.Id, "The identifier");
            foreach (var (name, text) in record.Features)
            {
                Check(name, $"A feature's name of '{record.Id}'");
                Check(text, $"Feature '{name}' of '{record.Id}'");
            }
        }
    }

    // PostgreSQL keeps no U+0000, and half a character becomes another one in UTF-8.
    private static void Check(string text, string what)
    {
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            throw new InputException($"{what} holds the character U+0000, which cannot be stored. Leave it out.");
        }

        for (var place = 0; place < text.Length; place++)
        {
            if (char.IsSurrogate(text[place]) && (place + 1 == text.Length || !char.IsSurrogatePair(text[place], text[++place])))
            {
                throw new InputException($"{what} holds half a character (a surrogate without its other half), which cannot be stored. Send valid Unicode.");
            }
        }
    }
}
