-- The clients of a firm in accounts' database: as many as `dev/bench/book.py` says, as if they had been opened,
-- looked after and billed. Account n belongs to person 1 + (n - 1) mod people; the last ones to the predecessor,
-- who comes after them all, before the successor.

CREATE FUNCTION pg_temp.id(prefix text, n bigint) RETURNS text IMMUTABLE LANGUAGE sql
AS $$ SELECT prefix || '_' || lpad(n::text, 26, '0') $$;

CREATE TEMP TABLE person AS
SELECT n, pg_temp.id('stf', n) AS staff_id,
       CASE WHEN n > 1 THEN pg_temp.id('stf', (n + %(below)s - 2) / %(below)s) END AS reports_to_id
FROM generate_series(1, %(people)s + 2) AS n;

CREATE TEMP TABLE client AS
SELECT n, pg_temp.id('acc', n) AS account_id,
       pg_temp.id('stf', CASE WHEN n > %(people)s * %(each)s THEN %(people)s + 1
                              ELSE 1 + (n - 1) %% %(people)s END) AS owner_id,
       n <= %(people)s * %(each)s AND (n - 1) %% %(people)s >= %(people)s - %(listed)s
           OR n %% 11 = 0 AS is_listed,
       (ARRAY['nord', 'al', 'see', 'kupfer', 'linden', 'falken', 'stein', 'morgen', 'brunn', 'weid', 'ober',
              'hohen', 'silber', 'rosen', 'wald', 'erlen', 'adler', 'birken', 'eichen', 'gold'])[1 + n %% 20]
           || (ARRAY['licht', 'ba', 'wind', 'berg', 'hof', 'au', 'bach', 'rot', 'thal', 'mann', 'feld', 'burg',
                     'stadt', 'furt', 'horst'])[1 + n / 20 %% 15]
           || (ARRAY['', 'er', 'heim', 'tal', 'werk', 'mar', 'nova', 'dorf'])[1 + n / 300 %% 8] AS place,
       (ARRAY['logistik', 'technik', 'bau', 'handel', 'druck', 'pharma', 'textil', 'metall', 'optik',
              'foods'])[1 + n / 7 %% 10] AS trade,
       translate(substr(md5(n::text), 1, 7), '0123456789', 'ghijklmnop') AS word
FROM generate_series(1, %(clients)s) AS n;

INSERT INTO staff (staff_id, name, email, role, reports_to_id, version)
SELECT staff_id, 'Person ' || n, n || '@people.example',
       CASE WHEN n = 1 THEN 'vice_president' WHEN n <= %(people)s / %(below)s THEN 'lead'
            ELSE 'account_manager' END, reports_to_id, 1
FROM person;
INSERT INTO staff_tree (staff_id, reports_to_id, is_active, version)
SELECT staff_id, reports_to_id, true, 1 FROM person;

INSERT INTO account (
    account_id, number, name, country, status, status_since_on, currency, language, time_zone, net_days,
    email, preferred_channel, tier, owner_id, owner_since_on, opened_on, name_key, search_words, version)
SELECT account_id, 'B-' || n, initcap(place || ' ' || trade || ' ' || word) || ' GmbH', 'DE', 'active',
       current_date - 300, 'EUR', 'de', 'Europe/Berlin', 14, 'office@' || word || '.example', 'phone',
       (ARRAY['key', 'standard', 'small'])[1 + n %% 3], owner_id, current_date - 300, current_date - 300,
       place || ' ' || trade || ' ' || word,
       ARRAY['b', n::text, 'b-' || n, place, trade, word, 'gmbh', 'office@' || word || '.example',
             word || '.example'], 3
FROM client;
INSERT INTO account_sight (account_id, given_by, staff_id, version)
SELECT account_id, 'owner', owner_id, 3 FROM client;
INSERT INTO account_state (account_id, action, status, moved_by, moved_at)
SELECT account_id, action, status, 'bench', now() - interval '300 days'
FROM client CROSS JOIN (VALUES (1, NULL, 'prospect'), (2, 'begin_onboarding', 'onboarding'),
                               (3, 'activate', 'active')) AS move (step, action, status)
ORDER BY n, step;
INSERT INTO ownership_period (account_id, staff_id, since_on, changed_by, changed_at)
SELECT account_id, owner_id, current_date - 300, 'bench', now() - interval '300 days' FROM client;

