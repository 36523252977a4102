/*
 * How Invitations and Subscriptions agree on a seat, each with a database of its own and a bus between them: what their READMEs
 * say in words. Two instances of Subscriptions take messages, read, decide, and commit if nothing they read has moved; each may be
 * killed between the two. Messages are never lost, come in any order, and each comes several times.
 *
 * Checked: no more seats than LIMIT are taken; a seat is occupied once, by its own invitation; and when all that was sent has come,
 * every invitation has ended and holds a seat exactly if it was accepted.
 *
 * With ROUNDS, an invitation that has expired and whose withdrawal is settled may be asked for again. Questions name their round, answers
 * don't: an answer that is under way when its round ends comes into the next one.
 *
 * Broken on purpose, and found: NO_TOMBSTONE (a withdrawal that overtakes its request is forgotten), NO_VERSION (commits do not look
 * whether somebody was faster), NO_RELEASE (a withdrawal keeps its seat), NO_ROUNDS (a withdrawal ends whatever round there is, or none).
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
/* How often an invitation may be asked for. */
#ifndef ROUNDS
#define ROUNDS 1
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
#define EXPIRED 9
#define LAPSED 10 /* expired, and nothing is held any more */

/* Its admission in Subscriptions. */
#define UNKNOWN 0
#define GRANTED 1
#define INLINE 2
#define NO 3
#define TOMBSTONE 4
#define OCCUPIED 5

byte copies[8 * N * ROUNDS]; /* of each message of each invitation and, if it names one, round: how many are still on their way */
byte invitation[N];
byte admission[N];
byte asks[N], knows[N]; /* the round, there and here */
byte reserved, occupied, line[N], length;
bool moved[2];       /* whether what an instance has read is not so any more */
bool ended;

#define of(what, whose, when) copies[((when) * 8 + (what)) * N + (whose)]
#define take(what, whose, when) of(what, whose, when) > 0 -> kind = what; who = whose; round = when
#define send(what, whose, when) of(what, whose, when) = of(what, whose, when) + ((what) <= PROVISIONED -> COPIES : BACK)
#define answer(what, whose) send(what, whose, 0)
/* Only what has ended is asked for again. */
#define anew (round > knows[who] && (admission[who] == TOMBSTONE || admission[who] == NO))

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
     answer(ADMITTED, first); first = 0
  :: else
  fi
}

inline commit() {
  if
  :: does == GRANTED -> reserved++; answer(ADMITTED, who)
  :: does == INLINE -> line[length] = who; length++; answer(WAITLISTED, who)
  :: does == NO -> answer(REFUSED, who)
  :: does == TOMBSTONE ->
     if
     :: admission[who] == GRANTED ->
#ifndef NO_RELEASE
        reserved--; fill()
#endif
     :: admission[who] == INLINE -> leaveLine(who)
     :: else
     fi;
     answer(SETTLED, who)
  :: does == OCCUPIED ->
     assert(admission[who] == GRANTED);
     reserved--; occupied++; answer(CONFIRMED, who)
  :: else
  fi;
  if
#ifdef NO_TOMBSTONE
  :: does == TOMBSTONE && admission[who] == UNKNOWN -> skip
#endif
  :: else ->
     if
     :: does != UNKNOWN ->
        admission[who] = does; moved[1 - (_pid & 1)] = true;
        if :: round > knows[who] -> knows[who] = round :: else fi
     :: else
     fi
  fi;
  of(kind, who, round)--;
  assert(reserved + occupied <= LIMIT)
}

