using InviteHub.Contracts.Subscriptions;
using InviteHub.EventStore;
using InviteHub.Invitations.Features;
using InviteHub.Invitations.ReadModels;
using Shouldly;
using Xunit;

namespace InviteHub.Invitations.Tests.Decisions;

[Trait("Feature", "INV-20")]
[Trait("Feature", "INV-24")]
public class running_a_batch
{
    private static readonly BatchTarget Target = new(Some.Id, Some.Subscription, "editor");
    private static readonly InvitationBatchChecked Answer = new(Some.Id, Some.Organization, [2], [true], [""], [""]);

    [Fact]
    public void begins_once()
    {
        var upload = Uploaded(dryRun: true);
        StartBatch.Decide(InvitationBatch.Initial, new(upload)).Events.ShouldBe([upload]);
        StartBatch.Decide(Given(upload), new(upload)).ShouldBeNothing();
    }

    [Fact]
    public void a_dry_run_waits_to_be_committed_and_another_goes_on_at_once()
    {
        CheckBatch.Decide(Given(Uploaded(dryRun: true)), Answer, BatchPolicy.None).Events.ShouldHaveSingleItem().ShouldBeOfType<InvitationBatchEvent.Checked>()
            .Targets.ShouldBe([new(Target, 2, Waits: true, Code: null, Detail: null)]);
        var direct = CheckBatch.Decide(Given(Uploaded(dryRun: false)), Answer, BatchPolicy.None).Events;
        direct[1].ShouldBe(new InvitationBatchEvent.Committed(Some.Admin));
        CheckBatch.Decide(direct.Aggregate(Given(Uploaded(dryRun: false)), (state, e) => state.Apply(e)), Answer, BatchPolicy.None).ShouldBeNothing();
    }

    [Fact]
    public void why_none_may_go_out_is_kept_with_what_it_is_about() => CheckBatch
        .Decide(Given(Uploaded(dryRun: true)), Answer with { Codes = ["unknown-role"], Details = ["There is no such role."] }, BatchPolicy.None)
        .Events[0].ShouldBeOfType<InvitationBatchEvent.Checked>().Targets[0].Code.ShouldBe("unknown-role");

    [Fact]
    [Trait("Feature", "INV-13")]
    public void is_ready_when_it_is_known_of_all_people_whether_they_hold_the_role_each_answer_counted_once()
    {
        var asked = Given(Uploaded(dryRun: true));
        var first = Answer with
        {
            Through = 5001, RefusedPeople = [Some.Invitee], RefusedTargets = [0], PeopleCodes = ["role-already-held"], PeopleDetails = ["They hold it."],
        };
        var some = CheckBatch.Decide(asked, first, BatchPolicy.None).Events.ShouldHaveSingleItem().ShouldBeOfType<InvitationBatchEvent.PeopleChecked>();
        var no = some.Refused.ShouldHaveSingleItem();
        (some.Through, no.Target, no.People.ShouldHaveSingleItem(), no.Code).ShouldBe((5001, Target, Some.Invitee, "role-already-held"));

        var after = asked.Apply(some);
        CheckBatch.Decide(after, first, BatchPolicy.None).ShouldBeNothing();
        CheckBatch.Decide(after, Answer, BatchPolicy.None).Events.ShouldHaveSingleItem().ShouldBeOfType<InvitationBatchEvent.Checked>();
        CheckBatch.Decide(after, first with { Through = null }, BatchPolicy.None).Events.Select(e => e.GetType())
            .ShouldBe([typeof(InvitationBatchEvent.PeopleChecked), typeof(InvitationBatchEvent.Checked)]);
    }

