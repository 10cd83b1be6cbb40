using Aria.Pipelines.Sandbox.Greenhouse;

namespace Aria.Pipelines.Host.Demo;

/// <summary>Twenty applications and the requisitions they are for.</summary>
internal static class DemoScenario
{
    private const long Backend = GreenhouseSeeds.EngineerJobId;
    private const long Designer = GreenhouseSeeds.DesignerJobId;
    private const long Lawyer = 4056312;
    private const long Support = 4056313;

    /// <summary>Jobs of the simulated account: the two of the seeds, one outside of every rollout, one whose applicants are all invited.</summary>
    public static IReadOnlyList<GreenhouseJobSeed> Jobs { get; } =
    [
        .. GreenhouseSeeds.Jobs,
        new(Lawyer, "Legal Counsel", "Application Review", "Phone Screen", "Offer"),
        new(Support, "Support Agent", "Application Review", "Phone Screen", "Offer"),
    ];

    public static IReadOnlyList<DemoApplication> Applications { get; } =
    [
        new("Jane", "Doe", "jane.doe@example.com", "+1 555 123 4567", Backend, DemoTrigger.Stage, DemoEnding.Completes),
        new("Zoë", "Müller-Lüdenscheidt", "zoe.mueller@example.com", "+49 30 901820", Backend, DemoTrigger.Stage, DemoEnding.CompletesOutOfOrder),
        new("小龙", "李", "li.xiaolong@example.com", "+86 10 6552 9988", Backend, DemoTrigger.Stage, DemoEnding.Completes),
        new("José", "Núñez", "jose.nunez@example.com", "+34 91 411 11 11", Backend, DemoTrigger.Stage, DemoEnding.Completes),
        new("Анна", "Каренина", "anna.karenina@example.com", "+7 495 123-45-67", Designer, DemoTrigger.Stage, DemoEnding.Completes),
        new("Siobhán \"Shiv\"", "O'Connor {{ 7 * 7 }}", "siobhan@example.com", "+353 1 679 9444", Backend, DemoTrigger.Stage, DemoEnding.Completes),
        new("עדי", "כהן", "adi.cohen@example.com", null, Backend, DemoTrigger.Stage, DemoEnding.Completes),
        new("Renée", "", "renee@example.com", "+33 1 40 20 50 50", Designer, DemoTrigger.Stage, DemoEnding.Completes),
        new("Ngọc", "Trần Thị", "ngoc.tran@example.com", "+84 24 3942 4242", Designer, DemoTrigger.Stage, DemoEnding.Completes),
        new("Max", "Powers", "max.powers@example.com", "+1 415 555 0101", Designer, DemoTrigger.Stage, DemoEnding.CompletesOutOfOrder),
        new("Priya", "Sharma", "priya.sharma@example.com", "+91 22 6666 7777", Backend, DemoTrigger.Stage, DemoEnding.Completes),
        new("Priya", "Sharma", "priya.sharma@example.com", "+91 22 6666 7777", Designer, DemoTrigger.Stage, DemoEnding.Completes),
        new("Priya", "Sharma", "priya.sharma@example.com", "+91 22 6666 7777", Backend, DemoTrigger.Stage, DemoEnding.NotInvitedTwice),
        new("Ivo", "Invalid", "ivo.invalid.example.com", "+385 1 4886 000", Backend, DemoTrigger.Stage, DemoEnding.InvalidEmail),
        new("Noah", "Shaw", "noah.shaw@example.com", "+1 555 765 4321", Backend, DemoTrigger.Stage, DemoEnding.NoShow),
        new("Olga", "Outside", "olga.outside@example.com", "+48 22 695 2900", Lawyer, DemoTrigger.Stage, DemoEnding.OutsideRollout),
        new("Silas", "Marner", "silas.marner@example.com", "+44 20 7946 0000", Backend, DemoTrigger.Stage, DemoEnding.CompletesUnreported),
        new("Amara", "Okafor", "amara.okafor@example.com", "+234 1 270 0000", Support, DemoTrigger.Application, DemoEnding.Completes),
        new("Bjørn", "Åsheim", "bjorn.asheim@example.com", "+47 22 86 44 00", Support, DemoTrigger.Application, DemoEnding.Completes),
        new("Manuela", "Handpicked", "manuela@example.com", "+39 06 6982", Backend, DemoTrigger.Manual, DemoEnding.Completes),
    ];
}
