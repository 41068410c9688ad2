namespace Tastemaker.Server.Contracts;

/// <summary>Why a request was not answered (RFC 9457).</summary>
/// <param name="Type">Names the kind of problem.</param>
/// <param name="Title">The kind in words.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">What is wrong and what to do.</param>
/// <param name="Errors">All problems, where there are several kinds of one thing.</param>
/// <param name="TraceId">To be found in the server's traces and logs.</param>
internal sealed record Problem(string Type, string Title, int Status, string Detail, IReadOnlyList<string>? Errors = null, string? TraceId = null);
