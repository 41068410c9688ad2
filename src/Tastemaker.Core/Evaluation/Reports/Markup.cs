using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace Tastemaker.Evaluation.Reports;

/// <summary>
/// HTML text. Whatever is put into an interpolated <see cref="Of"/> is encoded unless it is markup itself, so no title of a data set can
/// become code, and no call can forget to encode.
/// </summary>
internal readonly record struct Markup(string Text)
{
    public static Markup Empty { get; } = new("");

    public static Markup Of(Handler content) => new(content.ToString());

    public static Markup Join(IEnumerable<Markup> parts) => new(string.Concat(parts.Select(part => part.Text)));

    public override string ToString() => Text;

    [InterpolatedStringHandler]
    internal readonly ref struct Handler(int literalLength, int formattedCount)
    {
        private readonly StringBuilder builder = new(literalLength + (16 * formattedCount));

        public void AppendLiteral(string text) => builder.Append(text);

        public void AppendFormatted(Markup markup) => builder.Append(markup.Text);

        public void AppendFormatted(IEnumerable<Markup> parts) => builder.AppendJoin("", parts);

        public void AppendFormatted(string? text) => builder.Append(WebUtility.HtmlEncode(text));

        public void AppendFormatted<T>(T value, string? format = null)
            where T : struct, IFormattable => builder.Append(WebUtility.HtmlEncode(value.ToString(format, CultureInfo.InvariantCulture)));

        public override string ToString() => builder.ToString();
    }
}
