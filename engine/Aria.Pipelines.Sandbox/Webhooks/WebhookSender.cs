using System.IO.Compression;
using System.Net.Http.Headers;

namespace Aria.Pipelines.Sandbox.Webhooks;

/// <summary>
/// Posts webhooks to the configured receivers and tries again by the vendor's rules, on the given clock. Deliveries go out
/// side by side, so their order is not promised. Safe from any thread.
/// </summary>
internal sealed class WebhookSender(WebhookRules rules, TimeProvider time) : IAsyncDisposable
{
    private const int MostKept = 20_000;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, WebhookTarget> _targets = [];
    private readonly List<OutgoingDelivery> _deliveries = [];
    private readonly SemaphoreSlim _connections = new(32);
    private readonly CancellationTokenSource _stop = new();
    private readonly HttpClient _http = LoopbackClient.Create();
    private TaskCompletionSource? _quiet;
    private int _sending;
    private int _targetCount;
    private int _deliveryCount;

    public IReadOnlyList<WebhookTarget> Targets
    {
        get
        {
            lock (_gate)
            {
                return [.. _targets.Values];
            }
        }
    }

    public IReadOnlyList<WebhookDelivery> Deliveries
    {
        get
        {
            lock (_gate)
            {
                return [.. _deliveries.Select(d => d.View())];
            }
        }
    }

    /// <summary>Deliveries that are neither delivered nor given up.</summary>
    public int Pending
    {
        get
        {
            lock (_gate)
            {
                return _deliveries.Count(d => d.State is DeliveryState.Sending or DeliveryState.Waiting);
            }
        }
    }

    public WebhookTarget AddTarget(Uri url, string secret, IEnumerable<string> events)
    {
        lock (_gate)
        {
            var target = new WebhookTarget($"wh_{++_targetCount}", url, [.. events], true) { Secret = secret };
            _targets.Add(target.Id, target);
            return target;
        }
    }

    /// <summary>Switches a receiver on or off; null when there is none of that id.</summary>
    public WebhookTarget? Enable(string id, bool enabled)
    {
        lock (_gate)
        {
            return _targets.TryGetValue(id, out WebhookTarget? target) ? _targets[id] = target with { Enabled = enabled } : null;
        }
    }

    /// <summary>Removes a receiver; deliveries that wait for it are given up.</summary>
    public bool RemoveTarget(string id)
    {
        lock (_gate)
        {
            foreach (OutgoingDelivery waiting in _deliveries.Where(d => d.Target.Id == id && d.State == DeliveryState.Waiting))
            {
                waiting.Dispose();
                (waiting.State, waiting.NextAt) = (DeliveryState.Failed, null);
            }

            return _targets.Remove(id);
        }
    }

    /// <summary>Starts a delivery to every receiver of the event.</summary>
    /// <param name="name">Event (action) name.</param>
    /// <param name="body">The bytes posted and signed.</param>
    /// <param name="copies">How often each receiver gets the same body, each copy with its own delivery id.</param>
    /// <param name="after">Deliveries whose first attempt must have ended before these begin.</param>
    /// <param name="link">Where the state of what the event is about can be read.</param>
    /// <param name="subject">What the event is about, where a header says it.</param>
    public IReadOnlyList<OutgoingDelivery> Send(string name, byte[] body, int copies = 1, IReadOnlyList<OutgoingDelivery>? after = null, Uri? link = null, string? subject = null)
    {
        Task before = Task.WhenAll((after ?? []).Select(d => d.FirstAttempt.Task));
        lock (_gate)
        {
            var sent = new List<OutgoingDelivery>();
            foreach (WebhookTarget target in _targets.Values.Where(t => t.Takes(name)))
            {
                for (int copy = 0; copy < copies; copy++)
                {
                    sent.Add(new OutgoingDelivery(target, NextId(), name, rules.Body(target.Secret, body)) { Link = link, Subject = subject });
                }
            }

            Forget();
            _deliveries.AddRange(sent);
            sent.ForEach(d => Begin(d, before));
            return sent;
        }
    }

    /// <summary>One attempt without retries, for a ping. True when the receiver took it.</summary>
    public async Task<bool> PingAsync(WebhookTarget target, string name, byte[] body, CancellationToken cancel)
    {
        OutgoingDelivery ping;
        lock (_gate)
        {
            ping = new OutgoingDelivery(target, NextId(), name, rules.Body(target.Secret, body));
            _deliveries.Add(ping);
        }

        WebhookAttempt attempt = await PostAsync(ping, cancel);
        lock (_gate)
        {
            ping.Add(attempt);
            ping.State = rules.Succeeds(attempt.Status) ? DeliveryState.Delivered : DeliveryState.Failed;
            return ping.State == DeliveryState.Delivered;
        }
    }

