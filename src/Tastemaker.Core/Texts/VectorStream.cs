namespace Tastemaker.Texts;

/// <summary>Bytes of a file read in one pass, by line or by number.</summary>
internal sealed class VectorStream(Stream stream)
{
    private byte[] buffer = new byte[1 << 18];
    private int start;
    private int end;
    private bool isOver;

    /// <summary>The bytes that come next, up to a number; fewer at the end. They are read again.</summary>
    public ReadOnlySpan<byte> Peek(int most)
    {
        while (end - start < most && Fill())
        {
        }

        return buffer.AsSpan(start, Math.Min(most, end - start));
    }

    /// <summary>The bytes up to one that is read and left out, or up to the end; false where nothing is left.</summary>
    public bool TryReadTo(byte stop, out ReadOnlySpan<byte> bytes)
    {
        var searched = 0;
        int found;
        while ((found = buffer.AsSpan(start + searched, end - start - searched).IndexOf(stop)) < 0)
        {
            searched = end - start;
            if (!Fill())
            {
                bytes = buffer.AsSpan(start, end - start);
                start = end;
                return bytes.Length > 0;
            }
        }

        bytes = buffer.AsSpan(start, searched + found);
        start += searched + found + 1;
        return true;
    }

    /// <summary>So many bytes; false where fewer are left.</summary>
    public bool TryRead(int count, out ReadOnlySpan<byte> bytes)
    {
        bytes = Peek(count);
        start += bytes.Length;
        return bytes.Length == count;
    }

    private bool Fill()
    {
        if (isOver)
        {
            return false;
        }

        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
        }

        if (end == buffer.Length)
        {
            Array.Resize(ref buffer, buffer.Length * 2);
        }

        var read = stream.Read(buffer, end, buffer.Length - end);
        end += read;
        isOver = read == 0;
        return read > 0;
    }
}
