/*
 * How Invitations and Subscriptions agree on a seat, each with a database of its own and a bus between them: what their READMEs
 * say in words. Two instances of Subscriptions take messages, read, decide, and commit if nothing they read has moved; each may be
 * killed between the two. Messages are never lost, come in any order, and each comes several times.
 *
 * Checked: no more seats than LIMIT are taken; a seat is occupied once, by its own invitation; and when all that was sent has come,
 * every invitation has ended and holds a seat exactly if it was accepted.
 *
 * Broken on purpose, and found: NO_TOMBSTONE (a withdrawal that overtakes its request is forgotten), NO_VERSION (commits do not look
 * whether somebody was faster), NO_RELEASE (a withdrawal keeps its seat).
 */
#ifndef N
#define N 2
#endif
#ifndef LIMIT
#define LIMIT 1
#endif
/* How often a message comes: to Subscriptions, and back. */
#ifndef COPIES
#define COPIES 2
#endif
#ifndef BACK
#define BACK 1
#endif

/* The messages, to Subscriptions and back. */
#define REQUESTED 0
#define WITHDRAWN 1
#define PROVISIONED 2
#define ADMITTED 3
#define WAITLISTED 4
#define REFUSED 5
#define SETTLED 6
#define CONFIRMED 7

/* An invitation in Invitations. */
#define NEW 0
#define ASKED 1
#define WAITING 2
#define PENDING 3
#define REGISTERING 4
#define ACCEPTED 5
#define REJECTED 6
#define REVOKED 7
#define OVER 8

/* Its admission in Subscriptions. */
#define UNKNOWN 0
#define GRANTED 1
#define INLINE 2
#define NO 3
#define TOMBSTONE 4
#define OCCUPIED 5

byte copies[8 * N];    /* of each message of each invitation: how many are still on their way */
byte invitation[N];
byte admission[N];
byte reserved, occupied, line[N], length;
bool moved[2];       /* whether what an instance has read is not so any more */
bool ended;

#define take(what, whose) copies[(what) * N + (whose)] > 0 -> kind = what; who = whose
#define send(kind, who) copies[(kind) * N + (who)] = ((kind) <= PROVISIONED -> COPIES : BACK)

inline leaveLine(gone) {
  d_step {
    k = 0;
    do
    :: k < length && line[k] != gone -> k++
    :: else -> break
    od;
    do
    :: k + 1 < length -> line[k] = line[k + 1]; k++
    :: else -> break
    od;
    length--;
    line[length] = 0; k = 0
  }
}

/* The first who waits gets what came free, in the same commit. */
inline fill() {
  if
  :: !ended && length > 0 && reserved + occupied < LIMIT ->
     first = line[0];
     leaveLine(first);
     reserved++;
     admission[first] = GRANTED;
     send(ADMITTED, first); first = 0
  :: else
  fi
}

inline commit() {
  if
  :: does == GRANTED -> reserved++; send(ADMITTED, who)
  :: does == INLINE -> line[length] = who; length++; send(WAITLISTED, who)
  :: does == NO -> send(REFUSED, who)
  :: does == TOMBSTONE ->
     if
     :: admission[who] == GRANTED ->
#ifndef NO_RELEASE
        reserved--; fill()
#endif
     :: admission[who] == INLINE -> leaveLine(who)
     :: else
     fi;
     send(SETTLED, who)
  :: does == OCCUPIED ->
     assert(admission[who] == GRANTED);
     reserved--; occupied++; send(CONFIRMED, who)
  :: else
  fi;
  if
#ifdef NO_TOMBSTONE
  :: does == TOMBSTONE && admission[who] == UNKNOWN -> skip
#endif
  :: else -> if :: does != UNKNOWN -> admission[who] = does; moved[1 - (_pid & 1)] = true :: else fi
  fi;
  copies[kind * N + who]--;
  assert(reserved + occupied <= LIMIT)
}