active [2] proctype Subscriptions() {
  byte who, kind, round, does, k, first;
end:
  do
  :: atomic {
       if
       :: take(REQUESTED, 0, 0) :: take(WITHDRAWN, 0, 0) :: take(PROVISIONED, 0, 0)
#if N > 1
       :: take(REQUESTED, 1, 0) :: take(WITHDRAWN, 1, 0) :: take(PROVISIONED, 1, 0)
#endif
#if N > 2
       :: take(REQUESTED, 2, 0) :: take(WITHDRAWN, 2, 0) :: take(PROVISIONED, 2, 0)
#endif
#if ROUNDS > 1
       :: take(REQUESTED, 0, 1) :: take(WITHDRAWN, 0, 1)
#if N > 1
       :: take(REQUESTED, 1, 1) :: take(WITHDRAWN, 1, 1)
#endif
#endif
#if ROUNDS > 2
       :: take(REQUESTED, 0, 2) :: take(WITHDRAWN, 0, 2)
#if N > 1
       :: take(REQUESTED, 1, 2) :: take(WITHDRAWN, 1, 2)
#endif
#endif
       fi;
       moved[_pid & 1] = false; does = UNKNOWN;
       if
       :: kind == REQUESTED && (admission[who] == UNKNOWN || anew) ->
          if
          :: ended -> does = NO
          :: !ended && length == 0 && reserved + occupied < LIMIT -> does = GRANTED
          :: !ended && (length > 0 || reserved + occupied >= LIMIT) -> does = INLINE
          fi
#ifndef NO_ROUNDS
       :: kind == WITHDRAWN && round >= knows[who] && (anew || admission[who] != TOMBSTONE && admission[who] != OCCUPIED) -> does = TOMBSTONE
#else
       :: kind == WITHDRAWN && admission[who] != TOMBSTONE && admission[who] != OCCUPIED -> does = TOMBSTONE
#endif
       :: kind == PROVISIONED && admission[who] == GRANTED -> does = OCCUPIED
       :: else
       fi
     };
     atomic {
       if
#ifndef NO_VERSION
       :: !moved[_pid & 1] && of(kind, who, round) > 0 -> commit()
#else
       :: of(kind, who, round) > 0 -> commit()
#endif
       :: true -> skip /* Killed, or slower than the other: the message comes again. */
       fi;
       who = 0; kind = 0; round = 0; does = 0; moved[_pid & 1] = false
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
       answer(REFUSED, first); first = 0
    :: else -> break
    od
  }
}

proctype Invitation(byte who) {
  atomic { invitation[who] = ASKED; send(REQUESTED, who, 0) };
end:
  do
  /* Revoked by somebody: a pending invitation does not stay so for ever. */
  :: atomic { invitation[who] == ASKED || invitation[who] == WAITING || invitation[who] == PENDING -> invitation[who] = REVOKED; send(WITHDRAWN, who, asks[who]) }
  :: atomic { invitation[who] == PENDING -> invitation[who] = REGISTERING; send(PROVISIONED, who, 0) }
#if ROUNDS > 1
  :: atomic { invitation[who] == PENDING -> invitation[who] = EXPIRED; send(WITHDRAWN, who, asks[who]) }
  :: atomic { invitation[who] == LAPSED && asks[who] + 1 < ROUNDS ->
       asks[who]++; invitation[who] = ASKED; send(REQUESTED, who, asks[who]) }
#endif
  :: atomic { of(ADMITTED, who, 0) > 0 -> of(ADMITTED, who, 0)--;
       if :: invitation[who] == ASKED || invitation[who] == WAITING -> invitation[who] = PENDING :: else fi }
  :: atomic { of(WAITLISTED, who, 0) > 0 -> of(WAITLISTED, who, 0)--;
       if :: invitation[who] == ASKED -> invitation[who] = WAITING :: else fi }
  :: atomic { of(REFUSED, who, 0) > 0 -> of(REFUSED, who, 0)--;
       if :: invitation[who] == ASKED || invitation[who] == WAITING -> invitation[who] = (asks[who] > 0 -> LAPSED : REJECTED) :: else fi }
  :: atomic { of(SETTLED, who, 0) > 0 -> of(SETTLED, who, 0)--;
       if :: invitation[who] == REVOKED -> invitation[who] = OVER
       :: invitation[who] == EXPIRED -> invitation[who] = LAPSED :: else fi }
  :: atomic { of(CONFIRMED, who, 0) > 0 -> of(CONFIRMED, who, 0)--;
       if :: invitation[who] == REGISTERING -> invitation[who] = ACCEPTED :: else fi }
  od
}

init {
  byte k, held;
  atomic { do :: k < N -> run Invitation(k); k++ :: else -> break od; k = 0 };
  timeout; /* Nothing is on its way any more. */
  do
  :: k < N ->
     assert(invitation[k] == ACCEPTED || invitation[k] == REJECTED || invitation[k] == OVER || invitation[k] == LAPSED);
     assert((invitation[k] == ACCEPTED) == (admission[k] == OCCUPIED));
     if :: admission[k] == OCCUPIED -> held++ :: else fi;
     k++
  :: else -> break
  od;
  assert(reserved == 0 && length == 0 && occupied == held)
}
