using Hub.Host.Tests.Support;

namespace Hub.Host.Tests.Queues;

public sealed class QueueListenerTests
{
    [Fact]
    public async Task A_message_that_succeeds_is_gone()
    {
        await using QueueBench bench = await QueueBench.Create();
        await bench.SendText("one");
        await bench.Start();

        await Eventually.True(async () => await bench.Stored() == 0, "the queue is empty");

        Assert.Equal(["text one"], bench.Journal.Entries);
    }

    [Fact]
    public async Task A_message_becomes_the_object_its_json_says_in_any_case()
    {
        await using QueueBench bench = await QueueBench.Create();
        await bench.SendText("""{"opportunityId":"006A","VERSION":3}""");
        await bench.Start("SampleQueue");

        await Eventually.True(async () => await bench.Stored() == 0, "the queue is empty");

        Assert.Equal(["queue 006A 3"], bench.Journal.Entries);
    }

    [Fact]
    public async Task A_message_that_always_fails_is_copied_to_poison_after_five_attempts()
    {
        await using QueueBench bench = await QueueBench.Create();
        bench.Journal.Fails = _ => true;
        await bench.SendText("bad");
        await bench.Start();

        await Eventually.True(async () => await bench.PoisonText() is not null && await bench.Stored() == 0, "the message is in the poison queue");

        Assert.Equal(5, bench.Journal.Entries.Count);
        Assert.Equal("YmFk", await bench.PoisonText());
    }

    [Fact]
    public async Task A_body_that_is_not_the_json_asked_for_burns_its_attempts_and_is_kept_word_for_word()
    {
        await using QueueBench bench = await QueueBench.Create();
        await bench.SendText("no json");
        await bench.Start("SampleQueue");

        await Eventually.True(async () => await bench.PoisonText() is not null && await bench.Stored() == 0, "the message is in the poison queue");

        Assert.Equal(Convert.ToBase64String("no json"u8), await bench.PoisonText());
        Assert.Empty(bench.Journal.Entries);
    }

    [Fact]
    public async Task A_body_that_is_not_base64_goes_to_poison_without_running()
    {
        await using QueueBench bench = await QueueBench.Create();
        await bench.Queue.SendMessageAsync("<plain> & unencoded");
        await bench.Start();

        await Eventually.True(async () => await bench.PoisonText() is not null && await bench.Stored() == 0, "the message is in the poison queue");

        Assert.Equal("<plain> & unencoded", await bench.PoisonText());
        Assert.Empty(bench.Journal.Entries);
    }

    [Fact]
    public async Task A_failed_message_stays_invisible_for_the_visibility_timeout()
    {
        await using QueueBench bench = await QueueBench.Create();
        bench.Options.VisibilityTimeout = TimeSpan.FromMinutes(3);
        bench.Journal.Fails = _ => true;
        await bench.SendText("later");
        await bench.Start();

        await Eventually.True(() => bench.Updates.Count == 1, "the message is released");

        Assert.Contains("visibilitytimeout=180", Assert.Single(bench.Updates), StringComparison.Ordinal);
        Assert.Single(bench.Journal.Entries);
    }