-- The first of two people has a number of their own and a mobile; the second one that three accounts share.
INSERT INTO contact (contact_id, account_id, name, email, phone, phones, roles, valid_from, version)
SELECT pg_temp.id('con', 2 * n + second), account_id, 'Contact ' || second || ' of ' || n,
       'c' || second || '@' || word || '.example', number,
       jsonb_build_array(jsonb_build_object('kind', 'office', 'number', number))
           || CASE second WHEN 0 THEN jsonb_build_array(jsonb_build_object(
                  'kind', 'mobile', 'number', '+4915' || 110000000 + n)) ELSE '[]' END,
       ARRAY[CASE second WHEN 0 THEN 'payer' ELSE 'decision_maker' END], current_date - 300, 1
FROM client CROSS JOIN (VALUES (0), (1)) AS one (second),
     LATERAL (SELECT CASE second WHEN 0 THEN '+4930' || 1000000 + n ELSE '+4940' || 1000000 + n / 3 END)
         AS own (number)
ORDER BY n;

INSERT INTO account_balance (account_id, currency, version, open, unapplied, balance)
SELECT account_id, 'EUR', 1, 3000 * (1 + n %% 7), 500, 3000 * (1 + n %% 7) - 500 FROM client;
INSERT INTO account_item (item_id, account_id, version, invoice_id, invoice_number, due_date, currency, amount,
                          balance, disputed, status)
SELECT pg_temp.id('itm', 3 * n + item), account_id, 1, pg_temp.id('inv', 3 * n + item),
       'R-' || 3 * n + item, current_date + 20 - (item * 30 + n %% 30)::int, 'EUR', 2000 * (1 + n %% 7),
       1000 * (1 + n %% 7), 0, 'open'
FROM client CROSS JOIN generate_series(0, 2) AS item;
INSERT INTO account_order (order_id, account_id, version, number, currency, total_gross, is_ended)
SELECT pg_temp.id('ord', 2 * n + ended), account_id, 1, 'O-' || 2 * n + ended, 'EUR', 11900, ended = 1
FROM client CROSS JOIN (VALUES (0), (1)) AS one (ended);

INSERT INTO "case" (case_id, account_id, number, kind, priority, tier, status, owner_id, subject, staff_ids,
                    products, received_at, moved_at, closed_at, times_reopened, version)
SELECT pg_temp.id('cas', 2 * n + closed), account_id, 'C-' || 2 * n + closed, 'complaint', 'normal',
       'standard', CASE closed WHEN 0 THEN 'received' ELSE 'closed' END, owner_id,
       'Two boxes of the delivery are damaged', '{}', '{}', at, at, CASE closed WHEN 1 THEN at END, 0, 1
FROM client CROSS JOIN (VALUES (0), (1)) AS one (closed),
     LATERAL (SELECT now() - make_interval(mins => (1 + n %% 500 + 200000 * closed)::int)) AS past (at)
WHERE n %% 5 = 0;
INSERT INTO case_state (case_id, account_id, status, moved_by, moved_at, recorded_at)
SELECT case_id, account_id, status, 'bench', received_at, received_at FROM "case";
INSERT INTO case_clock (account_id, case_id, clock, target_minutes, begun_at, ended_at, due_at, is_missed)
SELECT account_id, case_id, clock, minutes, received_at, closed_at,
       received_at + make_interval(mins => minutes), false
FROM "case" CROSS JOIN (VALUES ('first_response', 4800), ('update', 9600), ('solution', 24000))
    AS kept (clock, minutes);

INSERT INTO activity (activity_id, account_id, kind, direction, status, subject, owner_id, contact_ids, at,
                      minutes, planned_at, outcome, note, promise, closed_by, closed_at, version)
SELECT pg_temp.id('act', 4 * n + k), account_id, 'call', 'out',
       CASE k WHEN 0 THEN 'planned' ELSE 'held' END, 'The order of the month', owner_id,
       ARRAY[pg_temp.id('con', 2 * n)], at, 30, CASE k WHEN 0 THEN at END,
       CASE WHEN k > 0 THEN 'reached' END, CASE WHEN k > 0 THEN 'They are content with the last delivery.' END,
       CASE k WHEN 1 THEN 'A new price list by Friday.' END, CASE WHEN k > 0 THEN owner_id END,
       CASE WHEN k > 0 THEN at END, 1
