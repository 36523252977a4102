using InviteHub.EventStore;
using InviteHub.Identity.Features;
using InviteHub.Identity.ReadModels;

namespace InviteHub.Identity.Tests.Decisions;

[Trait("Feature", "INV-14")]
[Trait("Feature", "INV-24")]
public class choosing_users_to_invite
{
    private static readonly Guid Id = Some.Id();
    private static readonly InviteUsers.Start Start = new(Id, 3, "email", OneTimePassword: false, DryRun: false, Some.Id(), "systemAdmin");
    private static readonly CommitInvitationRun.Command Commit = new(Id, Some.Id(), "systemAdmin");
    private static readonly CancelInvitationRun.Command Cancel = new(Id, Some.Id());
    private static readonly FinishInvitationRun.Command Finish = new(new SettledRun(Id, Planned: 2, Done: 2, Failed: 1));

    [Fact]
    public void is_finished_once_all_are_dealt_with_and_no_command_comes_twice()
    {
        var started = After(InvitationRun.Initial, InviteUsers.Decide(InvitationRun.Initial, Start));
        InviteUsers.Decide(started, Start).Events.ShouldBeEmpty();
        CommitInvitationRun.Decide(started, Commit).ShouldSatisfyAllConditions(d => d.Refusal.ShouldBeNull(), d => d.Events.ShouldBeEmpty());
        FinishInvitationRun.Decide(started, Finish).Events.ShouldHaveSingleItem().ShouldBe(new InvitationRunEvent.Finished(Id, Invited: 2, Refused: 1));
        var finished = After(started, FinishInvitationRun.Decide(started, Finish));
        FinishInvitationRun.Decide(finished, Finish).Events.ShouldBeEmpty();
        CancelInvitationRun.Decide(finished, Cancel).Refusal.ShouldBe(new InvitationRunFinished());
    }

    [Fact]
    public void is_ready_after_a_trial_and_runs_when_it_is_committed()
    {
        var tried = After(InvitationRun.Initial, InviteUsers.Decide(InvitationRun.Initial, Start with { DryRun = true }));
        CommitInvitationRun.Decide(tried, Commit).Refusal.ShouldBe(new InvitationRunNotChecked());
        FinishInvitationRun.Decide(tried, Finish).Events.ShouldHaveSingleItem().ShouldBe(new InvitationRunEvent.Checked(Id, Planned: 2, Refused: 1));
        var ready = After(tried, FinishInvitationRun.Decide(tried, Finish));
        FinishInvitationRun.Decide(ready, Finish).Events.ShouldBeEmpty();
        var committed = After(ready, CommitInvitationRun.Decide(ready, Commit));
        CommitInvitationRun.Decide(committed, Commit).Events.ShouldBeEmpty();
        FinishInvitationRun.Decide(committed, Finish).Events.ShouldHaveSingleItem().ShouldBeOfType<InvitationRunEvent.Finished>();
    }

    [Fact]
    public void is_over_when_it_is_cancelled_and_nothing_before_it_is_started()
    {
        var started = After(InvitationRun.Initial, InviteUsers.Decide(InvitationRun.Initial, Start));
        var cancelled = After(started, CancelInvitationRun.Decide(started, Cancel));
        CancelInvitationRun.Decide(cancelled, Cancel).ShouldSatisfyAllConditions(d => d.Refusal.ShouldBeNull(), d => d.Events.ShouldBeEmpty());
        CommitInvitationRun.Decide(cancelled, Commit).Refusal.ShouldBe(new InvitationRunCancelled());
        FinishInvitationRun.Decide(cancelled, Finish).Events.ShouldBeEmpty();
        CommitInvitationRun.Decide(InvitationRun.Initial, Commit).Refusal.ShouldBe(new InvitationRunNotFound());
        CancelInvitationRun.Decide(InvitationRun.Initial, Cancel).Refusal.ShouldBe(new InvitationRunNotFound());
    }

    private static InvitationRun After(InvitationRun run, Decision<InvitationRunEvent> decision) => decision.Events.Aggregate(run, (state, happened) => state.Apply(happened));
}
