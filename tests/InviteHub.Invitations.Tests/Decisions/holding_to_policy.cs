using InviteHub.Invitations.Features;
using InviteHub.Invitations.ReadModels;
using Shouldly;
using Xunit;

namespace InviteHub.Invitations.Tests.Decisions;

[Trait("Feature", "INV-23")]
public sealed class holding_to_policy
{
    private static readonly InvitationEvent.Requested Asked = Some.Requested();

    [Fact]
    public void asks_nothing_of_an_organization_that_chose_nothing() => HoldToPolicy.Decide(InvitationPolicy.Default, Asked).ShouldBe(Asked);

    [Fact]
    public void lets_the_named_domains_in_whatever_their_case()
    {
        HoldToPolicy.Decide(InvitationPolicy.Default with { AllowedDomains = ["example.org"] }, Asked with { Email = "Ada@EXAMPLE.org" }).Refusal.ShouldBeNull();
        HoldToPolicy.Decide(InvitationPolicy.Default with { AllowedDomains = ["example.org"] }, Asked with { Email = "ada@sub.example.org" })
            .ShouldBeRefused<DomainNotAllowed>();
    }

    [Fact]
    [Trait("Feature", "INV-25")]
    public void names_the_domains_that_would_do()
    {
        var refusal = HoldToPolicy.Decide(InvitationPolicy.Default with { AllowedDomains = ["acme.example", "north.example"] }, Asked).Refusal!;

        refusal.Facts!["allowedDomains"].ShouldBe("acme.example, north.example");
        refusal.Detail.ShouldContain("acme.example, north.example");
        refusal.Detail.ShouldNotContain("example.org");
    }

    [Fact]
    public void lets_a_second_person_decide_before_anybody_else_is_told()
    {
        var decision = HoldToPolicy.Decide(InvitationPolicy.Default with { RequiresApproval = true }, Asked);

        decision.Events.ShouldBe([new InvitationEvent.ApprovalRequired(Some.Id, Some.Organization, Some.Now), Asked]);
        Some.Given([.. decision.Events]).AwaitsApproval.ShouldBeTrue();
    }

    [Fact]
    [Trait("Feature", "SEC-02")]
    public void tells_a_stranger_nothing_of_what_an_organization_asks()
    {
        var strict = InvitationPolicy.Default with { IsCallersOwn = false };

        HoldToPolicy.Decide(strict with { AllowedDomains = ["acme.example"] }, Asked).ShouldBeRefused<OrganizationUnknown>();
        HoldToPolicy.Decide(strict with { RequiresApproval = true }, Asked).ShouldBeRefused<OrganizationUnknown>();
        HoldToPolicy.Decide(strict with { HourlyLimit = 3 }, Asked).ShouldBeRefused<OrganizationUnknown>();
    }
}

[Trait("Feature", "INV-23")]
public sealed class approving_an_invitation
{
    private static readonly Guid Second = Guid.Parse("0198c2d0-0000-7000-8000-0000000000b1");
    private static readonly Invitation Asked = Some.Given(new InvitationEvent.ApprovalRequired(Some.Id, Some.Organization, Some.Now), Some.Requested());
    private static readonly ApproveInvitation.Command Approve = new(Second, IsApprover: true, Some.Now);
    private static readonly RejectInvitation.Command Reject = new(Second, IsApprover: true, "Not now", Some.Now);
    private static readonly InvitationEvent.Rejected Rejected = new(Some.Invitee, Second, "Not now", Some.Now);

    [Fact]
    public void is_a_second_person_s_and_happens_once()
    {
        var approved = new InvitationEvent.Approved(Second, Some.Now);

        ApproveInvitation.Decide(Asked, Approve).ShouldBe(approved);
        ApproveInvitation.Decide(Asked.Apply(approved), Approve).ShouldBe();
    }

    [Fact]
    public void is_never_the_inviter_s_whatever_they_may() =>
        ApproveInvitation.Decide(Asked, Approve with { By = Some.Admin }).ShouldBeRefused<ApprovalNeedsAnother>();

    [Fact]
    public void takes_somebody_who_may() => ApproveInvitation.Decide(Asked, Approve with { IsApprover = false }).ShouldBeRefused<MayNotApprove>();

    [Fact]
    public void finds_nothing_where_nobody_has_to_or_it_is_over()
    {
        ApproveInvitation.Decide(Some.Given(Some.Requested()), Approve).ShouldBeRefused<NothingToApprove>();
        ApproveInvitation.Decide(Asked.Apply(new InvitationEvent.Revoked(Some.Admin, Some.Now)), Approve).ShouldBeRefused<NothingToApprove>();
        ApproveInvitation.Decide(Asked.Apply(Rejected), Approve).ShouldBeRefused<NothingToApprove>();
    }

    [Fact]
    public void can_be_refused_once_and_ends_the_invitation()
    {
        RejectInvitation.Decide(Asked, Reject).ShouldBe(Rejected);
        RejectInvitation.Decide(Asked.Apply(Rejected), Reject).ShouldBe();
        RejectInvitation.Decide(Asked, Reject with { By = Some.Admin }).ShouldBeRefused<ApprovalNeedsAnother>();
        RejectInvitation.Decide(Asked.Apply(new InvitationEvent.Approved(Second, Some.Now)), Reject).ShouldBeRefused<NothingToApprove>();
        Asked.Apply(Rejected).Status.ShouldBe(InvitationStatus.Refused);
    }
}
