using System.Collections.Immutable;
using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using InviteHub.Subscriptions.Features;

namespace InviteHub.Subscriptions.Tests.Decisions;

[Trait("Feature", "ROL-06")]
public class giving_a_role
{
    private static readonly Guid First = World.Id(70);
    private static readonly Guid Second = World.Id(71);
    private static readonly Guid Room = World.Id(72);
    private static readonly AppointmentEvent Asked = new AppointmentEvent.Requested(
        First, World.Acme, World.Member, HeldRole.Professional, new() { Competences = ["law"] }, World.Admin);

    [Fact]
    public void asks_for_it_with_all_that_Identity_has_to_know()
    {
        var asked = Put(Appointment.Initial, new(Languages: ["sv"])).OnlyEvent().ShouldBeOfType<AppointmentEvent.Requested>();
        (asked.RequestId, asked.HolderId, asked.UserId, asked.Role).ShouldBe((Second, World.Acme, World.Member, HeldRole.Professional));
        asked.Details.ShouldBe(new() { Status = "active", Languages = ["sv"] });
    }

    [Fact]
    public void twice_asks_once() => Put(State(Asked), new(Competences: ["law"])).ShouldBeNothing();

    [Fact]
    public void that_is_there_keeps_what_is_new_of_the_person()
    {
        var put = Put(Granted(), new(Status: "inactive"));
        put.OnlyEvent().ShouldBeOfType<AppointmentEvent.DetailsChanged>().Details.ShouldBe(new() { Status = "inactive" });
        var patched = Put(Granted(), new(Status: "inactive"), isChange: true);
        patched.OnlyEvent().ShouldBeOfType<AppointmentEvent.DetailsChanged>().Details.ShouldBe(new() { Status = "inactive", Competences = ["law"] });
    }

    [Fact]
    public void that_was_refused_or_taken_back_asks_again()
    {
        Put(State(Asked, new AppointmentEvent.Refused(First, RefusalKind.Conflict, "role-conflict", "no")), new()).OnlyEvent().ShouldBeOfType<AppointmentEvent.Requested>();
        Put(Ended(), new()).OnlyEvent().ShouldBeOfType<AppointmentEvent.Requested>().RequestId.ShouldBe(Second);
        Put(Ended(), new(), isChange: true).ShouldBeRefused("not-appointed");
    }

    [Fact]
    public void puts_nobody_in_a_room_that_is_not_open()
    {
        Put(Appointment.Initial, new(ClassroomIds: [Room])).ShouldBeRefused("unknown-classroom");
        Put(Appointment.Initial, new(ClassroomIds: [Room]), rooms: [Room]).OnlyEvent();
        var there = State(new AppointmentEvent.Requested(
            First, World.Acme, World.Member, HeldRole.Professional, new() { ClassroomIds = [Room] }, World.Admin));
        Put(there, new(Status: "inactive"), isChange: true).OnlyEvent();
    }

    [Theory]
    [InlineData(HeldRole.Professional, "not-a-supplier")]
    [InlineData(HeldRole.SupplierAdmin, "not-a-supplier")]
    [InlineData(HeldRole.Mentor, null)]
    [InlineData(HeldRole.CustomerAdmin, null)]
    public void needs_an_organization_of_its_kind(string role, string? code) =>
        (World.Organization().WhyNotHave(role)?.Code).ShouldBe(code);

    [Fact]
    public void is_for_founders_and_people_also_for_their_administrator()
    {
        WhyNot(HeldRole.Mentor, World.Founder).ShouldBeNull();
        WhyNot(HeldRole.CustomerAdmin, World.Founder).ShouldBeNull();
        WhyNot(HeldRole.Mentor, World.Member)!.Code.ShouldBe("not-permitted");
        WhyNot(HeldRole.Mentor, World.Stranger)!.Code.ShouldBe("organization-not-found");
        WhyNot(HeldRole.Mentor, World.Stranger, administers: true).ShouldBeNull();
        WhyNot(HeldRole.CustomerAdmin, World.Stranger, administers: true)!.Code.ShouldBe("not-permitted");
    }

    [Fact]
    public void settles_by_the_first_answer_to_the_last_request()
    {
        SettleAppointment.Decide(State(Asked), new(First, Refusal: null)).OnlyEvent().ShouldBe(new AppointmentEvent.Granted(First));
        var no = new RefusedByIdentity(RefusalKind.Conflict, "role-conflict", "no");
        var refused = SettleAppointment.Decide(State(Asked), new(First, no)).OnlyEvent();
        State(Asked, refused).Refusal.ShouldBe(no);

        SettleAppointment.Decide(Granted(), new(First, no)).ShouldBeNothing();
        SettleAppointment.Decide(State(Asked), new(Second, Refusal: null)).ShouldBeNothing();
        SettleAppointment.Decide(Ended(), new(First, Refusal: null)).ShouldBeNothing();
        SettleAppointment.Decide(Appointment.Initial, new(First, Refusal: null)).ShouldBeNothing();
    }

    [Fact]
    public void ends_once_also_before_the_answer()
    {
        var ended = new AppointmentEvent.Ended(First, World.Acme, World.Member, HeldRole.Professional, World.Founder);
        EndAppointment.Decide(State(Asked), whyNot: null, new(World.Founder)).OnlyEvent().ShouldBe(ended);
        EndAppointment.Decide(Granted(), whyNot: null, new(World.Founder)).OnlyEvent().ShouldBe(ended);
        EndAppointment.Decide(Ended(), whyNot: null, new(World.Founder)).ShouldBeNothing();
        EndAppointment.Decide(Granted(), new OrganizationNotFound(), new(World.Stranger)).ShouldBeRefused("organization-not-found");
    }

