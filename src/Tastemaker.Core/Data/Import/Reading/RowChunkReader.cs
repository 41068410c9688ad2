namespace Tastemaker.Data.Import.Reading;

/// <summary>Takes a chunk of a result; chunks arrive in the order of the source.</summary>
internal delegate void RowChunkReader(RowChunk chunk);