    /// <summary>Posts an empty body with a secret in a header. True when the receiver answers 200 with the same header in time.</summary>
    public async Task<bool> ShakeHandsAsync(Uri url, string header, string secret, TimeSpan within, CancellationToken cancel)
    {
        using var timeout = new CancellationTokenSource(within, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancel);
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent([]) };
        request.Headers.TryAddWithoutValidation(header, secret);
        try
        {
            using HttpResponseMessage response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return (int)response.StatusCode == 200 && response.Headers.TryGetValues(header, out IEnumerable<string>? given) && given.SequenceEqual([secret]);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Completes when no attempt is under way: everything is delivered, given up, or waits for its time.</summary>
    public Task WhenQuietAsync(CancellationToken cancel)
    {
        lock (_gate)
        {
            if (_sending == 0)
            {
                return Task.CompletedTask;
            }

            _quiet ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _quiet.Task.WaitAsync(cancel);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        await _stop.CancelAsync();
        await WhenQuietAsync(CancellationToken.None);
        _deliveries.ForEach(d => d.Dispose());
        _http.Dispose();
        _connections.Dispose();
        _stop.Dispose();
    }

    // Finished deliveries are kept for assertions, but a load test must not fill the memory with them.
    private void Forget()
    {
        if (_deliveries.Count >= MostKept)
        {
            _deliveries.RemoveAll(d => d.State is DeliveryState.Delivered or DeliveryState.Failed);
        }
    }

    private string NextId() => $"{++_deliveryCount:d8}-{Guid.NewGuid():n}";

    // Counted under the lock before any task starts, so that WhenQuietAsync right after a clock jump sees it.
    private void Begin(OutgoingDelivery delivery, Task before)
    {
        _sending++;
        (delivery.State, delivery.NextAt) = (DeliveryState.Sending, null);
        _ = Task.Run(() => AttemptAsync(delivery, before));
    }

    private async Task AttemptAsync(OutgoingDelivery delivery, Task before)
    {
        await before;
        WebhookAttempt attempt = await PostAsync(delivery, _stop.Token);
        lock (_gate)
        {
            delivery.Add(attempt);
            Settle(delivery, rules.Succeeds(attempt.Status));
            if (--_sending == 0)
            {
                _quiet?.TrySetResult();
                _quiet = null;
            }
        }
    }

    private void Settle(OutgoingDelivery delivery, bool taken)
    {
        bool wanted = _targets.ContainsKey(delivery.Target.Id) && !_stop.IsCancellationRequested;
        if (taken || !wanted || delivery.Attempts > rules.Waits.Count)
        {
            delivery.State = taken ? DeliveryState.Delivered : DeliveryState.Failed;
            return;
        }

        TimeSpan wait = rules.Waits[delivery.Attempts - 1];
        (delivery.State, delivery.NextAt) = (DeliveryState.Waiting, time.GetUtcNow() + wait);
        delivery.Dispose();
        delivery.Timer = time.CreateTimer(_ => Wake(delivery), null, wait, Timeout.InfiniteTimeSpan);
    }

    private void Wake(OutgoingDelivery delivery)
    {
        lock (_gate)
        {
            if (delivery.State == DeliveryState.Waiting && !_stop.IsCancellationRequested)
            {
                delivery.Id = rules.NewIdOnRetry ? NextId() : delivery.Id;
                Begin(delivery, Task.CompletedTask);
            }
        }
    }

    private async Task<WebhookAttempt> PostAsync(OutgoingDelivery delivery, CancellationToken cancel)
    {
        try
        {
            await _connections.WaitAsync(cancel);
        }
        catch (OperationCanceledException)
        {
            return new WebhookAttempt(time.GetUtcNow(), 0, "The sandbox stopped.");
        }

        using var timeout = new CancellationTokenSource(rules.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancel);
        try
        {
            using HttpRequestMessage request = Request(delivery);
            using HttpResponseMessage response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return new WebhookAttempt(time.GetUtcNow(), (int)response.StatusCode, null);
        }
        catch (HttpRequestException e)
        {
            return new WebhookAttempt(time.GetUtcNow(), 0, e.Message);
        }
        catch (OperationCanceledException)
        {
            string error = timeout.IsCancellationRequested ? $"No answer within {rules.Timeout.TotalSeconds} s." : "The sandbox stopped.";
            return new WebhookAttempt(time.GetUtcNow(), 0, error);
        }
        finally
        {
            _connections.Release();
        }
    }

    private HttpRequestMessage Request(OutgoingDelivery delivery)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, delivery.Target.Url) { Content = new ByteArrayContent(rules.Gzip ? Compressed(delivery.Body) : delivery.Body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (rules.Gzip)
        {
            request.Content.Headers.ContentEncoding.Add("gzip");
        }

        foreach ((string name, string value) in (IEnumerable<(string, string)>)[.. rules.Headers(delivery.Target.Secret, delivery.Body, delivery.Id), .. rules.MoreHeaders(delivery)])
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    private static byte[] Compressed(byte[] body)
    {
        using var small = new MemoryStream();
        using (var gzip = new GZipStream(small, CompressionLevel.Fastest))
        {
            gzip.Write(body);
        }

        return small.ToArray();
    }
}
