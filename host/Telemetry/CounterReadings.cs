using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;

namespace Hub.Host.Telemetry;

/// <summary>Adds up the counters of all meters whose name starts with <c>Hub.</c>, for the operator's <c>/admin/metrics</c>.</summary>
internal sealed class CounterReadings : IDisposable
{
    private const string OwnMeters = "Hub.";
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<Series, decimal> _values = new();

    public CounterReadings()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name.StartsWith(OwnMeters, StringComparison.Ordinal) && IsCounter(instrument))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<byte>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<short>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<float>((instrument, value, tags, _) => Note(instrument, (decimal)value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, (decimal)value, tags));
        _listener.SetMeasurementEventCallback<decimal>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>Every counter with its tags, and the sum over tags per counter name.</summary>
    public CounterReport Report()
    {
        _listener.RecordObservableInstruments();
        CounterReport.Reading[] counters =
        [
            .. _values
                .Select(entry => new CounterReport.Reading(entry.Key.Meter, entry.Key.Name, entry.Key.TagsByName(), entry.Value))
                .OrderBy(reading => reading.Name, StringComparer.Ordinal)
                .ThenBy(reading => string.Join(';', reading.Tags), StringComparer.Ordinal),
        ];
        return new CounterReport(
            counters,
            counters.GroupBy(reading => reading.Name).ToDictionary(name => name.Key, name => name.Sum(reading => reading.Value), StringComparer.Ordinal));
    }

    public void Dispose() => _listener.Dispose();

    private static bool IsCounter(Instrument instrument) =>
        instrument.GetType() is { IsGenericType: true } type
        && type.GetGenericTypeDefinition() is var kind
        && (kind == typeof(Counter<>) || kind == typeof(UpDownCounter<>) || kind == typeof(ObservableCounter<>) || kind == typeof(ObservableUpDownCounter<>));

    private void Note(Instrument instrument, decimal value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var series = new Series(instrument.Meter.Name, instrument.Name, Text(tags));
        // An observable counter reports its total, the others what is to be added.
        _values.AddOrUpdate(series, value, (_, before) => instrument.IsObservable ? value : before + value);
    }

    private static string Text(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var parts = new List<string>(tags.Length);
        foreach (KeyValuePair<string, object?> tag in tags)
        {
            parts.Add($"{tag.Key}={Convert.ToString(tag.Value, CultureInfo.InvariantCulture)}");
        }

        parts.Sort(StringComparer.Ordinal);
        return string.Join('\n', parts);
    }

    private sealed record Series(string Meter, string Name, string Tags)
    {
        public Dictionary<string, string> TagsByName() => Tags
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(tag => tag.Split('=', 2))
            .ToDictionary(tag => tag[0], tag => tag[1], StringComparer.Ordinal);
    }
}
