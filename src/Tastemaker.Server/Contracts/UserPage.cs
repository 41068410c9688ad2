namespace Tastemaker.Server.Contracts;

/// <summary>A page of the users.</summary>
/// <param name="Users">Their identifiers.</param>
/// <param name="Next">The cursor of the next page; absent on the last.</param>
internal sealed record UserPage(IReadOnlyList<string> Users, string? Next = null);
