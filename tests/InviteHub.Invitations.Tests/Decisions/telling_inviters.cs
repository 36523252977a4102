using InviteHub.Invitations.Features;
using Shouldly;
using Xunit;

namespace InviteHub.Invitations.Tests.Decisions;

[Trait("Feature", "INV-22")]
public sealed class telling_inviters
{
    private static readonly Guid One = Guid.Parse("0198c2d0-0000-7000-8000-0000000000e1");
    private static readonly TellInviters.Command Command = new(Some.Id, Some.Admin, [One, Some.Invitee], Some.Now);
    private static readonly ExpiryDigestEvent.Due Due = new(Some.Admin, Some.Id, 2, InvitationId: null, Some.Now);

    [Fact]
    public void counts_what_expired_and_names_it_where_it_is_one()
    {
        TellInviters.Decide(ExpiryDigest.Initial, Command).Events.ShouldBe([Due]);
        TellInviters.Decide(ExpiryDigest.Initial, Command with { Expired = [One] }).Events.ShouldBe([Due with { Expired = 1, InvitationId = One }]);
    }

    [Fact]
    public void happens_once_a_day_and_for_nothing_not_at_all()
    {
        var told = ExpiryDigest.Initial.Apply(Due);
        TellInviters.Decide(told, Command).Events.ShouldBeEmpty();
        TellInviters.Decide(told, Command with { At = Some.Now.AddDays(1).AddTicks(-1) }).Events.ShouldBeEmpty();
        TellInviters.Decide(told, Command with { At = Some.Now.AddDays(1) }).Events.Count.ShouldBe(1);
        TellInviters.Decide(ExpiryDigest.Initial, Command with { Expired = [] }).Events.ShouldBeEmpty();
    }
}
