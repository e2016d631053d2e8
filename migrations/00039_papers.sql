-- +goose Up

-- What carriers drew as labels, byte for byte, by the hash of it: a label that is fetched twice is kept once, and nobody can
-- change what was printed.
create table carrier_papers (
    hash          bytea primary key check (hash = sha256(body)),
    format        text not null check (format in ('PDF','ZPL','PNG')),
    body          bytea not null
);
insert into carrier_papers (hash, format, body)
select distinct sha256(paper), 'PDF', paper from carrier_labels where paper is not null;

alter table carrier_labels alter column paper type bytea using sha256(paper);
alter table carrier_labels add foreign key (paper) references carrier_papers;
alter table carrier_labels add column dots bytea references carrier_papers; -- for a label printer: ZPL, or the picture of it
