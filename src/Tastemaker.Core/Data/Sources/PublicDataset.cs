using Tastemaker.Data.Import;

namespace Tastemaker.Data.Sources;

/// <summary>A public data set: where it comes from, on what terms, and how it is imported.</summary>
public sealed record PublicDataset
{
    /// <summary>The name it is fetched by, such as "movielens-1m".</summary>
    public required string Name { get; init; }

    /// <summary>What it holds, in a line.</summary>
    public required string Description { get; init; }

    /// <summary>The terms of use in a line, as its publisher states them; "not stated" where it states none.</summary>
    public required string Licence { get; init; }

    /// <summary>The publisher's page.</summary>
    public required Uri Page { get; init; }

    /// <summary>The file to download: .zip and .tar.gz are unpacked; null where a login or a click on a licence is needed.</summary>
    public Uri? Download { get; init; }

    /// <summary>MD5 of the download in hexadecimal, where it is known for certain; else null.</summary>
    public string? Md5 { get; init; }

    /// <summary>Where the publisher states the MD5 of the download; null where it does not.</summary>
    public Uri? Md5Address { get; init; }

    /// <summary>How to import it; paths are relative to the data set's own folder.</summary>
    public required DataOptions Import { get; init; }

    /// <summary>What to know before using it: steps by hand, what is not supported; null where there is nothing.</summary>
    public string? Note { get; init; }
}
