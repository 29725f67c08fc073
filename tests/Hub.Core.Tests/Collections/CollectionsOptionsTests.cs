using Hub.Core.Collections;
using Microsoft.Extensions.Options;
using NodaTime;

namespace Hub.Core.Tests.Collections;

public class CollectionsOptionsTests
{
    [Fact]
    public void The_defaults_are_valid_and_give_five_steps()
    {
        var options = new CollectionsOptions();

        Assert.True(new CollectionsOptionsValidator().Validate(null, options).Succeeded);
        DunningTerms terms = options.ToTerms(DateTimeZone.Utc);
        Assert.Equal(["S-3", "S1", "S7", "S14", "S30"], terms.Steps.Select(step => step.Key));
        Assert.Equal(["before-due", "overdue", "overdue", "overdue", "final-notice"], terms.Steps.Select(step => step.Template));
        Assert.Equal((new LocalTime(9, 0), new LocalTime(18, 0)), (terms.Steps[0].SendTime, terms.Close!.Value));
    }

    [Fact]
    public void Configured_steps_replace_the_default_ladder()
    {
        var options = new CollectionsOptions { Close = "", EnabledFrom = "2027-03-01" };
        options.Steps.Add(new StepOptions { Key = "A", OffsetDays = 5, SendTime = "10:30", Template = "soft" });

        DunningTerms terms = options.ToTerms(DateTimeZone.Utc);

        Assert.Equal(new DunningStep("A", 5, new LocalTime(10, 30), "soft"), terms.Steps.Single());
        Assert.Null(terms.Close);
        Assert.Equal(Instant.FromUtc(2027, 3, 1, 0, 0), terms.SwitchedOn);
    }

    [Fact]
    public void Every_defect_is_a_line_of_its_own()
    {
        var options = new CollectionsOptions { SendTime = "9", Close = "25:00", EnabledFrom = "soon", FloorMinorUnits = -1 };
        options.Steps.Add(new StepOptions { Key = "A/1", OffsetDays = 366 });
        options.Steps.Add(new StepOptions { Key = "B", OffsetDays = 1, SendTime = "19:00" });
        options.Steps.Add(new StepOptions { Key = "b", OffsetDays = 2 });

        ValidateOptionsResult result = new CollectionsOptionsValidator().Validate(null, options);

        Assert.Equal(
            [
                "Collections:SendTime must be a local time HH:mm; it is '9'.",
                "Collections:Close must be a local time HH:mm; it is '25:00'.",
                "Collections:EnabledFrom must be a date yyyy-MM-dd; it is 'soon'.",
                "Collections:FloorMinorUnits must not be negative; it is '-1'.",
                "Collections:Steps:0:Key must be 1 to 20 letters, digits or hyphens; it is 'A/1'.",
                "Collections:Steps:0:OffsetDays must lie between -365 and 365; it is '366'.",
                "Collections:Steps must have different keys, but this one stands there more than once; it is 'B'.",
            ],
            result.Failures);
    }

    [Fact]
    public void A_step_after_the_close_could_never_leave()
    {
        var options = new CollectionsOptions();
        options.Steps.Add(new StepOptions { Key = "B", OffsetDays = 1, SendTime = "19:00" });

        Assert.Equal(
            ["Collections:Steps:0:SendTime must be before Close (18:00), or nothing would ever leave; it is '19:00'."],
            new CollectionsOptionsValidator().Validate(null, options).Failures);
    }
}
