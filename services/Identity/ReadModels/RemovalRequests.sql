-- Requests to be removed, the latest of each person; the reason is in the stream too, encrypted, and goes from here when the request is over.
create table if not exists removal_requests (
    id           uuid        not null constraint removal_requests_pkey primary key,
    user_id      uuid        not null,
    status       varchar     not null, -- pending, processed or withdrawn
    reason       varchar,
    requested_at timestamptz not null,
    ended_at     timestamptz,
    ended_by     uuid
);

create index if not exists removal_requests_status on removal_requests (status, requested_at);
create index if not exists removal_requests_user on removal_requests (user_id);