    [Fact]
    public void only_what_was_shown_is_committed_and_that_once()
    {
        CommitBatch.Decide(InvitationBatch.Initial, new(Some.Admin)).Refusal.ShouldBeOfType<BatchNotFound>();
        CommitBatch.Decide(Given(Uploaded(dryRun: true)), new(Some.Admin)).Refusal.ShouldBeOfType<BatchNotChecked>();
        CommitBatch.Decide(Ready, new(Some.Admin)).Events.ShouldBe([new InvitationBatchEvent.Committed(Some.Admin)]);
        CommitBatch.Decide(Running, new(Some.Admin)).ShouldBeNothing();
        CommitBatch.Decide(Finished, new(Some.Admin)).ShouldBeNothing();
        CommitBatch.Decide(Cancelled, new(Some.Admin)).Refusal.ShouldBeOfType<BatchEnded>();
    }

    [Fact]
    [Trait("Feature", "INV-23")]
    public void waits_for_a_second_person_where_one_is_asked_for_and_is_committed_or_cancelled_by_that_word_once()
    {
        var direct = CheckBatch.Decide(Given(Uploaded(dryRun: false)), Answer, new(RequiresApproval: true, Hourly: null)).Events;
        direct[1].ShouldBe(new InvitationBatchEvent.ApprovalAsked(Some.Admin));
        CommitBatch.Decide(Ready, new(Some.Invitee, RequiresApproval: true)).Events.ShouldBe([new InvitationBatchEvent.ApprovalAsked(Some.Invitee)]);
        var asked = Ready.Apply(new InvitationBatchEvent.ApprovalAsked(Some.Invitee));
        CommitBatch.Decide(asked, new(Some.Admin, RequiresApproval: true)).ShouldBeNothing();

        foreach (var own in new[] { Some.Admin, Some.Invitee })
        {
            ApproveBatch.Decide(asked, new(own, IsApprover: true)).Refusal.ShouldBeOfType<ApprovalNeedsAnother>();
            RejectBatch.Decide(asked, new(own, IsApprover: true)).Refusal.ShouldBeOfType<ApprovalNeedsAnother>();
        }

        ApproveBatch.Decide(asked, new(Some.Id, IsApprover: false)).Refusal.ShouldBeOfType<MayNotApprove>();
        ApproveBatch.Decide(Ready, new(Some.Id, IsApprover: true)).Refusal.ShouldBeOfType<NothingToApprove>();
        var approved = ApproveBatch.Decide(asked, new(Some.Id, IsApprover: true)).Events;
        approved.ShouldBe([new InvitationBatchEvent.Approved(Some.Id), new InvitationBatchEvent.Committed(Some.Invitee)]);
        var running = approved.Aggregate(asked, (state, e) => state.Apply(e));
        running.Status.ShouldBe(BatchStatus.Running);
        ApproveBatch.Decide(running, new(Some.Id, IsApprover: true)).ShouldBeNothing();
        RejectBatch.Decide(running, new(Some.Id, IsApprover: true)).Refusal.ShouldBeOfType<NothingToApprove>();

        var rejected = asked.Apply(RejectBatch.Decide(asked, new(Some.Id, IsApprover: true)).Events.ShouldHaveSingleItem());
        rejected.Status.ShouldBe(BatchStatus.Cancelled);
        RejectBatch.Decide(rejected, new(Some.Id, IsApprover: true)).ShouldBeNothing();
        CommitBatch.Decide(rejected, new(Some.Admin)).Refusal.ShouldBeOfType<BatchEnded>();
    }

    [Fact]
    public void lapses_when_nobody_says_a_word_in_time_but_not_for_the_time_that_it_does_not_wait_for()
    {
        var asked = Ready.Apply(new InvitationBatchEvent.ApprovalAsked(Some.Admin));
        LapseBatch.Decide(Ready, new(AwaitsApproval: true)).ShouldBeNothing();
        LapseBatch.Decide(asked, new(AwaitsApproval: false)).ShouldBeNothing();
        LapseBatch.Decide(Running, new(AwaitsApproval: false)).ShouldBeNothing();
        asked.Apply(LapseBatch.Decide(asked, new(AwaitsApproval: true)).Events.ShouldHaveSingleItem()).Status.ShouldBe(BatchStatus.Cancelled);
        var lapsed = Ready.Apply(LapseBatch.Decide(Ready, new(AwaitsApproval: false)).Events.ShouldHaveSingleItem());
        LapseBatch.Decide(lapsed, new(AwaitsApproval: false)).ShouldBeNothing();
    }