    [Fact]
    public void has_one_stream_for_a_person_in_a_role_at_a_place()
    {
        var streams = from role in new[] { HeldRole.Professional, HeldRole.Mentor, HeldRole.ServiceAdmin }
                      from holder in new[] { World.Acme, World.Crm }
                      from user in new[] { World.Member, World.Founder }
                      select Appointment.StreamOf(role, holder, user);
        streams.Distinct().Count().ShouldBe(12);
        Appointment.StreamOf(HeldRole.Mentor, World.Acme, World.Member).ShouldBe(Appointment.StreamOf(HeldRole.Mentor, World.Acme, World.Member));
        Appointment.StreamOf(HeldRole.Mentor, World.Acme, World.Member).TenantId.ShouldBe(World.Acme.ToString());
    }

    private static Appointment State(params AppointmentEvent[] happened) => World.State<Appointment, AppointmentEvent>(happened);

    private static Appointment Granted() => State(Asked, new AppointmentEvent.Granted(First));

    private static Appointment Ended() => State(Asked, new AppointmentEvent.Ended(First, World.Acme, World.Member, HeldRole.Professional, World.Admin));

    private static Decision<AppointmentEvent> Put(Appointment appointment, GivenDetails details, bool isChange = false, ImmutableHashSet<Guid>? rooms = null) =>
        Appoint.Decide(appointment, new(WhyNot: null, rooms ?? []), new(Second, World.Acme, World.Member, HeldRole.Professional, details, isChange, World.Admin));

    private static Refusal? WhyNot(string role, Guid by, bool administers = false)
    {
        var caller = administers
            ? State(new AppointmentEvent.Requested(First, World.Acme, by, HeldRole.CustomerAdmin, new(), World.Admin), new AppointmentEvent.Granted(First))
            : Appointment.Initial;
        return World.Organization().WhyNotAppoint(role, by, isSystemAdmin: false, caller);
    }
}

[Trait("Feature", "ROL-06")]
public class reading_what_is_kept_of_a_professional
{
    [Fact]
    public void puts_it_in_one_form()
    {
        var errors = new FieldErrors();
        var read = new GivenDetails("active", ["SV", "pt-br", "zh-hant-TW", "sv", "es-419", "smj"], null, [" Law ", "law", "Economy"])
            .Read(HeldRole.Professional, errors);
        errors.Refusal.ShouldBeNull();
        read.Languages.ShouldBe(["es-419", "pt-BR", "smj", "sv", "zh-Hant-TW"]);
        read.Competences.ShouldBe(["Economy", "Law"]);
        read.ClassroomIds.ShouldBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData("xx")]
    [InlineData("swedish")]
    [InlineData("sv-")]
    [InlineData("sv-Sweden")]
    [InlineData("sv_SE")]
    [InlineData("sv-SE-x")]
    public void refuses_what_is_no_language(string tag) => Wrong(new(Languages: [tag]), HeldRole.Professional).ShouldBe(["languages"]);

    [Fact]
    public void names_each_field_that_is_wrong()
    {
        Wrong(new("gone", null, null, ["x"]), HeldRole.Professional).ShouldBe(["status", "competences"]);
        Wrong(new("active", ["sv"], [World.Acme], ["law"]), HeldRole.Mentor).ShouldBe(["languages", "classroomIds", "competences"]);
    }

    private static IEnumerable<string> Wrong(GivenDetails given, string role)
    {
        var errors = new FieldErrors();
        given.Read(role, errors);
        return errors.Refusal?.Errors.Keys ?? [];
    }
}

[Trait("Feature", "SUB-01")]
public class keeping_classrooms
{
    private static readonly Guid Room = World.Id(72);
    private static readonly Organization Supplier = World.Organization(
        new OrganizationEvent.Changed(World.Acme, "Acme", ["supplier"]), new OrganizationEvent.ClassroomAdded(World.Acme, Room, "Blue"));

    private static readonly Organization Closed = Supplier.Apply(new OrganizationEvent.ClassroomClosed(World.Acme, Room));

    [Fact]
    public void adds_each_name_once_among_the_open_ones()
    {
        AddClassroom.Decide(Supplier, whyNot: null, new(World.Id(73), "Red")).OnlyEvent();
        AddClassroom.Decide(Supplier, whyNot: null, new(World.Id(73), "BLUE")).ShouldBeRefused("classroom-name-taken");
        AddClassroom.Decide(Closed, whyNot: null, new(World.Id(73), "Blue")).OnlyEvent();
        AddClassroom.Decide(World.Organization(), whyNot: null, new(World.Id(73), "Red")).ShouldBeRefused("not-a-supplier");
        AddClassroom.Decide(Supplier, new OrganizationNotFound(), new(World.Id(73), "Red")).ShouldBeRefused("organization-not-found");
    }

    [Fact]
    public void renames_and_closes_once()
    {
        ChangeClassroom.Decide(Supplier, whyNot: null, new(Room, "blue")).OnlyEvent().ShouldBeOfType<OrganizationEvent.ClassroomRenamed>();
        ChangeClassroom.Decide(Supplier, whyNot: null, new(Room, "Blue")).ShouldBeNothing();
        ChangeClassroom.Decide(Supplier, whyNot: null, new(Room, Name: null)).OnlyEvent().ShouldBeOfType<OrganizationEvent.ClassroomClosed>();
        ChangeClassroom.Decide(Closed, whyNot: null, new(Room, Name: null)).ShouldBeNothing();
        ChangeClassroom.Decide(Closed, whyNot: null, new(Room, "Green")).ShouldBeRefused("classroom-not-found");
        ChangeClassroom.Decide(Supplier, whyNot: null, new(World.Id(99), "Green")).ShouldBeRefused("classroom-not-found");
        Closed.OpenClassrooms.ShouldBeEmpty();
    }
}
