-- What the clients of a firm owe and have paid, in billing's database: as many items as `dev/bench/owed.py` says,
-- in the order of their issue, as if they had been billed over 400 days and paid 25 days after. A hundred items
-- are of one invoice, and what pays them is of one payment: so much less is written, and ageing reads neither.

CREATE FUNCTION pg_temp.id(prefix text, n bigint) RETURNS text IMMUTABLE LANGUAGE sql
AS $$ SELECT prefix || '_' || lpad(n::text, 26, '0') $$;

CREATE FUNCTION pg_temp.client(n bigint) RETURNS text IMMUTABLE LANGUAGE sql
AS $$ SELECT pg_temp.id('acc', 1000000000 + n %% %(accounts)s) $$;  -- others than those of book.sql

CREATE FUNCTION pg_temp.day(n bigint) RETURNS int IMMUTABLE LANGUAGE sql
AS $$ SELECT (n * 400 / (%(open)s + %(paid)s))::int - 400 $$;

INSERT INTO account (account_id, version, number, status, net_days)
SELECT pg_temp.client(n), 1, 'C-' || n, 'active', 30 FROM generate_series(1, %(accounts)s) AS n;

INSERT INTO invoice (invoice_id, account_id, version, series, number, currency, issued_on, net, tax, total,
                     balance, credited, created_by, created_at)
SELECT pg_temp.id('inv', n), pg_temp.client(n * 7919), 1, 'external', 'C-' || n, 'EUR',
       current_date + pg_temp.day(100 * n), 1000000, 0, 1000000, 0, 0, 'bench', now()
FROM generate_series(0, (%(open)s + %(paid)s) / 100) AS n;

INSERT INTO payment (payment_id, account_id, version, currency, amount, unapplied, refunded, value_date, free_from, method,
                     recorded_by, recorded_at)
SELECT pg_temp.id('pay', n), pg_temp.client(n * 7919), 1, 'EUR', 1000000, 0, 0,
       paid_on, paid_on, 'transfer', 'bench', now()
FROM generate_series(0, %(paid)s / 100) AS n
CROSS JOIN LATERAL (SELECT current_date + least(0, pg_temp.day(100 * n) + 25) AS paid_on) AS one;

INSERT INTO item (item_id, invoice_id, account_id, version, invoice_number, position, currency, issued_on,
                  due_date, amount, balance, is_void, open_from, changed_on, recorded_at, changed_at)
SELECT pg_temp.id('itm', n), pg_temp.id('inv', n / 100), pg_temp.client(n / 100 * 7919), 1,
       'C-' || n / 100, 1 + n %% 100, 'EUR', issued_on, issued_on + 30, 10000, balance, false, issued_on,
       changed_on, issued_on, changed_on
FROM generate_series(1, %(open)s + %(paid)s) AS n
CROSS JOIN LATERAL (SELECT current_date + pg_temp.day(n) AS issued_on, n > %(paid)s AS is_open) AS one
CROSS JOIN LATERAL (
    SELECT CASE WHEN is_open THEN 10000 ELSE 0 END AS balance,
           CASE WHEN is_open THEN issued_on ELSE least(current_date, issued_on + 25) END AS changed_on
) AS stand;

INSERT INTO allocation (allocation_id, account_id, payment_id, item_id, amount, currency, effective_on, source,
                        recorded_by, recorded_at)
SELECT pg_temp.id('alc', n), account_id, pg_temp.id('pay', n / 100), item_id, amount, currency, changed_on,
       'oldest_due', 'bench', changed_at
FROM item CROSS JOIN LATERAL (SELECT right(item_id, 26)::bigint AS n) AS of_item
WHERE balance = 0 AND invoice_number LIKE 'C-%%' ORDER BY item_id;