    [Fact]
    public void is_finished_once()
    {
        FinishBatch.Decide(Running, new(3, 1)).Events.ShouldBe([new InvitationBatchEvent.Finished(3, 1)]);
        FinishBatch.Decide(Finished, new(3, 1)).ShouldBeNothing();
        FinishBatch.Decide(Cancelled, new(3, 1)).ShouldBeNothing();
    }

    [Fact]
    public void is_cancelled_until_it_is_finished()
    {
        CancelBatch.Decide(InvitationBatch.Initial, new(Some.Admin)).Refusal.ShouldBeOfType<BatchNotFound>();
        CancelBatch.Decide(Given(Uploaded(dryRun: true)), new(Some.Admin)).Events.ShouldBe([new InvitationBatchEvent.Cancelled(Some.Admin)]);
        CancelBatch.Decide(Running, new(Some.Admin)).Events.ShouldBe([new InvitationBatchEvent.Cancelled(Some.Admin)]);
        CancelBatch.Decide(Cancelled, new(Some.Admin)).ShouldBeNothing();
        CancelBatch.Decide(Finished, new(Some.Admin)).Refusal.ShouldBeOfType<BatchFinished>();
        CheckBatch.Decide(Cancelled, Answer, BatchPolicy.None).ShouldBeNothing();
    }

    [Fact]
    public void is_undone_when_it_is_over()
    {
        UndoBatch.Decide(InvitationBatch.Initial, new(Some.Admin)).Refusal.ShouldBeOfType<BatchNotFound>();
        UndoBatch.Decide(Running, new(Some.Admin)).Refusal.ShouldBeOfType<BatchNotOver>();
        UndoBatch.Decide(Cancelled, new(Some.Admin)).Events.ShouldBe([new InvitationBatchEvent.UndoStarted(Some.Admin)]);
        var undoing = Finished.Apply(UndoBatch.Decide(Finished, new(Some.Admin)).Events.ShouldHaveSingleItem());
        UndoBatch.Decide(undoing, new(Some.Admin)).ShouldBeNothing();
        var undone = undoing.Apply(FinishUndo.Decide(undoing).Events.ShouldHaveSingleItem());
        FinishUndo.Decide(undone).ShouldBeNothing();
        CommitBatch.Decide(undone, new(Some.Admin)).Refusal.ShouldBeOfType<BatchEnded>();
    }

    private static InvitationBatch Ready => Given(Uploaded(dryRun: true), new InvitationBatchEvent.Checked([]));

    private static InvitationBatch Running => Ready.Apply(new InvitationBatchEvent.Committed(Some.Admin));

    private static InvitationBatch Finished => Running.Apply(new InvitationBatchEvent.Finished(3, 1));

    private static InvitationBatch Cancelled => Running.Apply(new InvitationBatchEvent.Cancelled(Some.Admin));

    private static InvitationBatchEvent.Uploaded Uploaded(bool dryRun) =>
        new(Some.Id, Some.Organization, Way.Access, 4, dryRun, [Target], Some.Admin, "guest");

    private static InvitationBatch Given(params InvitationBatchEvent[] happened) => happened.Aggregate(InvitationBatch.Initial, (state, e) => state.Apply(e));
}

internal static class BatchOutcomes
{
    public static void ShouldBeNothing(this Decision<InvitationBatchEvent> decision)
    {
        decision.Refusal.ShouldBeNull();
        decision.Events.ShouldBeEmpty();
    }
}