FROM client CROSS JOIN generate_series(0, 2) AS k,
     LATERAL (SELECT now() + make_interval(days => (3 + n %% 9 - 20 * k)::int)) AS moment (at);
INSERT INTO call (call_id, account_id, contact_id, phone, rung_at, answered_at, staff_id, minutes, recorded_by,
                  recorded_at, version)
SELECT pg_temp.id('call', n), account_id, pg_temp.id('con', 2 * n), '+4930' || 1000000 + n, at, at, owner_id, 5,
       'bench', at, 1
FROM client, LATERAL (SELECT now() - make_interval(mins => (100 + n %% 9000)::int)) AS past (at);

-- Of listed accounts, a second reason for every third.
INSERT INTO worklist_reason (account_id, kind, about, version, is_standing, since_on, currency, amount,
                             oldest_due_date, sentence, roles)
SELECT account_id, kind, about, 1, true, current_date - (n %% 90)::int, 'EUR', amount * (1 + n %% 7),
       current_date - (n %% 90)::int, amount * (1 + n %% 7) || ' cents: ' || kind, ARRAY['payer']
FROM client CROSS JOIN (VALUES (1, 'overdue', 'EUR', 3000), (3, 'quote_expiring', 'Q-1', 99000))
    AS reason (of, kind, about, amount)
WHERE is_listed AND n %% of = 0;
INSERT INTO worklist_item (worklist_item_id, account_id, status, opened_on, version)
SELECT pg_temp.id('wli', n), account_id, 'open', current_date - (n %% 90)::int, 1 FROM client WHERE is_listed;
INSERT INTO worklist_item (worklist_item_id, account_id, status, opened_on, outcome, closed_by, closed_at, version)
SELECT pg_temp.id('wli', 1000000000 + n), account_id, 'done', current_date - 120, 'reached', owner_id,
       now() - interval '110 days', 2
FROM client WHERE n %% 4 = 0;
INSERT INTO worklist_outcome (worklist_outcome_id, worklist_item_id, account_id, kind, about, sentence, outcome,
                              note, done_by, done_at)
SELECT pg_temp.id('wlo', n), pg_temp.id('wli', 1000000000 + n), account_id, 'overdue', 'EUR', '30.00 EUR is overdue.',
       'reached', 'They had it sent already.', owner_id, now() - interval '110 days'
FROM client WHERE n %% 4 = 0;

-- Of each account in turn by the four services, numbered by each; the lead's first account has the long story.
CREATE TEMP TABLE told AS
SELECT account_id, owner_id, n, k, (ARRAY['accounts', 'billing', 'collections', 'sales'])[1 + k %% 4] AS source,
       k / 4 + 1 AS sequence
FROM client, LATERAL generate_series(
    0, CASE n WHEN %(lead)s THEN %(long)s
              ELSE (%(entries)s - %(long)s + %(clients)s - n) / (%(clients)s - 1) END - 1) AS k
ORDER BY k, n;
INSERT INTO timeline_entry (event_id, account_id, source, sequence, name, occurred_at, summary, person, data,
                            recorded_at)
SELECT pg_temp.id('evt', 1000000::bigint * n + k), account_id, source, sequence, 'payment_received',
       now() - make_interval(mins => 10 * (20000 - k)::int), 'Paid 119.00 EUR by transfer.', owner_id,
       jsonb_build_object(
           'account_id', account_id, 'payment_id', pg_temp.id('pay', 1000000::bigint * n + k), 'amount', 11900,
           'currency', 'EUR', 'method', 'transfer', 'value_date', current_date, 'recorded_by', owner_id,
           'reference', 'R-' || n || '-' || k, 'unapplied', 0, 'allocations', jsonb_build_array(
               jsonb_build_object('item_id', pg_temp.id('itm', k), 'amount', 11900))), now()
FROM told;
INSERT INTO timeline_reach (account_id, source, complete_to)
SELECT account_id, source, max(sequence) FROM told WHERE n = %(lead)s GROUP BY account_id, source;
INSERT INTO subject_sequence (subject, last)
SELECT account_id, max(sequence) FROM told WHERE source = 'accounts' GROUP BY account_id;

DROP TABLE told, client, person;
