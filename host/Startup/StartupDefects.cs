using System.Text.RegularExpressions;
using Hub.Functions;
using Microsoft.Extensions.Options;

namespace Hub.Host.Startup;

/// <summary>Asks everything that can refuse a start, and collects all answers rather than the first.</summary>
internal static partial class StartupDefects
{
    private static readonly TimeSpan CheckLimit = TimeSpan.FromSeconds(15);

    /// <summary>The option classes that have rules, each to be read by itself: one that cannot be read must not hide the defects of the others.</summary>
    public static Type[] ValidatedOptions(IServiceCollection services) =>
    [
        .. services.Select(service => service.ServiceType)
            .Where(type => type is { IsGenericType: true, ContainsGenericParameters: false } && type.GetGenericTypeDefinition() == typeof(IValidateOptions<>))
            .Select(type => type.GetGenericArguments()[0])
            .Distinct(),
    ];

    public static async Task<IReadOnlyList<string>> Collect(IServiceProvider services, IEnumerable<Type> options, CancellationToken ct)
    {
        List<string> defects = [.. options.SelectMany(type => OptionDefects(services, type))];
        await using AsyncServiceScope scope = services.CreateAsyncScope();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(CheckLimit);
        try
        {
            foreach (IStartupCheck check in scope.ServiceProvider.GetServices<IStartupCheck>())
            {
                defects.AddRange(await check.Check(limit.Token));
            }
        }
        catch (Exception failure) when (!ct.IsCancellationRequested)
        {
            // Broken options show again wherever they are used; they are named above already.
            defects.AddRange(Sentences(failure).Except(defects));
        }

        return defects;
    }

    /// <summary>An exception as sentences: those of failed options one by one, any other as its message.</summary>
    public static IEnumerable<string> Sentences(Exception failure) => failure switch
    {
        OptionsValidationException options => options.Failures,
        AggregateException several => several.InnerExceptions.SelectMany(Sentences),
        InvalidOperationException when Unconverted().Match(failure.Message) is { Success: true } match =>
            [$"{match.Groups["key"].Value} must be {Expected(match.Groups["type"].Value)}, not '{match.Groups["value"].Value}'."],
        _ => [failure.Message],
    };

    /// <summary>One line, whatever the text holds, with settings named the way they are written: <c>Stripe__ApiKey</c>, not <c>Stripe:ApiKey</c>.</summary>
    public static string OneLine(string defect) => ConfigurationKey().Replace(
        string.Join(' ', defect.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)),
        key => key.Value.Replace(":", "__", StringComparison.Ordinal));

    [GeneratedRegex(@"\b[A-Z]\w{2,}(:[A-Za-z]\w+)+")]
    private static partial Regex ConfigurationKey();

    // What the configuration binder says of a value that is none of its type: one sentence for programmers.
    [GeneratedRegex("^Failed to convert configuration value '(?<value>.*)' at '(?<key>[^']+)' to type '(?<type>[^']+)'")]
    private static partial Regex Unconverted();

    private static string Expected(string type) => type switch
    {
        "System.Int32" or "System.Int64" => "a whole number",
        "System.Boolean" => "true or false",
        "System.TimeSpan" => "a duration such as 00:00:30",
        _ => "one of the words docs/settings.md names",
    };

    private static string[] OptionDefects(IServiceProvider services, Type type)
    {
        try
        {
            _ = ((IOptions<object>)services.GetRequiredService(typeof(IOptions<>).MakeGenericType(type))).Value;
            return [];
        }
        catch (Exception failure)
        {
            return [.. Sentences(failure)];
        }
    }
}
