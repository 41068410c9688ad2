using System.Numerics;
using static Tastemaker.Native.TensorMemory;
using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace Tastemaker.Nn;

/// <summary>
/// For each text and filter, the largest sum over the windows of the text, or 0 if none is positive: max over p of b_f + sum over t of part[word(p + t), t, f]. Float32 in main memory; what lies
/// beyond the end of a text adds nothing. Results do not depend on the number of threads: they share texts forward and filters backward.
/// </summary>
internal static class WindowMaximum
{
    /// <summary>The maxima [texts, filters]; 0 for a text without words.</summary>
    /// <param name="parts">What a word adds at a place of the window [D, window x filters].</param>
    /// <param name="bias">[filters].</param>
    /// <param name="words">The words of all texts [all words], int32.</param>
    /// <param name="offsets">Where each text begins [texts + 1], int32.</param>
    /// <param name="window">Words of a window.</param>
    public static Tensor Of(Tensor parts, Tensor bias, Tensor words, Tensor offsets, int window) => Maximum.apply(parts, bias, words, offsets, window);

    private static unsafe void Forward(Tensor parts, Tensor bias, Tensor words, Tensor offsets, int window, Tensor result, Tensor where)
    {
        var filters = (int)bias.shape[0];
        var (p, b, w, o) = ((nint)Address(parts), (nint)Address(bias), (nint)Address(words), (nint)Address(offsets));
        var (most, at) = ((nint)Address(result), (nint)Address(where));
        Parallel.For(0, (int)result.shape[0], Parallelism.Loop(get_num_threads()), text =>
        {
            var (start, end) = (((int*)o)[text], ((int*)o)[text + 1]);
            var maxima = (float*)most + ((long)text * filters);
            var places = (int*)at + ((long)text * filters);
            for (var first = start; first < end; first++)
            {
                Window((float*)p, (float*)b, (int*)w + first, Math.Min(window, end - first), window, filters, first, maxima, places);
            }
        });
        GC.KeepAlive(parts);
        GC.KeepAlive(bias);
        GC.KeepAlive(words);
        GC.KeepAlive(offsets);
    }

    private static unsafe void Window(float* parts, float* bias, int* words, int length, int window, int filters, int first, float* maxima, int* places)
    {
        var size = Vector<float>.Count;
        var stride = (long)window * filters;
        var here = new Vector<int>(first);
        var filter = 0;
        for (; filter <= filters - size; filter += size)
        {
            var sum = Vector.Load(bias + filter);
            for (var place = 0; place < length; place++)
            {
                sum += Vector.Load(parts + (words[place] * stride) + (place * filters) + filter);
            }

            var before = Vector.Load(maxima + filter);
            var better = Vector.GreaterThan(sum, before);
            Vector.Store(Vector.ConditionalSelect(better, sum, before), maxima + filter);
            Vector.Store(Vector.ConditionalSelect(better, here, Vector.Load(places + filter)), places + filter);
        }

        for (; filter < filters; filter++)
        {
            var sum = bias[filter];
            for (var place = 0; place < length; place++)
            {
                sum += parts[(words[place] * stride) + (place * filters) + filter];
            }

            if (sum > maxima[filter])
            {
                (maxima[filter], places[filter]) = (sum, first);
            }
        }
    }

    private static unsafe void Backward(Tensor given, Tensor words, Tensor offsets, Tensor where, int window, Tensor ofParts, Tensor ofBias)
    {
        var (texts, filters) = ((int)given.shape[0], (int)given.shape[1]);
        var (g, w, o, at) = ((nint)Address(given), (nint)Address(words), (nint)Address(offsets), (nint)Address(where));
        var (p, b) = ((nint)Address(ofParts), (nint)Address(ofBias));
        var parts = Math.Min(filters, get_num_threads());
        Parallel.For(0, parts, Parallelism.Loop(parts), part =>
        {
            var (first, end) = (filters * part / parts, filters * (part + 1) / parts);
            for (var text = 0; text < texts; text++)
            {
                for (var filter = first; filter < end; filter++)
                {
                    var start = ((int*)at)[((long)text * filters) + filter];
                    if (start < 0)
                    {
                        continue;
                    }

                    var slope = ((float*)g)[((long)text * filters) + filter];
                    ((float*)b)[filter] += slope;
                    for (var place = 0; place < window && start + place < ((int*)o)[text + 1]; place++)
                    {
                        ((float*)p)[(((int*)w)[start + place] * (long)window * filters) + (place * filters) + filter] += slope;
                    }
                }
            }
        });
        GC.KeepAlive(given);
        GC.KeepAlive(words);
        GC.KeepAlive(offsets);
        GC.KeepAlive(where);
    }

    private sealed class Maximum : SingleTensorFunction<Maximum>
    {
        public override string Name => nameof(Maximum);

        public override Tensor forward(AutogradContext ctx, params object[] vars)
        {
            var (parts, bias, words, offsets, window) = (((Tensor)vars[0]).contiguous(), (Tensor)vars[1], (Tensor)vars[2], (Tensor)vars[3], (int)vars[4]);
            using var grad = no_grad();
            long[] shape = [offsets.shape[0] - 1, bias.shape[0]];
            var result = zeros(shape); // what is not positive is 0, and has no gradient
            var where = full(shape, -1, int32);
            Forward(parts, bias, words, offsets, window, result, where);
            ctx.save_for_backward([parts, words, offsets, where]);
            ctx.save_data("window", window);
            return result;
        }

        public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output)
        {
            using var grad = no_grad();
            var saved = ctx.get_saved_variables();
            var given = grad_output.contiguous();
            var (ofParts, ofBias) = (zeros_like(saved[0], requires_grad: false), zeros(given.shape[1]));
            Backward(given, saved[1], saved[2], saved[3], (int)ctx.get_data("window"), ofParts, ofBias);
            return [ofParts, ofBias, null!, null!, null!];
        }
    }
}