active [2] proctype Subscriptions() {
  byte who, kind, does, k, first;
end:
  do
  :: atomic {
       if
       :: take(REQUESTED, 0) :: take(WITHDRAWN, 0) :: take(PROVISIONED, 0)
       :: take(REQUESTED, 1) :: take(WITHDRAWN, 1) :: take(PROVISIONED, 1)
#if N > 2
       :: take(REQUESTED, 2) :: take(WITHDRAWN, 2) :: take(PROVISIONED, 2)
#endif
       fi;
       moved[_pid & 1] = false; does = UNKNOWN;
       if
       :: kind == REQUESTED && admission[who] == UNKNOWN ->
          if
          :: ended -> does = NO
          :: !ended && length == 0 && reserved + occupied < LIMIT -> does = GRANTED
          :: !ended && (length > 0 || reserved + occupied >= LIMIT) -> does = INLINE
          fi
       :: kind == WITHDRAWN && admission[who] != TOMBSTONE && admission[who] != OCCUPIED -> does = TOMBSTONE
       :: kind == PROVISIONED && admission[who] == GRANTED -> does = OCCUPIED
       :: else
       fi
     };
     atomic {
       if
#ifndef NO_VERSION
       :: !moved[_pid & 1] && copies[kind * N + who] > 0 -> commit()
#else
       :: copies[kind * N + who] > 0 -> commit()
#endif
       :: true -> skip /* Killed, or slower than the other: the message comes again. */
       fi;
       who = 0; kind = 0; does = 0; moved[_pid & 1] = false
     }
  od
}

/* The last day is over: who waits will have no seat. */
active proctype Period() {
  byte k, first;
  atomic {
    ended = true; moved[0] = true; moved[1] = true;
    do
    :: length > 0 ->
       first = line[0];
       leaveLine(first);
       admission[first] = NO;
       send(REFUSED, first); first = 0
    :: else -> break
    od
  }
}

proctype Invitation(byte who) {
  atomic { invitation[who] = ASKED; send(REQUESTED, who) };
end:
  do
  /* Revoked by somebody, or expired: a pending invitation does not stay so for ever. */
  :: atomic { invitation[who] == ASKED || invitation[who] == WAITING || invitation[who] == PENDING -> invitation[who] = REVOKED; send(WITHDRAWN, who) }
  :: atomic { invitation[who] == PENDING -> invitation[who] = REGISTERING; send(PROVISIONED, who) }
  :: atomic { copies[ADMITTED * N + who] > 0 -> copies[ADMITTED * N + who]--;
       if :: invitation[who] == ASKED || invitation[who] == WAITING -> invitation[who] = PENDING :: else fi }
  :: atomic { copies[WAITLISTED * N + who] > 0 -> copies[WAITLISTED * N + who]--;
       if :: invitation[who] == ASKED -> invitation[who] = WAITING :: else fi }
  :: atomic { copies[REFUSED * N + who] > 0 -> copies[REFUSED * N + who]--;
       if :: invitation[who] == ASKED || invitation[who] == WAITING -> invitation[who] = REJECTED :: else fi }
  :: atomic { copies[SETTLED * N + who] > 0 -> copies[SETTLED * N + who]--;
       if :: invitation[who] == REVOKED -> invitation[who] = OVER :: else fi }
  :: atomic { copies[CONFIRMED * N + who] > 0 -> copies[CONFIRMED * N + who]--;
       if :: invitation[who] == REGISTERING -> invitation[who] = ACCEPTED :: else fi }
  od
}

init {
  byte k, held;
  atomic { do :: k < N -> run Invitation(k); k++ :: else -> break od; k = 0 };
  timeout; /* Nothing is on its way any more. */
  do
  :: k < N ->
     assert(invitation[k] == ACCEPTED || invitation[k] == REJECTED || invitation[k] == OVER);
     assert((invitation[k] == ACCEPTED) == (admission[k] == OCCUPIED));
     if :: admission[k] == OCCUPIED -> held++ :: else fi;
     k++
  :: else -> break
  od;
  assert(reserved == 0 && length == 0 && occupied == held)
}
