-- What Identity told of people: to name them in lists and logs. Late by moments; nothing that must not go wrong is decided by it.
create table if not exists people (
    user_id     uuid not null constraint people_pkey primary key,
    email       text not null,
    first_name  text not null,
    last_name   text not null,
    system_role text not null,
    told_by     uuid not null
);