    [Fact]
    public async Task A_long_run_is_renewed_at_half_time_and_still_settled()
    {
        var machine = new ManualTimeProvider(DateTimeOffset.UnixEpoch);
        var release = new TaskCompletionSource();
        await using QueueBench bench = await QueueBench.Create(machine);
        bench.Journal.Hold = _ => release.Task;
        await bench.SendText("long");
        await bench.Start();
        await Eventually.True(() => bench.Journal.Entries.Count == 1, "the function runs");

        // Ten minutes of invisibility, so a renewal after every five.
        machine.Advance(TimeSpan.FromMinutes(4.9));
        Assert.Empty(bench.Updates);
        machine.Advance(TimeSpan.FromMinutes(0.2));
        await Eventually.True(() => bench.Updates.Count == 1, "the first renewal");
        await AdvanceUntil(machine, () => bench.Updates.Count == 2);
        release.SetResult();

        await Eventually.True(async () => await bench.Stored() == 0, "the message is deleted under its renewed receipt");
        Assert.All(bench.Updates, update => Assert.Contains("visibilitytimeout=600", update, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_renewal_that_failed_is_tried_again_while_the_message_is_still_invisible()
    {
        var machine = new ManualTimeProvider(DateTimeOffset.UnixEpoch);
        var release = new TaskCompletionSource();
        await using QueueBench bench = await QueueBench.Create(machine);
        bench.Invisibility = TimeSpan.FromSeconds(30);
        bench.FailingUpdates = 1;
        bench.Journal.Hold = ct => release.Task.WaitAsync(ct);
        await bench.SendText("long");
        await bench.Start();
        await Eventually.True(() => bench.Journal.Entries.Count == 1, "the function runs");

        machine.Advance(TimeSpan.FromSeconds(15));
        await StepUntil(machine, () => bench.Updates is ["failed"]);
        await StepUntil(machine, () => bench.Updates.Count == 2);
        release.SetResult();

        await Eventually.True(async () => await bench.Stored() == 0, "the message is deleted under its renewed receipt");
    }

    [Fact]
    public async Task What_is_in_the_poison_queue_never_expires()
    {
        await using QueueBench bench = await QueueBench.Create();
        bench.Options.MaxDequeueCount = 1;
        bench.Journal.Fails = _ => true;
        await bench.SendText("bad");
        await bench.Start();

        await Eventually.True(async () => await bench.PoisonText() is not null, "the message is in the poison queue");

        Assert.Equal(9999, (await bench.Poison.PeekMessageAsync()).Value.ExpiresOn!.Value.Year);
    }

    [Fact]
    public async Task No_more_run_at_once_than_batch_and_threshold_allow()
    {
        await using QueueBench bench = await QueueBench.Create();
        bench.Options.BatchSize = 2;
        bench.Options.NewBatchThreshold = 1;
        bench.Journal.Hold = ct => Task.Delay(100, ct);
        for (int i = 0; i < 9; i++)
        {
            await bench.SendText($"{i}");
        }

        await bench.Start();
        await Eventually.True(async () => await bench.Stored() == 0, "all nine ran");

        // One left over from a batch of two lets the next two in.
        Assert.Equal(9, bench.Journal.Entries.Distinct().Count());
        Assert.InRange(bench.Journal.Peak, 2, 3);
    }

    [Fact]
    public async Task A_stop_takes_no_new_message_and_lets_the_running_one_finish()
    {
        var release = new TaskCompletionSource();
        await using QueueBench bench = await QueueBench.Create();
        bench.Options.BatchSize = 1;
        bench.Options.NewBatchThreshold = 0;
        bench.Journal.Hold = _ => release.Task;
        await bench.SendText("first");
        await bench.SendText("second");
        await bench.Start();
        await Eventually.True(() => bench.Journal.Entries.Count == 1, "the first message runs");

        Task stopped = bench.Stop();
        Assert.False(stopped.IsCompleted);
        release.SetResult();
        await stopped.WaitAsync(TimeSpan.FromSeconds(10));

        Assert.Single(bench.Journal.Entries);
        Assert.Equal(1, await bench.Stored());
    }

    [Fact]
    public async Task A_run_cut_off_by_the_bound_of_a_stop_is_given_back_at_once()
    {
        await using QueueBench bench = await QueueBench.Create();
        bench.Options.MaxDequeueCount = 1;
        bench.Journal.Hold = ct => Task.Delay(Timeout.Infinite, ct);
        await bench.SendText("cut off");
        await bench.Start();
        await Eventually.True(() => bench.Journal.Entries.Count == 1, "the function runs");

        await bench.Abort().WaitAsync(TimeSpan.FromSeconds(10));

        Assert.NotNull((await bench.Queue.PeekMessageAsync()).Value);
        Assert.Null(await bench.PoisonText());
    }

    private static Task AdvanceUntil(ManualTimeProvider time, Func<bool> condition) => Eventually.True(
        () =>
        {
            time.Advance(TimeSpan.FromMinutes(1));
            return condition();
        },
        "time passes");

    // A timer may be armed a while after what it follows from: second by second, with time in between, none is passed over.
    private static async Task StepUntil(ManualTimeProvider time, Func<bool> condition)
    {
        for (int seconds = 0; seconds < 25 && !condition(); seconds++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            for (int wait = 0; wait < 20 && !condition(); wait++)
            {
                await Task.Delay(10);
            }
        }

        Assert.True(condition(), "Within 25 seconds of the message's 30.");
    }
}
