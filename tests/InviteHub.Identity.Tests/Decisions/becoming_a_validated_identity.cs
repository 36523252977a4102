using InviteHub.Identity.Features;
using InviteHub.ServiceDefaults;

namespace InviteHub.Identity.Tests.Decisions;

[Trait("Feature", "IDN-02")]
public class becoming_a_validated_identity
{
    private static readonly Guid Person = Some.Id();
    private static readonly Guid Member = Some.Id();
    private static readonly IdentityDetails Details = new("Kim", "Eriksdotter", "198112189876", null, null, true, true);

    private static DigitalIdentity After(params DigitalIdentityEvent[] events) => events.Aggregate(DigitalIdentity.Initial, (state, e) => state.Apply(e));

    private static DigitalIdentityEvent[] Given(IdentityDetails details, bool submit, Guid by, DigitalIdentity? identity = null) =>
        [.. GiveIdentity.Decide(identity ?? DigitalIdentity.Initial, new(Person, details, submit, by)).Events];

    [Fact]
    public void takes_steps_and_waits_when_the_person_submits()
    {
        var first = Given(IdentityDetails.None with { FirstName = "Kim" }, submit: false, Person);
        After(first).Status.ShouldBe(IdentityStatus.Draft);
        DigitalIdentityEvent[] all = [.. first, .. Given(Details, submit: true, Person, After(first))];
        After(all).ShouldSatisfyAllConditions(i => i.Status.ShouldBe(IdentityStatus.Submitted), i => i.Details.ShouldBe(Details));
        Given(Details, submit: true, Person, After(all)).ShouldBeEmpty();
    }

    [Fact]
    [Trait("Feature", "IDN-03")]
    public void is_one_step_for_an_authorised_member()
    {
        var events = Given(Details, submit: true, Member);
        events.Select(e => e.GetType().Name).ShouldBe(["DetailsGiven", "Submitted", "Validated"]);
        Given(Details, submit: true, Member, After(events)).ShouldBeEmpty();
    }

    [Fact]
    public void goes_back_with_a_reason_until_it_is_submitted_again()
    {
        var submitted = Given(Details, submit: true, Person);
        var returned = After([.. submitted, .. ReviewIdentity.Decide(After(submitted), new(Person, "The name is another one.", Member)).Events]);
        (returned.Status, returned.Reason).ShouldBe((IdentityStatus.Returned, "The name is another one."));
        ReviewIdentity.Decide(returned, new(Person, "The name is another one.", Member)).Events.ShouldBeEmpty();
        ReviewIdentity.Decide(returned, new(Person, null, Member)).Refusal.ShouldBe(new IdentityNotSubmitted());
        Given(Details, submit: true, Person, returned).ShouldHaveSingleItem().ShouldBeOfType<DigitalIdentityEvent.Submitted>();
    }

    [Fact]
    public void is_over_when_the_details_change()
    {
        var validated = Given(Details, submit: true, Member);
        var changed = Given(Details with { LastName = "Larsdotter" }, submit: false, Person, After(validated));
        After([.. validated, .. changed]).Status.ShouldBe(IdentityStatus.Draft);
    }

    [Fact]
    public void is_nobody_s_own_doing()
    {
        var submitted = After(Given(Details, submit: true, Person));
        ReviewIdentity.Decide(submitted, new(Person, null, Person)).Refusal.ShouldBe(new OwnIdentity());
        ReviewIdentity.Decide(DigitalIdentity.Initial, new(Person, null, Member)).Refusal.ShouldBe(new IdentityNotSubmitted());
        var validated = submitted.Apply(new DigitalIdentityEvent.Validated(Person, Member));
        ReviewIdentity.Decide(validated, new(Person, null, Member)).ShouldSatisfyAllConditions(d => d.Refusal.ShouldBeNull(), d => d.Events.ShouldBeEmpty());
    }

    [Theory]
    [InlineData(false, "")]
    [InlineData(true, "firstName, lastName, personalNumber")]
    public void needs_everything_only_at_the_end(bool submit, string missing)
    {
        var errors = new FieldErrors();
        GiveIdentity.Read(new(null, null, null, null, null, null, null, submit), new(2030, 1, 1), errors);
        string.Join(", ", (errors.Refusal?.Errors.Keys ?? []).Order(StringComparer.Ordinal)).ShouldBe(missing);
    }
}
