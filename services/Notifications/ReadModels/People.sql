-- What Identity told of people: where and in which language they are written to. A notice names its person alone.
create table if not exists people (
    user_id    uuid not null constraint people_pkey primary key,
    email      text not null,
    first_name text not null,
    phone      text,
    language   text not null,
    told_by    uuid not null
);
